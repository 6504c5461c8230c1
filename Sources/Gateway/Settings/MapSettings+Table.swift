// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

extension MapSettings {
  /// The settings of one entry of `dialects`.
  static let table = SettingTable(
    MapSettings(),
    [
      .optional("title", \.title, .text(longest: 32), default: "its key", "What people read"),
      .optional("maker", \.maker, .text(longest: 32), "Who makes the battery"),
      .setting(
        "unit", \.unit, .whole(1...247), "Its number on the line, which Modbus calls the unit"),
      .setting(
        "function", \.function, .numbers([3, 4], ""),
        "By which function blocks are read: 3 for holding registers, 4 for input registers"),
      .setting(
        "baud", \.baud, .whole(300...1_000_000, "bit/s"),
        "Speed of a serial line, unless the wire says another"),
      .setting(
        "byte_addresses", \.countsBytes, .flag,
        "Whether addresses count bytes, so that they grow by 2 from one register to the next"),
      .setting("timeout_ms", \.timeout, .whole(50...5000, "ms"), "How long an answer may take"),
      .setting(
        "pause_ms", \.pause, .whole(0...2000, "ms"),
        "How long the battery is left alone after an answer"),
      .setting(
        "blocks", \.blocks, .list(MapBlockSettings.table, atLeast: 1),
        needed: "a list of blocks, such as [{ address: 0x1000, count: 10 }]",
        "Registers that are asked for together; all without `every_s` make one reading"),
      .setting(
        "rows", \.rows, .list(MapRowSettings.table, atLeast: 1),
        needed: "a list of rows, such as [{ address: 0x1000, point: \"voltage_v\", scale: 0.1 }]",
        "What stands in them"),
    ]
  ) { reader, node, settings in
    reader.build(&settings, node)
  }
}

extension MapBlockSettings {
  static let table = SettingTable(
    MapBlockSettings(),
    [
      .setting(
        "address", \.address, .whole(0...0xFFFF).unsaid,
        needed: "the address of the first register",
        "Address of the first register"),
      .setting(
        "count", \.count, .whole(1...125).unsaid, needed: "how many registers to ask for",
        "How many registers; each block has a count of its own, by which answers are told apart"),
      .optional(
        "function", \.function, .numbers([3, 4], ""), default: "that of the battery", "See above"),
      .optional(
        "every_s", \.period, .whole(0...86_400, "s"), default: "with the live values",
        "From one reading to the next; 0 reads it once each time the line is opened"),
      .setting(
        "optional", \.isOptional, .flag,
        "Whether some batteries of the kind do not have it: then it is no fault"),
    ])
}

extension MapRowSettings {
  static let table = SettingTable(MapRowSettings(), placeFields + numberFields + targetFields)

  private static let placeFields: [SettingField<Self>] = [
    .setting(
      "address", \.address, .whole(0...0xFFFF).unsaid, needed: "the address of the register",
      "Address of the register, or of the first of several"),
    .optional(
      "function", \.function, .numbers([3, 4], ""), default: "that of the battery",
      "The function of the block that it stands in"),
    .setting(
      "type", \.form, .choice(ModbusMap.Form.allCases.map { ("\($0.name)", $0) }),
      "How registers make a number; `text` with `identity`"),
    .setting(
      "word_order", \.order, .choice(ModbusMap.WordOrder.allCases.map { ("\($0.name)", $0) }),
      "Which of two registers is the higher half of a number"),
  ]

  private static let numberFields: [SettingField<Self>] = [
    .setting(
      "scale", \.scale, .millionths,
      """
      What one step is worth, in the unit of what the row tells; negative where a current counts up \
      while it discharges
      """),
    .setting(
      "offset", \.offset, .whole(-1_000_000_000...1_000_000_000),
      "What is added to the register before it is multiplied: -2731 for tenths of a kelvin"),
    .setting(
      "absent", \.absent, .wholes(-2_147_483_648...4_294_967_295), default: "none",
      "Numbers that mean \"not there\", such as [0, 65535]"),
  ]

  private static let targetFields: [SettingField<Self>] = [
    .optional(
      "point", \.point,
      .choice(Point.allCases.filter(\.canBeRead).map { ("\($0.name)", "\($0.name)") }),
      range: "a name of [the points](reference/points.md)",
      "The value that it tells; a row has one of `point` to `identity`"),
    .optional(
      "bit", \.bit, .whole(0...31), default: "the whole number",
      "With a `point` that is yes or no: the one bit that tells it, the lowest is 0"),
    .optional(
      "cells", \.cells, .whole(1...48),
      "So many cells follow each other; each place after the last cell is absent"),
    .optional(
      "temperatures", \.temperatures, .whole(1...16), "So many sensors follow each other"),
    .setting(
      "first", \.first, .whole(1...48),
      "With `cells` and `temperatures`: the number of the first, where another row has those before"
    ),
    .setting(
      "balancing", \.tellsBalancing, .flag,
      "Whether it tells which cells are being balanced: the lowest bit is the first cell"),
    .optional(
      "alarms", \.alarms, .named(alarm), range: "`{ bit: name }`",
      "What each bit means, a protection: `{ \"0\": \"cell_overvoltage\" }`"),
    .optional(
      "warnings", \.warnings, .named(alarm), range: "`{ bit: name }`", "The same, a warning"),
    .optional(
      "cutoff", \.cutoff, .choice(ModbusMap.Cutoff.allCases.map { ("\($0.name)", $0) }),
      "Where the battery itself opens a switch; no limit goes beyond"),
    .optional(
      "identity", \.identity, .choice(ModbusMap.IdentityPart.allCases.map { ("\($0.name)", $0) }),
      "Who the battery is"),
    .optional(
      "count", \.count, .whole(1...16), default: "1", "With `identity`: how many registers"),
  ]

  private static let alarm = SettingForm<String>.choice(Alarm.allCases.map { "\($0.name)" })
}

extension SettingForm {
  /// The same where the value has no default that could be told.
  fileprivate var unsaid: Self { Self(kind: kind, read: read) { _ in .null } }
}

extension SettingForm where Value == Int64 {
  /// A factor, kept in millionths.
  fileprivate static var millionths: Self {
    let range: ClosedRange<Int64> = -1_000_000_000_000...1_000_000_000_000
    return Self(kind: .number(range, decimals: 6, unit: "")) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if let scale = child.value.decimal(places: 6), range.contains(scale) { return scale }
      reader.report(
        child, expected: "a number with at most six decimals from -1000000 to 1000000")
      return nil
    } write: {
      .number($0, decimals: 6)
    }
  }
}

extension SettingForm where Value == [Int64] {
  /// A list of whole numbers.
  fileprivate static func wholes(_ range: ClosedRange<Int64>) -> Self {
    Self(kind: .wholes(range)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      let numbers = child.value.array?.compactMap(\.int64).filter(range.contains)
      guard let numbers, numbers.count == child.value.array?.count else {
        reader.report(child, expected: "a list of whole numbers, such as [0, 65535]")
        return nil
      }
      return numbers
    } write: { _ in
      .null
    }
  }
}
