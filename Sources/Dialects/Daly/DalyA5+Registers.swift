// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension DalyA5 {
  /// The rows of the commands that tell the board's make and limits: four words of data to a command, so
  /// that the address is four times the command and the word's place.
  ///
  /// Source: Daly "UART/485 communications protocol" V1.2 for the frame; meanings from captures and
  /// programs that read them, see docs/protocols/daly.md 1.7.
  static let registers: [Register] = [
    row(Command.rated, 0, "rated_ah", .uint32, decimals: 3, unit: "Ah", "Capacity when new."),
    row(
      Command.rated, 3, "cell_reference_v", .uint16, decimals: 3, unit: "V",
      "Nominal voltage of a cell."),
    row(Command.totals, 0, "total_charge_ah", .uint32, unit: "Ah", "Charge that went in so far."),
    row(
      Command.totals, 2, "total_discharge_ah", .uint32, unit: "Ah", "Charge that came out so far."),
    row(Command.kind, 0, "battery_type", .uint8High, "Chemistry: 0 LFP, 1 NMC, 2 LTO."),
    row(
      Command.cellLimits, 0, "cell_high_l1_v", .uint16, decimals: 3, unit: "V",
      "A cell above it is warned of."),
    row(
      Command.cellLimits, 1, "cell_high_l2_v", .uint16, decimals: 3, unit: "V",
      "A cell above it stops charging."),
    row(
      Command.cellLimits, 2, "cell_low_l1_v", .uint16, decimals: 3, unit: "V",
      "A cell below it is warned of."),
    row(
      Command.cellLimits, 3, "cell_low_l2_v", .uint16, decimals: 3, unit: "V",
      "A cell below it stops discharging."),
    row(
      Command.packLimits, 0, "pack_high_l1_v", .uint16, decimals: 1, unit: "V",
      "A pack above it is warned of."),
    row(
      Command.packLimits, 1, "pack_high_l2_v", .uint16, decimals: 1, unit: "V",
      "A pack above it stops charging."),
    row(
      Command.packLimits, 2, "pack_low_l1_v", .uint16, decimals: 1, unit: "V",
      "A pack below it is warned of."),
    row(
      Command.packLimits, 3, "pack_low_l2_v", .uint16, decimals: 1, unit: "V",
      "A pack below it stops discharging."),
    row(
      Command.chargeLimits, 0, "soc_high_l1_pct", .uint16, decimals: 1, unit: "%",
      "A state of charge above it is warned of."),
    row(
      Command.chargeLimits, 1, "soc_high_l2_pct", .uint16, decimals: 1, unit: "%",
      "A state of charge above it is reported as too high."),
    row(
      Command.chargeLimits, 2, "soc_low_l1_pct", .uint16, decimals: 1, unit: "%",
      "A state of charge below it is warned of."),
    row(
      Command.chargeLimits, 3, "soc_low_l2_pct", .uint16, decimals: 1, unit: "%",
      "A state of charge below it is reported as too low."),
    row(
      Command.differenceLimits, 0, "cell_difference_l1_v", .uint16, decimals: 3, unit: "V",
      "A spread of the cells above it is warned of."),
    row(
      Command.differenceLimits, 1, "cell_difference_l2_v", .uint16, decimals: 3, unit: "V",
      "A spread of the cells above it is reported as too high."),
    row(
      Command.balanceStart, 0, "balance_start_v", .uint16, decimals: 3, unit: "V",
      "Cells below it are not balanced."),
    row(
      Command.balanceStart, 1, "balance_delta_v", .uint16, decimals: 3, unit: "V",
      "Cells closer together are not balanced."),
    row(
      Command.shunt, 0, "short_circuit_a", .uint16, unit: "A",
      "A current above it is a short circuit."),
    row(
      Command.shunt, 1, "shunt_microohm", .uint16, unit: "µΩ", "Resistance of the current shunt."),
  ]

  private static func row(
    _ command: UInt8, _ word: UInt16, _ name: StaticString, _ form: Register.Form,
    decimals: UInt8 = 0, unit: StaticString = "", _ meaning: StaticString
  ) -> Register {
    Register(
      UInt16(command) * 4 + word, name, form, form == .uint8High ? .version : .settings,
      decimals: decimals, unit: unit, meaning)
  }

  /// The values of a frame's rows.
  static func values(_ command: UInt8, _ data: borrowing Span<UInt8>) -> [Exchange.RegisterValue] {
    var values: [Exchange.RegisterValue] = []
    for row in registers where row.address / 4 == UInt16(command) {
      let start = Int(row.address % 4) * 2
      let raw: Int64 =
        switch row.form {
        case .uint8High: Int64(data[start])
        case .uint32: Int64(data.bigUInt16(at: start)) << 16 | Int64(data.bigUInt16(at: start + 2))
        default: Int64(data.bigUInt16(at: start))
        }
      values.append(.init(row, raw))
    }
    return values
  }
}
