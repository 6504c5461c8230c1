// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Wire

/// A TinyBMS of a few lines for conversations: registers, and an answer to each request.
struct Unit {
  var registers = [UInt16](repeating: 0, count: 600)
  var now: UInt32 = 16_683_981

  init(cells: Int = 14) {
    for index in 0..<cells { registers[16 - cells + index] = 33_000 + UInt16(index) * 10 }
    setDouble(32, now)
    let sum = registers[0..<16].reduce(0) { $0 + Float($1) / 10_000 }
    setFloat(36, sum)
    setFloat(38, -12.5)
    registers[40] = 3300
    registers[41] = 3300 + UInt16(cells) - 1
    registers[42] = UInt16(bitPattern: 215)
    registers[43] = 0x8000
    registers[45] = 49_000
    setDouble(46, 55_123_456)
    registers[48] = 301
    registers[50] = 0x93
    registers[53] = UInt16(cells)
    for (address, word) in [
      (300, 4150), (301, 3000), (306, 6600), (307, cells), (315, 4200), (316, 2900), (317, 60),
      (318, 20), (319, 60), (320, 1), (500, 0x0102), (501, 0x0301), (502, 242), (504, 0xAB01),
    ] { registers[address] = UInt16(word) }
  }

  mutating func setDouble(_ address: Int, _ number: UInt32) {
    registers[address] = UInt16(truncatingIfNeeded: number)
    registers[address + 1] = UInt16(truncatingIfNeeded: number >> 16)
  }

  mutating func setFloat(_ address: Int, _ number: Float) { setDouble(address, number.bitPattern) }

  mutating func setEvents(_ events: [TinyBMS.Event]) {
    for index in 0..<49 {
      setDouble(200 + 2 * index, index < events.count ? events[index].packed : 0)
    }
  }

  func words(_ address: Int, _ count: Int) -> [UInt16] {
    Array(registers[address..<address + count])
  }

  /// The live block as function 03 answers it.
  var live: [UInt8] { TinyBMS.Reply.readModbus(words(0, 54)).encode() }

  mutating func answer(_ bytes: [UInt8]) -> [UInt8] {
    switch TinyBMS.parseRequest(bytes.span) {
    case .command(let command, _): answer(command).encode()
    case .refused(let command, let code, _):
      TinyBMS.Reply.refused(command: command, code: code).encode()
    case .incomplete, .skip: []
    }
  }

  private mutating func answer(_ command: TinyBMS.Command) -> TinyBMS.Reply {
    switch command {
    case .readModbus(let address, let count):
      guard Int(address) + Int(count) <= 600 else { break }
      return .readModbus(words(Int(address), Int(count)))
    case .writeIndividual(let words):
      guard words.allSatisfy({ (300...399).contains($0.address) }) else { break }
      for word in words { registers[Int(word.address)] = word.value }
      return .acknowledged(command: command.code)
    case .writeModbus(let address, let values):
      guard (300...399).contains(address) else { break }
      for (index, value) in values.enumerated() { registers[Int(address) + index] = value }
      return .writtenModbus(address: address, count: UInt8(values.count))
    case .reset: return .acknowledged(command: command.code)
    case .status: return .status(registers[50])
    default: break
    }
    return .refused(command: command.code, code: TinyBMS.commandError)
  }
}

/// Small, seeded, and the same everywhere.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
