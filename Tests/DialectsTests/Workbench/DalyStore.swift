// SPDX-License-Identifier: Apache-2.0

import Wire

/// A Daly board with registers: at 0xD2, or at 0x81 and answering from 0x51.
struct DalyStore: WireUnit {
  var registers: [UInt16: UInt16]
  let address: UInt8
  /// Registers that it acknowledges and does not keep.
  var stubborn: Set<UInt16> = []
  /// Where each order shows in the live registers.
  let shown: [UInt16: UInt16]
  var restarts = 0

  static var d2: DalyStore {
    var all: [UInt16: UInt16] = [:]
    for register in 0..<0x3E as Range<UInt16> { all[register] = 0 }
    for cell in 0..<16 as Range<UInt16> { all[cell] = 3300 }
    all.merge([
      0x20: 60, 0x28: 528, 0x29: 30_000, 0x2A: 500, 0x2B: 3300, 0x2C: 3300, 0x2D: 60, 0x2E: 60,
      0x30: 500, 0x31: 16, 0x32: 1, 0x35: 1, 0x36: 1,
    ]) { $1 }
    for register in 0x80...0xA8 as ClosedRange<UInt16> { all[register] = 0 }
    all.merge([
      0x80: 1000, 0x81: 3200, 0x82: 1, 0x83: 16, 0x8A: 3600, 0x8B: 3550, 0x8C: 3650, 0x8D: 2800,
      0x8E: 2500, 0x8F: 568, 0x90: 584, 0x91: 448, 0x92: 400, 0x93: 29_900, 0x94: 29_900,
      0x95: 29_840, 0x96: 30_160, 0x97: 95, 0x98: 105, 0x99: 45, 0x9A: 40, 0x9B: 95, 0x9C: 105,
      0x9D: 25, 0x9E: 20, 0x9F: 300, 0xA0: 500, 0xA1: 10, 0xA2: 15, 0xA3: 3400, 0xA4: 20, 0xA5: 1,
      0xA6: 1, 0xA8: 130, 0xCF: 1, 0xF0: 0,
    ]) { $1 }
    return DalyStore(
      registers: all, address: 0xD2, shown: [0xA5: 0x35, 0xA6: 0x36, 0xA7: 0x2A])
  }

  static var p81: DalyStore {
    var all: [UInt16: UInt16] = [:]
    for register in 0..<0x80 as Range<UInt16> { all[register] = 0 }
    for cell in 0..<16 as Range<UInt16> { all[cell] = 3300 }
    for register in 0x30..<0x38 as Range<UInt16> { all[register] = 0xFF }
    all.merge([
      0x30: 60, 0x38: 528, 0x39: 30_000, 0x3A: 500, 0x3C: 16, 0x3D: 1, 0x3E: 3300, 0x3F: 1,
      0x40: 3300,
      0x41: 1, 0x43: 60, 0x45: 60, 0x4B: 500, 0x52: 1, 0x53: 1, 0xF6: 0,
    ]) { $1 }
    for register in 0x100..<0x1C2 as Range<UInt16> { all[register] = 0 }
    all.merge([
      0x100: 1, 0x101: 16, 0x109: 1, 0x10A: 0x86A0, 0x114: 3200, 0x115: 360, 0x116: 500,
      0x11A: 3400,
      0x11B: 20, 0x121: 1, 0x122: 1, 0x130: 3550, 0x131: 3650, 0x132: 3500, 0x133: 1000,
      0x134: 2800,
      0x135: 2500, 0x136: 2900, 0x137: 1000, 0x138: 568, 0x139: 584, 0x13C: 448, 0x13D: 400,
      0x140: 29_000, 0x141: 28_900, 0x145: 30_900, 0x146: 31_000, 0x14A: 95, 0x14B: 105, 0x14E: 45,
      0x14F: 40, 0x152: 95, 0x153: 105, 0x156: 25, 0x157: 20,
    ]) { $1 }
    return DalyStore(
      registers: all, address: 0x81, shown: [0x121: 0x52, 0x122: 0x53, 0x116: 0x3A])
  }

  mutating func restart() { restarts += 1 }

  mutating func answer(_ request: [UInt8]) -> [UInt8]? {
    guard request.count == 8, request[0] == address,
      Checksum.crc16Modbus(request.span, count: 6) == request.span.littleUInt16(at: 6)
    else { return nil }
    let first = request.span.bigUInt16(at: 2)
    let second = request.span.bigUInt16(at: 4)
    let from = address == 0xD2 ? address : address - 0x30
    if request[1] == 6 {
      guard registers[first] != nil else { return nil }
      if !stubborn.contains(first) {
        registers[first] = second
        if let live = shown[first] { registers[live] = second }
      }
      if first == 0xF0 { restart() }
      return sealed([from] + request[1..<6])
    }
    var answer: [UInt8] = [from, 3, UInt8(2 * second)]
    for register in first..<first + second {
      guard let word = registers[register] else { return nil }
      answer.appendBig(word)
    }
    return sealed(answer)
  }

  private func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }
}

/// A Daly board with the classic language.
struct DalyClassicStore: WireUnit {
  var isChargeOn = true
  var isDischargeOn = true
  var soc: UInt16 = 500
  /// The last date and time that it was set to.
  var clock: [UInt8] = []
  var restarts = 0
  var answersRestart = false
  var faults: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

  mutating func restart() { restarts += 1 }

  mutating func answer(_ request: [UInt8]) -> [UInt8]? {
    guard request.count == 13, request[0] == 0xA5, request[1] == 0x40,
      request[..<12].reduce(UInt8(0), &+) == request[12]
    else { return nil }
    func frame(_ data: [UInt8]) -> [UInt8] {
      let bytes: [UInt8] =
        [0xA5, 1, request[2], 8] + data + [UInt8](repeating: 0, count: 8 - data.count)
      return bytes + [bytes.reduce(UInt8(0), &+)]
    }
    switch request[2] {
    case 0x00:
      restart()
      return answersRestart ? frame([]) : nil
    case 0x21:
      clock = Array(request[4..<10])
      soc = UInt16(request[10]) << 8 | UInt16(request[11])
      return frame([1])
    case 0xD9:
      isDischargeOn = request[4] == 1
      return frame([request[4]])
    case 0xDA:
      isChargeOn = request[4] == 1
      return frame([request[4]])
    case 0x90: return frame([0, 132, 0, 0, 0x75, 0x30, UInt8(soc >> 8), UInt8(soc & 0xFF)])
    case 0x93: return frame([0, isChargeOn ? 1 : 0, isDischargeOn ? 1 : 0, 7, 0, 0, 0x75, 0x30])
    case 0x94: return frame([4, 1, 0, 0, 0, 0, 3, 0])
    case 0x95:
      return frame([1, 12, 228, 12, 228, 12, 228]) + frame([2, 12, 228, 12, 228, 12, 228])
    case 0x96: return frame([1, 60, 60, 60, 60, 60, 60, 60])
    case 0x97: return frame([])
    case 0x98: return frame(faults)
    case 0x50: return frame([0, 0, 0x75, 0x30, 0, 0, 0x0E, 0x10])
    case 0x59: return frame([0x0E, 0x10, 0x0E, 0x42, 0x0B, 0xB8, 0x09, 0xC4])
    case 0x5C: return frame([95, 105, 45, 40, 95, 105, 25, 20])
    default: return nil
    }
  }
}
