// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities

extension ChargeSettings {
  /// Curves.
  static let curveFields: [SettingField<Self>] = [
    .optional(
      "charge_cell_curve", \.chargeCellCurve, .curve(ChargeRange.cell),
      """
      Charge current over the highest cell. Without it (`nmc`) it falls from float to the \
      ceiling
      """),
    .optional(
      "discharge_cell_curve", \.dischargeCellCurve, .curve(ChargeRange.cell),
      """
      Discharge current over the lowest cell. Without it (`nmc`) it rises from the floor \
      to `sustain_release_cell_v`
      """),
    .setting(
      "charge_temperature_curve", \.chargeTemperatureCurve, .curve(ChargeRange.temperature),
      "Charge current over temperature; the coldest and the hottest sensor both count"),
    .setting(
      "discharge_temperature_curve", \.dischargeTemperatureCurve, .curve(ChargeRange.temperature),
      "Discharge current over temperature"),
    .setting(
      "switch_temperature_curve", \.switchTemperatureCurve, .curve(ChargeRange.temperature),
      "Both currents over the temperature of the switches of the BMS"),
    .setting(
      "temperature_hysteresis_c", \.temperatureHysteresis, .amount(ChargeRange.kelvin),
      "How far inside a curve's zero a temperature must come before current flows again"),
    .setting(
      "unknown_temperature_share_pct", \.unknownTemperatureShare, .amount(ChargeRange.share),
      "Share of the charge current while no temperature at all is known"),
    .setting(
      "charge_floor_a", \.chargeFloor, .amount(ChargeRange.current),
      "Curves never narrow charging below this while they allow any"),
    .setting(
      "discharge_floor_a", \.dischargeFloor, .amount(ChargeRange.current),
      "Curves never narrow discharging below this while they allow any"),
  ]
}
