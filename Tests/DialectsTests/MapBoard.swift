// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Wire

/// A device with registers that answers as Modbus says, written apart from the code under test.
struct MapBoard {
  var unit: UInt8 = 1
  var registers: [UInt16: UInt16] = [:]

  /// The answer to a question for registers.
  func answer(_ request: [UInt8]) -> [UInt8] {
    let start = UInt16(request[2]) << 8 | UInt16(request[3])
    var bytes: [UInt8] = [unit, request[1], request[5] * 2]
    for index in 0..<UInt16(request[5]) {
      let word = registers[start + index] ?? 0
      bytes += [UInt8(word >> 8), UInt8(word & 0xFF)]
    }
    return Self.sealed(bytes)
  }

  /// Bytes with their checksum, reckoned bit by bit.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt16 = 0xFFFF
    for byte in bytes {
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
    }
    return bytes + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
  }
}

extension ModbusMap {
  /// A map with a row of each sort, over three blocks.
  static var sample: ModbusMap {
    var map = ModbusMap(name: "sample", title: "Sample")
    map.blocks = [
      Block(0x100, 12), Block(0x200, 9), Block(0x300, 20, .every(60_000)),
      Block(0x10, 3, function: 4, .once, isOptional: true),
    ]
    map.rows = [
      row(0x100, .uint16, .point(.voltage), 10_000),
      row(0x101, .int16, .point(.current), -100_000),
      row(0x102, .uint16, .point(.soc), 100_000),
      row(0x103, .uint32, .point(.remaining), 1000),
      row(
        0x105, .uint32,
        .alarms([.init(0, .cellOvervoltage), .init(17, .overtemperature, isWarning: true)])),
      row(0x107, .uint16, .flag(.chargeEnabled, bit: 0)),
      row(0x107, .uint16, .flag(.dischargeEnabled, bit: 1)),
      row(0x108, .uint16, .balancing),
      row(0x109, .uint16, .point(.cellCount)),
      row(0x10A, .float32, .point(.mosfetTemperature)),
      row(0x200, .uint16, .cells(first: 1), 1000, count: 6, absent: [0, 0xFFFF]),
      row(0x206, .uint16, .temperatures(first: 1), 100_000, offset: -2731, count: 3, absent: [0]),
      row(0x300, .uint16, .cutoff(.cellOvervoltage), 1000),
      row(0x301, .int16, .cutoff(.dischargeOvercurrent), 1_000_000),
      row(0x302, .text, .identity(.serial), count: 8),
      row(0x10, .uint32, .point(.cycles), order: .lowFirst, function: 4),
    ]
    return map
  }

  static func row(
    _ address: UInt16, _ form: Form, _ target: Target, _ scale: Int64 = 1_000_000,
    offset: Int64 = 0, count: Int = 1, absent: [Int64] = [], order: WordOrder = .highFirst,
    function: UInt8 = 3
  ) -> Row {
    var row = Row(address, form, target)
    row.scale = scale
    row.offset = offset
    row.count = count
    row.absent = absent
    row.order = order
    row.function = function
    return row
  }
}

extension MapBoard {
  /// Four cells that a sample map reads as 3.301 to 3.304 V.
  static var sample: MapBoard {
    var board = MapBoard()
    board.registers = [
      0x100: 1321, 0x101: 123, 0x102: 505, 0x103: 0x0001, 0x104: 0x86A0, 0x105: 0x0002,
      0x106: 0x0001, 0x107: 0b10, 0x108: 0b101, 0x109: 4, 0x10A: 0x41CC, 0x10B: 0x0000,
      0x200: 3301, 0x201: 3302, 0x202: 3303, 0x203: 3304, 0x204: 0, 0x205: 0xFFFF,
      0x206: 2981, 0x207: 0, 0x208: 2681, 0x300: 3650, 0x301: UInt16(bitPattern: -100),
      0x302: 0x4142, 0x303: 0x4331, 0x304: 0x3200, 0x10: 7, 0x11: 1,
    ]
    return board
  }
}
