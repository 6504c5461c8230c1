// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities

extension ChargeSettings {
  /// Cells above the target.
  static let overshootFields: [SettingField<Self>] = [
    .setting(
      "integral_rate_pct", \.integralRate, .amount(ChargeRange.share),
      "Share of the highest cell's overshoot that CVL loses each second"),
    .setting(
      "integral_band_v", \.integralBand, .amount(ChargeRange.slack),
      "Overshoot up to this is left to the penalty alone"),
  ]

  /// How fast limits rise, and ages.
  static let rampFields: [SettingField<Self>] = [
    .setting(
      "voltage_hold_s", \.voltageHold, .seconds(upTo: 86_400),
      "A higher CVL must be allowed for so long before it rises"),
    .setting(
      "voltage_ramp_v", \.voltageRamp, .amount(Voltage.millivolts(1)...Voltage.millivolts(100_000)),
      "How much CVL rises in a second, and falls from bulk to float; of the whole pack"),
    .setting(
      "current_hold_s", \.currentHold, .seconds(upTo: 86_400),
      "A higher current must be allowed for so long before it rises"),
    .setting(
      "current_ramp_a", \.currentRamp, .amount(Current.milliamperes(1)...Current.amperes(3000)),
      "How much a current limit rises in a second"),
    .setting(
      "current_step_pct", \.currentStep, .amount(Percent.zero...Percent.percent(20)),
      "Rises up to this share of the highest current are not worth making"),
    .setting(
      "value_age_s", \.valueAge, .seconds(upTo: 3600),
      "Values that are told more rarely than cells are believed for so long"),
  ]
}
