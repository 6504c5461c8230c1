// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities

extension ChargeSettings {
  /// The end of absorption.
  static let absorptionEndFields: [SettingField<Self>] = [
    .setting(
      "entry_hold_s", \.entryHold, .seconds(upTo: 3600),
      "How long a condition must hold before it enters TRANSITION, IMBALANCE_HOLD or SUSTAIN"),
    .setting(
      "target_tolerance_v", \.targetTolerance, .amount(ChargeRange.difference),
      "The target counts as reached this far below it"),
    .setting(
      "abandon_drop_v", \.abandonDrop, .amount(ChargeRange.difference),
      range: "over `target_tolerance_v`, to 1 V",
      "TRANSITION is abandoned when the highest cell falls this far below the target"),
    .setting(
      "abandon_hold_s", \.abandonHold, .seconds(upTo: 86_400),
      "How long it must stay there"),
    .setting(
      "balanced_spread_v", \.balancedSpread, .amount(ChargeRange.difference),
      "Cells this close together count as balanced"),
    .setting(
      "balanced_hysteresis_v", \.balancedHysteresis,
      .amount(CellVoltage.zero...CellVoltage.millivolts(100)),
      "Beyond `balanced_spread_v` and this, the dwell starts again"),
    .setting(
      "absorption_dwell_s", \.absorptionDwell, .seconds(upTo: 86_400),
      "Balanced at the target for so long: full"),
    .setting(
      "tail_rate_pct", \.tailRate, .amount(ChargeRange.share),
      "A current up to this share of the capacity, per hour, is a tail current"),
    .setting(
      "tail_hold_s", \.tailHold, .seconds(upTo: 86_400),
      "At the target with a tail current for so long: full"),
    .setting(
      "absorption_longest_s", \.absorptionLongest, .seconds(upTo: 864_000),
      "Absorption never lasts longer"),
  ]

  /// Charging anew.
  static let rebulkFields: [SettingField<Self>] = [
    .setting(
      "rebulk_soc_pct", \.rebulkSOC, .amount(ChargeRange.share),
      range: "`sustain_release_soc_pct` to 100 %",
      "Below this state of charge a pack may be charged anew, where its cells agree"),
    .setting(
      "rebulk_drop_v", \.rebulkDrop, .amount(ChargeRange.difference),
      "Cells this far below float agree that the pack is no longer full"),
    .setting(
      "rebulk_drop_alone_v", \.rebulkDropAlone, .amount(ChargeRange.difference),
      range: "`rebulk_drop_v` to 1 V",
      "The highest cell this far below float charges anew, whatever the state of charge"),
    .setting(
      "rebulk_alone_hold_s", \.rebulkAloneHold, .seconds(upTo: 86_400),
      "How long it must stay there"),
    .setting(
      "rebulk_hold_s", \.rebulkHold, .seconds(upTo: 86_400),
      "How long the other reasons must hold"),
    .setting(
      "rebulk_spread_v", \.rebulkSpread, .amount(ChargeRange.difference),
      range: "over what counts as balanced, to 1 V",
      "Cells this far apart while full are charged anew, to balance them"),
    .setting(
      "rebulk_interval_s", \.rebulkInterval, .seconds(upTo: 366 * 86_400),
      "A pack that was full for so long is charged anew"),
  ]

  /// Imbalance.
  static let imbalanceFields: [SettingField<Self>] = [
    .setting(
      "imbalance_limit_v", \.imbalanceLimit, .amount(ChargeRange.difference),
      range: "over `imbalance_release_v`, to 1 V",
      "A spread above it near the top enters IMBALANCE_HOLD"),
    .setting(
      "imbalance_release_v", \.imbalanceRelease, .amount(ChargeRange.difference),
      range: "`balanced_spread_v` to below `imbalance_limit_v`",
      "A spread of at most this leaves it"),
    .setting(
      "top_region_hysteresis_v", \.topRegionHysteresis, .amount(ChargeRange.difference),
      "The highest cell this far below `top_region_cell_v` leaves it too"),
    .setting(
      "imbalance_release_hold_s", \.imbalanceReleaseHold, .seconds(upTo: 86_400),
      "How long a reason to leave must hold"),
    .setting(
      "hold_current_a", \.holdCurrent, .amount(ChargeRange.current),
      "Charge current while the balancers work"),
  ]

  /// Nearly empty.
  static let emptyFields: [SettingField<Self>] = [
    .setting(
      "sustain_soc_pct", \.sustainSOC, .amount(ChargeRange.share),
      range: "0 % to `sustain_release_soc_pct`",
      "At or below this state of charge SUSTAIN begins, unless the cells contradict"),
    .setting(
      "sustain_release_soc_pct", \.sustainReleaseSOC, .amount(ChargeRange.share),
      range: "`sustain_soc_pct` to 50 %",
      "At or above it SUSTAIN may end"),
    .setting(
      "sustain_release_hold_s", \.sustainReleaseHold, .seconds(upTo: 86_400),
      "How long a reason to leave SUSTAIN must hold"),
    .setting(
      "sustain_current_a", \.sustainCurrent, .amount(ChargeRange.current),
      "Discharge current in SUSTAIN"),
    .setting(
      "floor_hold_s", \.floorHold, .seconds(upTo: 600),
      "How long the lowest cell must be at its floor before discharging stops"),
    .setting(
      "floor_release_hold_s", \.floorReleaseHold, .seconds(upTo: 86_400),
      "How long it must be above it, with the hysteresis, before discharging goes on"),
  ]
}
