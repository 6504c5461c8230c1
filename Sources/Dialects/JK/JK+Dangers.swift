// SPDX-License-Identifier: Apache-2.0

import Battery

extension JK {
  /// What is to be known about a setting before it is changed; the languages of JK boards call the same
  /// thing by the same name.
  static func traits(_ row: Register) -> SettingTraits {
    for (names, danger) in dangers {
      for name in names where row.name.hasBytes(name.utf8) { return .init(danger: danger) }
    }
    return .init()
  }

  private static let dangers: [(names: [String], danger: StaticString)] = [
    (
      ["cell_ovp_v", "pack_ovp_v", "request_charge_v", "request_float_v"],
      "Cells above what they bear are damaged and can burn."
    ),
    (
      ["cell_uvp_v", "pack_uvp_v", "power_off_v"],
      "Cells below what they bear are damaged for good."
    ),
    (
      [
        "max_charge_a", "max_discharge_a", "charge_ocp_delay_s", "discharge_ocp_delay_s",
        "scp_delay_us",
      ], "Too high a current is not switched off and can start a fire."
    ),
    (
      [
        "charge_otp_c", "discharge_otp_c", "charge_utp_c", "discharge_utp_c", "mos_otp_c",
        "box_otp_c",
      ], "Cells and switches outside their temperatures are damaged and can burn."
    ),
    (
      ["cell_count", "string_count"],
      "A board with a wrong number of cells misjudges the pack, or switches it off."
    ),
    (["cell_type"], "Limits of another kind of cells can damage these and start a fire."),
    (["adc_vref"], "All voltages that the board tells and acts on change with it."),
    (
      ["cell_ovp_delay_s", "cell_uvp_delay_s"], "For as long a protection does not act."
    ),
  ]

  /// The switches are ordered and not set: restoring a backup must not open one.
  static func isSwitch(_ row: Register) -> Bool {
    for name in [
      "charge_switch", "discharge_switch", "charge_switch_setting", "discharge_switch_setting",
    ] where row.name.hasBytes(name.utf8) { return true }
    return false
  }

  /// The rules of boards of 24 and 32 cells, by the places in the frame of settings; where these begin
  /// elsewhere, so far from there.
  ///
  /// A limit trips beyond the value at which it is over.
  static func rules(movedBy distance: UInt16 = 0) -> [SettingRule] {
    let pairs: [(UInt16, UInt16, Int64)] = [
      (46, 10, 0), (10, 14, 1), (14, 22, 1), (22, 18, 1), (34, 30, 1), (86, 82, 0), (94, 90, 0),
      (98, 102, 0), (110, 106, 0),
    ]
    return pairs.map { .ascending($0 &+ distance, $1 &+ distance, gap: $2) }
  }
}

extension Register {
  /// The same row, to be read only.
  var readOnly: Register {
    Register(
      address, name, form, group, .read, offset: offset, numerator: numerator, decimals: decimals,
      unit: unit, bits: bits, range: range, absent: absent, meaning)
  }

  /// The same row with the access and the range of another.
  func bounded(like other: Register) -> Register {
    Register(
      address, name, form, group, other.access, offset: offset, numerator: numerator,
      decimals: decimals, unit: unit, bits: bits, range: other.range ?? range, absent: absent,
      meaning)
  }

  /// The same row at another address.
  func moved(to address: UInt16) -> Register {
    Register(
      address, name, form, group, access, offset: offset, numerator: numerator, decimals: decimals,
      unit: unit, bits: bits, range: range, absent: absent, meaning)
  }

  /// The same row as a whole number of two words.
  var whole: Register {
    Register(
      address, name, .uint32, group, access, offset: offset, numerator: numerator,
      decimals: decimals, unit: unit, bits: bits, range: range, absent: absent, meaning)
  }

  private var range: ClosedRange<Int64>? {
    guard let lowest, let highest else { return nil }
    return lowest...highest
  }
}

extension SettingsWords {
  /// What rows hold, the low word of a number of two first.
  init(_ values: [Exchange.RegisterValue]) {
    self.init()
    for value in values {
      merge(SettingsWords(base: value.row.address, [0, 0].prefix(value.row.form.words).map { $0 }))
      set(value.row, value.raw)
    }
  }
}
