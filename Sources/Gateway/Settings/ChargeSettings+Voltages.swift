// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities

extension ChargeSettings {
  /// The pack.
  static let packFields: [SettingField<Self>] = [
    .optional(
      "capacity_ah", \.capacity, .amount(Charge(raw: 1)...Charge.ampereHours(100_000)),
      "From which the tail current is reckoned; without it, what the BMS reports"),
    .optional(
      "max_charge_current_a", \.maxChargeCurrent, .amount(ChargeRange.current),
      "Your highest charge current: what fuse, cable and cells bear"),
    .optional(
      "max_discharge_current_a", \.maxDischargeCurrent, .amount(ChargeRange.current),
      "Your highest discharge current"),
  ]

  /// Voltages of one cell.
  static let cellFields: [SettingField<Self>] = [
    .optional(
      "absorption_cell_v", \.absorption, .amount(ChargeRange.cell),
      range: "3.37–3.65 V (`nmc` 3.9–4.2, `lto` 2.35–2.85)",
      "Target of charging: CVL is this times the cells"),
    .optional(
      "float_cell_v", \.float, .amount(ChargeRange.cell), range: "1 V to `absorption_cell_v`",
      "At which a full pack is held, and CVL while charging is stopped"),
    .optional(
      "lowest_float_cell_v", \.lowestFloat, .amount(ChargeRange.cell),
      range: "1 V to `float_cell_v`",
      "CVL is never below this times the cells"),
    .optional(
      "top_region_cell_v", \.topRegion, .amount(ChargeRange.cell),
      range: "`float_cell_v` to `absorption_cell_v`",
      "From here up the spread of the cells tells of balance"),
    .optional(
      "cell_ceiling_v", \.cellCeiling, .amount(ChargeRange.cell),
      range: "over `absorption_cell_v`, to 5 V",
      "A cell at or above it stops charging"),
    .setting(
      "cell_ceiling_hysteresis_v", \.cellCeilingHysteresis, .amount(ChargeRange.difference),
      "How far all cells must fall below the ceiling before charging goes on"),
    .optional(
      "sustain_cell_v", \.sustainCell, .amount(ChargeRange.cell),
      range: "`cell_floor_v` to `sustain_release_cell_v`",
      "A lowest cell at or below it enters SUSTAIN"),
    .optional(
      "sustain_release_cell_v", \.sustainRelease, .amount(ChargeRange.cell),
      range: "over `sustain_cell_v`, well below float",
      "A lowest cell at or above it may leave SUSTAIN"),
    .optional(
      "cell_floor_v", \.cellFloor, .amount(ChargeRange.cell), range: "0.5 V to `sustain_cell_v`",
      "A lowest cell at or below it stops discharging"),
    .setting(
      "cell_floor_hysteresis_v", \.cellFloorHysteresis, .amount(ChargeRange.slack),
      "How far the lowest cell must rise above the floor before discharging goes on"),
  ]

  /// Distance from the cutoffs of the BMS.
  static let marginFields: [SettingField<Self>] = [
    .setting(
      "cutoff_share_pct", \.cutoffShare, .amount(Percent.percent(10)...Percent.percent(100)),
      "Share of its over-current cutoffs that may be used: they are where it trips"),
    .setting(
      "overvoltage_margin_v", \.overvoltageMargin, .amount(ChargeRange.difference),
      range: "over `ceiling_margin_v`, to 0.5 V",
      "The target stays this far below its overvoltage cutoff"),
    .setting(
      "ceiling_margin_v", \.ceilingMargin, .amount(ChargeRange.difference),
      "The ceiling stays this far below its overvoltage cutoff"),
    .setting(
      "undervoltage_margin_v", \.undervoltageMargin, .amount(ChargeRange.slack),
      "The floor stays this far above its undervoltage cutoff"),
    .setting(
      "temperature_margin_c", \.temperatureMargin, .amount(ChargeRange.kelvin),
      "Charging stops this far inside its temperature cutoffs"),
  ]
}
