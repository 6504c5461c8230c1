// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities

extension ChargingRow {
  private static let cell = CellVoltage.millivolts(500)...CellVoltage.millivolts(5000)
  private static let difference = CellVoltage.zero...CellVoltage.millivolts(1000)
  private static let current = Current.zero...Current.amperes(3000)
  private static let share = Percent.zero...Percent.percent(100)
  private static let temperature = Temperature.degrees(-60)...Temperature.degrees(150)
  private static let kelvin = Temperature.zero...Temperature.degrees(50)

  /// Every setting of the charge control, in the order of its documentation.
  package static let all: [ChargingRow] = [
    .optional("capacity_ah", \.capacity, Charge(raw: 1)...Charge.ampereHours(100_000)),
    .optional("max_charge_current_a", \.maxChargeCurrent, current),
    .optional("max_discharge_current_a", \.maxDischargeCurrent, current),

    .optional("absorption_cell_v", \.absorption, cell),
    .optional("float_cell_v", \.float, cell),
    .optional("lowest_float_cell_v", \.lowestFloat, cell),
    .optional("top_region_cell_v", \.topRegion, cell),
    .optional("cell_ceiling_v", \.cellCeiling, cell),
    .amount("cell_ceiling_hysteresis_v", \.cellCeilingHysteresis, difference),
    .optional("sustain_cell_v", \.sustainCell, cell),
    .optional("sustain_release_cell_v", \.sustainRelease, cell),
    .optional("cell_floor_v", \.cellFloor, cell),
    .amount("cell_floor_hysteresis_v", \.cellFloorHysteresis, difference),

    .amount("cutoff_share_pct", \.cutoffShare, share),
    .amount("overvoltage_margin_v", \.overvoltageMargin, difference),
    .amount("ceiling_margin_v", \.ceilingMargin, difference),
    .amount("undervoltage_margin_v", \.undervoltageMargin, difference),
    .amount("temperature_margin_c", \.temperatureMargin, kelvin),

    .curve("charge_cell_curve", \.chargeCellCurve, cell),
    .curve("discharge_cell_curve", \.dischargeCellCurve, cell),
    .curve("charge_temperature_curve", always: \.chargeTemperatureCurve, temperature),
    .curve("discharge_temperature_curve", always: \.dischargeTemperatureCurve, temperature),
    .curve("switch_temperature_curve", always: \.switchTemperatureCurve, temperature),
    .amount("temperature_hysteresis_c", \.temperatureHysteresis, kelvin),
    .amount("unknown_temperature_share_pct", \.unknownTemperatureShare, share),
    .amount("charge_floor_a", \.chargeFloor, current),
    .amount("discharge_floor_a", \.dischargeFloor, current),

    .seconds("entry_hold_s", \.entryHold, upTo: 3600),
    .amount("target_tolerance_v", \.targetTolerance, difference),
    .amount("abandon_drop_v", \.abandonDrop, difference),
    .seconds("abandon_hold_s", \.abandonHold, upTo: 86_400),
    .amount("balanced_spread_v", \.balancedSpread, difference),
    .amount("balanced_hysteresis_v", \.balancedHysteresis, difference),
    .seconds("absorption_dwell_s", \.absorptionDwell, upTo: 86_400),
    .amount("tail_rate_pct", \.tailRate, share),
    .seconds("tail_hold_s", \.tailHold, upTo: 86_400),
    .seconds("absorption_longest_s", \.absorptionLongest, upTo: 864_000),

    .amount("rebulk_soc_pct", \.rebulkSOC, share),
    .amount("rebulk_drop_v", \.rebulkDrop, difference),
    .amount("rebulk_drop_alone_v", \.rebulkDropAlone, difference),
    .seconds("rebulk_alone_hold_s", \.rebulkAloneHold, upTo: 86_400),
    .seconds("rebulk_hold_s", \.rebulkHold, upTo: 86_400),
    .amount("rebulk_spread_v", \.rebulkSpread, difference),
    .seconds("rebulk_interval_s", \.rebulkInterval, upTo: 366 * 86_400),

    .amount("imbalance_limit_v", \.imbalanceLimit, difference),
    .amount("imbalance_release_v", \.imbalanceRelease, difference),
    .amount("top_region_hysteresis_v", \.topRegionHysteresis, difference),
    .seconds("imbalance_release_hold_s", \.imbalanceReleaseHold, upTo: 86_400),
    .amount("hold_current_a", \.holdCurrent, current),

    .amount("sustain_soc_pct", \.sustainSOC, share),
    .amount("sustain_release_soc_pct", \.sustainReleaseSOC, share),
    .seconds("sustain_release_hold_s", \.sustainReleaseHold, upTo: 86_400),
    .amount("sustain_current_a", \.sustainCurrent, current),
    .seconds("floor_hold_s", \.floorHold, upTo: 600),
    .seconds("floor_release_hold_s", \.floorReleaseHold, upTo: 86_400),

    .amount("integral_rate_pct", \.integralRate, share),
    .amount("integral_band_v", \.integralBand, difference),

    .seconds("voltage_hold_s", \.voltageHold, upTo: 86_400),
    .amount("voltage_ramp_v", \.voltageRamp, Voltage.millivolts(1)...Voltage.millivolts(100_000)),
    .seconds("current_hold_s", \.currentHold, upTo: 86_400),
    .amount("current_ramp_a", \.currentRamp, Current.milliamperes(1)...Current.amperes(3000)),
    .amount("current_step_pct", \.currentStep, share),
    .seconds("value_age_s", \.valueAge, upTo: 3600),
  ]
}

extension ChargingRow {
  /// The key of a field of `ChargeSettings`, such as `float_cell_v` of `float`; `nil` for one that has none.
  static func key(of field: String) -> String? {
    if field == "cells" { return field }
    return all.first { row in
      let stem = row.key.withoutUnit
      return stem.camelCase == field
        || stem.hasSuffix("_cell") && String(stem.dropLast(5)).camelCase == field
    }?.key
  }
}

extension String {
  /// A key without the unit at its end.
  fileprivate var withoutUnit: String {
    for unit in ["_v", "_a", "_s", "_pct", "_c", "_ah"] where hasSuffix(unit) {
      return String(dropLast(unit.count))
    }
    return self
  }

  /// `lowest_float` as `lowestFloat`; a state of charge stays in capitals.
  fileprivate var camelCase: String {
    let words = split(separator: "_")
    return words.enumerated().map { index, word in
      if index == 0 { return String(word) }
      return word == "soc" ? "SOC" : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }
}
