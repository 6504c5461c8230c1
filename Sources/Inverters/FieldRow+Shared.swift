// SPDX-License-Identifier: Apache-2.0

import Battery

extension FieldRow {
  /// What a word holds that says "not supported".
  static let none: UInt64 = 0xFFFF
  /// The same of a signed word.
  static let noneSigned: UInt64 = 0x8000
  /// What a signed word can hold beside that.
  static let signedWord: ClosedRange<Int64> = -32_767...32_767
  /// Why pairs and bits of alarms are as they are.
  static let alarmsStand: StaticString =
    "alarms and protections as the battery reports them: nothing of them can be changed"

  /// 0x351, the same in every protocol save for its ranges.
  ///
  /// Every limit is rounded to its narrower side and held within its field. A charge voltage that
  /// rounds to zero is never sent: chargers would empty the battery into the grid. The highest number is
  /// one below what some receivers take for "not supported".
  static let limits: [FieldRow] = [
    FieldRow(
      0, "charge_voltage_limit", "charge voltage limit", .u16, .limit(.chargeVoltageLimit),
      per: 100, .down, in: 1...65_534, else: .heldAbove),
    FieldRow(
      2, "charge_current_limit", "charge current limit", .s16, .limit(.chargeCurrentLimit),
      per: 100, .down, in: 0...32_767, else: .held),
    FieldRow(
      4, "discharge_current_limit", "discharge current limit", .s16,
      .limit(.dischargeCurrentLimit), per: 100, .down, in: 0...32_767, else: .held),
    FieldRow(
      6, "discharge_voltage_limit", "discharge voltage", .u16, .limit(.dischargeVoltageLimit),
      per: 100, .up, in: 0...65_534, else: .held),
  ]

  /// 0x355 without the finer state of charge.
  ///
  /// Both are rounded down, so that 100 % is said only of a battery that says so itself. No mark for "not
  /// known" is documented for them, and a made-up 100 % would be shown as if it were true.
  static let charge: [FieldRow] = [
    FieldRow(
      0, "soc", "state of charge", .u16, .point(.soc), per: 1_000_000, .down, in: 0...100,
      else: .held),
    FieldRow(
      2, "soh", "state of health", .u16, .point(.soh), per: 1_000_000, .down, in: 0...65_535,
      else: .held),
  ]

  /// The finer state of charge of 0x355.
  static let fineCharge = FieldRow(
    4, "soc_fine", "state of charge, fine", .u16, .point(.soc), per: 10_000, .down, in: 0...10_000,
    else: .held)

  /// 0x356, the same in every protocol that Cellbus sends.
  ///
  /// A value beyond its field is not known to this protocol: held at the end it would be wrong.
  static let measured: [FieldRow] = [
    FieldRow(
      0, "voltage", "voltage", .s16, .point(.voltage), per: 10, .nearest, in: signedWord,
      else: .unknown),
    FieldRow(
      2, "current", "current", .s16, .point(.current), per: 100, .nearest, in: signedWord,
      else: .unknown),
    FieldRow(
      4, "temperature", "temperature", .s16, .point(.temperatureMax), per: 10, .nearest,
      in: signedWord, else: .unknown),
  ]

  /// 0x35A, whose pairs each profile writes in its own way.
  static func pairs(_ pairs: @escaping @Sendable (InverterPicture) -> UInt64) -> [FieldRow] {
    [
      FieldRow(
        0, 4, "alarms", "alarms", .bits, "protections of the battery, a pair of bits each",
        guarded: alarmsStand
      ) { picture, _ in pairs(picture) & 0xFFFF_FFFF },
      FieldRow(
        4, 4, "warnings", "warnings", .bits, "protections and warnings, a pair of bits each",
        guarded: alarmsStand
      ) { picture, _ in pairs(picture) >> 32 },
    ]
  }

  /// 0x35F, with what stands for "not known" in it.
  static func information(_ mark: UInt64) -> [FieldRow] {
    [
      FieldRow(
        0, 2, "product", "product", .bytes, "product number, low byte first; Cellbus has none",
        mark: mark
      ) { picture, _ in picture.identity.product == 0 ? nil : UInt64(picture.identity.product) },
      FieldRow(
        2, 2, "firmware", "firmware", .bytes, "first two numbers of the battery's firmware",
        mark: mark
      ) { picture, _ in picture.snapshot.reading.identity.firmware.flatMap(Victron.version) },
      FieldRow(
        4, "capacity", "capacity", .u16, .point(.full), per: 1000, .nearest, in: 1...65_535,
        else: .unknown, mark: mark),
    ]
  }
}
