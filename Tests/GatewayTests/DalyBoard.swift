// SPDX-License-Identifier: Apache-2.0
import Wire

/// A Daly board of the classic language in a test, made by other means than the dialect under test.
struct DalyBoard {
  /// Its number.
  var number: UInt8 = 1
  /// Cell voltages in mV.
  var cells: [UInt16] = [3301, 3302, 3303, 3304]
  /// The pack's voltage in 0.1 V.
  var decivolts: UInt16 = 132
  /// State of charge in 0.1 %.
  var soc: UInt16 = 555
  /// What it tells as its serial number, up to 35 characters; empty tells none.
  var serial = "DALY000001"
  /// Whether it answers.
  var isSilent = false
  /// Commands that it was asked, in order.
  private(set) var asked: [UInt8] = []

  /// The data of its answer to a command, frame by frame; empty for one that it does not know.
  func data(_ command: UInt8) -> [[UInt8]] {
    switch command {
    case 0x90:
      let zero = Self.big(30_000)
      return [Self.big(decivolts) + [0, 0] + zero + Self.big(soc)]
    case 0x93: return [[0, 1, 1, 0, 0, 1, 0, 0]]
    case 0x94: return [[UInt8(cells.count), 1, 0, 0, 0, 0, 7, 0]]
    case 0x95: return pages(cells.flatMap(Self.big), each: 6)
    case 0x96: return [[1, 65, 0, 0, 0, 0, 0, 0]]
    case 0x97, 0x98: return [[0, 0, 0, 0, 0, 0, 0, 0]]
    case 0x57 where !serial.isEmpty:
      let missing = max(0, 35 - serial.utf8.count)
      return pages(Array(serial.utf8) + [UInt8](repeating: 0, count: missing), each: 7)
    default: return []
    }
  }

  private static func big(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(value & 0xFF)]
  }

  /// Bytes in frames with a number from 1 each.
  private func pages(_ bytes: [UInt8], each count: Int) -> [[UInt8]] {
    var pages: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var page: [UInt8] = [UInt8(pages.count + 1)]
      page += rest.prefix(count)
      rest = rest.dropFirst(count)
      page += [UInt8](repeating: 0, count: 8 - page.count)
      pages.append(page)
    }
    return pages
  }

  /// What it says on a serial line to 13 bytes; nothing when they are meant for another.
  mutating func answer(_ request: some Collection<UInt8>) -> [UInt8] {
    let bytes = Array(request)
    guard bytes.count == 13, bytes[0] == 0xA5, bytes[1] == 0x3F + number, !isSilent else {
      return []
    }
    asked.append(bytes[2])
    var said: [UInt8] = []
    for data in data(bytes[2]) {
      var frame: [UInt8] = [0xA5, number, bytes[2], 8]
      frame += data
      frame.append(frame.reduce(0, &+))
      said += frame
    }
    return said
  }

  /// What it says on a bus to a frame; nothing when it is meant for another.
  mutating func answer(_ frame: CANFrame) -> [CANFrame] {
    guard frame.isExtended, frame.id & 0xFF00_FFFF == 0x1800_0040 | UInt32(number) << 8, !isSilent
    else { return [] }
    let command = UInt8(frame.id >> 16 & 0xFF)
    asked.append(command)
    let id = 0x1800_4000 | UInt32(command) << 16 | UInt32(number)
    return data(command).map { CANFrame(id: id, isExtended: true, $0) }
  }
}
