// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// What a board answers about the bits at 1200: eighteen bytes.
struct SeplosV3States {
  /// Cells too low and too high, sensors too cold and too hot, cells being balanced; then from place 8
  /// what it does, voltages, temperatures of cells and of the rest, two of currents, charge, switches,
  /// balancing, faults.
  let bytes: [UInt8]

  /// Takes the bytes of an answer.
  init(_ bytes: [UInt8]) throws(WireError) {
    guard bytes.count >= 18 else { throw .truncated(got: bytes.count, needed: 18) }
    self.bytes = bytes
  }

  /// The ten bytes that the first pack tells of all together.
  init(system: [UInt8]) throws(WireError) {
    guard system.count >= 10 else { throw .truncated(got: system.count, needed: 10) }
    bytes = [0, 0, 0, 0, 0, 0, 0, 0] + system
  }

  /// Puts its values into a reading.
  func place(_ reading: inout Reading) throws(WireError) {
    reading.reportsAlarms = true
    reading.alarms = []
    reading.warnings = []
    reading.reportable = []
    for row in Self.rows {
      reading.reportable.formUnion(AlarmSet(row.alarm))
      guard bytes[row.byte] >> row.bit & 1 == 1 else { continue }
      if row.isWarning {
        reading.warnings.formUnion(AlarmSet(row.alarm))
      } else {
        reading.alarms.formUnion(AlarmSet(row.alarm))
      }
    }
    let low = bytes[0] | bytes[1]
    let high = bytes[2] | bytes[3]
    if low != 0 { reading.warnings.formUnion(AlarmSet(.cellUndervoltage)) }
    if high != 0 { reading.warnings.formUnion(AlarmSet(.cellOvervoltage)) }
    if bytes[4] != 0 { reading.warnings.formUnion(AlarmSet(.undertemperature)) }
    if bytes[5] != 0 { reading.warnings.formUnion(AlarmSet(.overtemperature)) }
    reading.cells.balancing = UInt64(bytes[6]) | UInt64(bytes[7]) << 8
    reading.cells.reportsBalancing = true
    reading[.balancing] = reading.cells.balancing == 0 ? 0 : 1
    reading[.status] = Int64(bytes[8])
    reading[.dischargeEnabled] = Int64(bytes[15] & 1)
    reading[.chargeEnabled] = Int64(bytes[15] >> 1 & 1)
  }

  /// What its readings do not have room for.
  var details: [Exchange.Entry] {
    [
      .init("current_limiter_on", .flag(bytes[15] >> 2 & 1 == 1)),
      .init("heater_on", .flag(bytes[15] >> 3 & 1 == 1)),
      .init("status", .text("\(SeplosV2States.name(Int64(bytes[8])) ?? "unknown")")),
    ]
  }

  /// Source: "SEPLOS-3.0 RS485 BMS Modbus RTU Protocol", TB02 to TB07, TB15 and TB16.
  static let rows: [SeplosV2States.Row] = {
    var rows: [SeplosV2States.Row] = []
    // Voltages and temperatures of cells stand as in the second generation.
    for row in SeplosV2States.rows where row.byte == 1 || row.byte == 2 {
      rows.append(.init(row.byte + 8, row.bit, row.alarm, isWarning: row.isWarning))
    }
    return rows + others
  }()

  private static let others: [SeplosV2States.Row] = [
    .init(11, 0, .ambientOvertemperature, isWarning: true), .init(11, 1, .ambientOvertemperature),
    .init(11, 2, .undertemperature, isWarning: true), .init(11, 3, .undertemperature),
    .init(11, 4, .mosfetOvertemperature, isWarning: true), .init(11, 5, .mosfetOvertemperature),
    .init(12, 0, .chargeOvercurrent, isWarning: true), .init(12, 1, .chargeOvercurrent),
    .init(12, 2, .chargeOvercurrent), .init(12, 3, .dischargeOvercurrent, isWarning: true),
    .init(12, 4, .dischargeOvercurrent), .init(12, 5, .dischargeOvercurrent),
    .init(12, 6, .shortCircuit), .init(13, 0, .shortCircuit), .init(13, 2, .chargeOvercurrent),
    .init(13, 3, .dischargeOvercurrent), .init(14, 2, .socLow, isWarning: true),
    .init(14, 3, .socLow), .init(14, 4, .cellImbalance, isWarning: true),
    .init(17, 0, .temperatureSensorFault), .init(17, 1, .afeFault),
    .init(17, 2, .chargeMosfetFault),
    .init(17, 3, .dischargeMosfetFault), .init(17, 4, .cellImbalance),
    .init(17, 5, .cellSenseFault),
    .init(17, 6, .internalFault), .init(17, 7, .internalFault),
  ]
}
