// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of JK boards of the PB series on their RS485 pair.
///
/// It is a `ModbusMap` with addresses that count bytes. Beside it a write to a trigger register makes the
/// board send a whole frame, as it sends them by Bluetooth: that is how it is woken, and what the captures
/// show. Sources: docs/protocols/jk-modbus.md.
enum JKModbus {
  /// Speed of the pair, in bits a second.
  static let baud = 115_200
  /// Sensors without a probe, 0.1 °C.
  private static let noProbe: Int64 = -2000

  /// The board's number by its switches: 0 is a master, which asks others by itself and must not be
  /// asked.
  static func unit(of options: DialectOptions) -> UInt8 { max(1, options.address ?? 1) }

  /// The map of a board.
  static func map(unit: UInt8) -> ModbusMap {
    var map = ModbusMap(name: "jk-modbus", title: "JK PB series")
    map.maker = "Jikong"
    map.unit = unit
    map.baud = baud
    map.step = 2
    map.timeout = 300
    map.pause = 100
    map.blocks = blocks
    map.rows = rows
    return map
  }

  /// Each of another length, since an answer tells no address.
  ///
  /// More than about 40 registers are not answered.
  private static let blocks: [ModbusMap.Block] = [
    .init(0x1200, 34), .init(0x128A, 29), .init(0x12FA, 2),
    .init(0x1000, 38, .every(60_000), isOptional: true),
    .init(0x104C, 30, .every(60_000), isOptional: true),
    .init(0x1400, 20, .once, isOptional: true), .init(0x1448, 10, .once, isOptional: true),
  ]

  private static let rows: [ModbusMap.Row] = live + setup

  private static let live: [ModbusMap.Row] = [
    row(0x1200, .uint16, .cells(first: 1), 1000, count: 32, absent: [0]),
    row(0x128A, .int16, .point(.mosfetTemperature), 100_000, absent: [noProbe]),
    row(0x1290, .uint32, .point(.voltage), 1000),
    row(0x1298, .int32, .point(.current), 1000),
    row(0x129C, .int16, .temperatures(first: 1), 100_000, count: 2, absent: [noProbe]),
    row(0x12A0, .uint32, .alarms(alarms)),
    row(0x12A6, .uint8High, .point(.balancing)),
    row(0x12A6, .uint8Low, .point(.soc)),
    row(0x12A8, .uint32, .point(.remaining), 1000),
    row(0x12AC, .uint32, .point(.full), 1000),
    row(0x12B0, .uint32, .point(.cycles)),
    row(0x12B8, .uint8High, .point(.soh)),
    row(0x12C0, .uint8High, .point(.chargeEnabled)),
    row(0x12C0, .uint8Low, .point(.dischargeEnabled)),
    // Boards without a third and a fourth probe say 0 here.
    row(0x12FA, .int16, .temperatures(first: 3), 100_000, count: 2, absent: [noProbe, 0]),
  ]

  private static let setup: [ModbusMap.Row] = [
    row(0x1004, .uint32, .cutoff(.cellUndervoltage), 1000, absent: [0]),
    row(0x100C, .uint32, .cutoff(.cellOvervoltage), 1000, absent: [0]),
    row(0x1018, .uint32, .cutoff(.cellFull), 1000, absent: [0]),
    row(0x101C, .uint32, .cutoff(.cellEmpty), 1000, absent: [0]),
    row(0x102C, .uint32, .cutoff(.chargeOvercurrent), 1000),
    row(0x1038, .uint32, .cutoff(.dischargeOvercurrent), 1000),
    row(0x105C, .int32, .cutoff(.chargeUndertemperature), 100_000),
    row(0x107C, .uint32, .point(.nominal), 1000),
    row(0x1400, .text, .identity(.model), count: 8),
    row(0x1410, .text, .identity(.hardware), count: 4),
    row(0x1418, .text, .identity(.firmware), count: 4),
  ]

  /// Bit 19 only reminds of the password, 18, 23 and 28 tell nothing of the battery.
  private static let alarms: [ModbusMap.AlarmBit] = [
    .init(0, .wireResistance, isWarning: true), .init(1, .mosfetOvertemperature),
    .init(2, .internalFault), .init(3, .currentSensorFault), .init(4, .cellOvervoltage),
    .init(5, .packOvervoltage), .init(6, .chargeOvercurrent), .init(7, .shortCircuit),
    .init(8, .chargeOvertemperature), .init(9, .chargeUndertemperature),
    .init(10, .communicationFault), .init(11, .cellUndervoltage), .init(12, .packUndervoltage),
    .init(13, .dischargeOvercurrent), .init(14, .shortCircuit),
    .init(15, .dischargeOvertemperature), .init(16, .chargeMosfetFault),
    .init(17, .dischargeMosfetFault), .init(20, .dischargeMosfetFault),
    .init(21, .overtemperature), .init(22, .temperatureSensorFault, isWarning: true),
    .init(24, .shortCircuit), .init(25, .dischargeOvercurrent), .init(26, .dischargeOvercurrent),
    .init(27, .dischargeUndertemperature),
  ]

  private static func row(
    _ address: UInt16, _ form: ModbusMap.Form, _ target: ModbusMap.Target,
    _ scale: Int64 = 1_000_000, count: Int = 1, absent: [Int64] = []
  ) -> ModbusMap.Row {
    var row = ModbusMap.Row(address, form, target)
    row.scale = scale
    row.count = count
    row.absent = absent
    return row
  }

  /// Takes over what rows cannot say, beside what they can.
  static func place(
    _ words: ModbusWords, _ map: ModbusMap, _ reading: inout Reading
  ) throws(WireError) {
    if let mask = words.raw(0x1240, .uint32) {
      guard mask > 0, mask & (mask + 1) == 0 else {
        throw .implausible("its cells are not connected one after the other")
      }
      reading[.cellCount] = Int64(mask.nonzeroBitCount)
    }
    try map.place(words, &reading)
    if let charge = words.raw(0x104C, .int32), let discharge = words.raw(0x1054, .int32) {
      reading.cutoffs.overtemperature = .decidegrees(min(charge, discharge))
    }
    if let text = words.text(0x1450, words: 6) {
      let serial = Label(text.prefix(11))
      if !serial.isEmpty { reading.identity.serial = serial }
    }
  }
}
