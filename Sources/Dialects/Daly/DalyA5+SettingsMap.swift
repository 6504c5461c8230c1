// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The limits of a Daly board with the classic language, which are read only: how they are written is
  /// nowhere published.
  public static func dalyA5(_ options: DialectOptions) -> SettingsMap {
    let board = options.address ?? 1
    let whole = Dialect.dalyA5(options)
    let ask: @Sendable (UInt8) -> Request = { command in
      Request(
        tag: UInt32(command) << 16, bytes: DalyA5.encode(command, board: board), timeout: 400,
        pauseAfter: 60)
    }
    var questions: [SettingsQuestion] = [
      .init(.identity, ask(DalyA5.Command.serial), isOptional: true),
      .init(.identity, ask(DalyA5.Command.software), isOptional: true),
    ]
    for command in DalyA5.settingsCommands {
      questions.append(
        .init(.current, ask(command), isOptional: command != DalyA5.Command.cellLimits))
    }
    return SettingsMap(
      rows: DalyA5.settings, rules: [], traits: { _ in .init() },
      language: whole.forSettings { frame, request, facts, reading throws(WireError) in
        try whole.read(frame, request, &facts, &reading)
      },
      questions: questions, words: DalyA5.words, identify: whole.identify,
      reading: { ask(UInt8(truncatingIfNeeded: $0 / 4)) },
      // No row can be written, so that this is never asked for; a question harms nobody.
      writes: { address, _ in ask(UInt8(truncatingIfNeeded: address / 4)) })
  }
}

extension DalyA5 {
  /// What is asked for settings: totals, texts and the clock are none.
  static let settingsCommands: [UInt8] = [
    Command.rated, Command.kind, Command.cellLimits, Command.packLimits, Command.currentLimits,
    Command.temperatureLimits, Command.chargeLimits, Command.differenceLimits, Command.balanceStart,
    Command.shunt,
  ]

  static let settings: [Register] = {
    var rows: [Register] = []
    for row in registers + limits
    where settingsCommands.contains(UInt8(truncatingIfNeeded: row.address / 4)) { rows.append(row) }
    return rows
  }()

  /// Limits of which the order is told differently, or that take a byte each.
  private static let limits: [Register] = [
    current(
      0, "current_first_l1_a", "First limit of current, of charging by most accounts: warned of."),
    current(1, "current_first_l2_a", "The same: stops."),
    current(
      2, "current_second_l1_a", "Second limit of current, of discharging by most: warned of."),
    current(3, "current_second_l2_a", "The same: stops."),
    degrees(0, .uint8High, "charge_high_l1_c", "Charging above it is warned of."),
    degrees(0, .uint8Low, "charge_high_l2_c", "Above it charging stops."),
    degrees(1, .uint8High, "charge_low_l1_c", "Charging below it is warned of."),
    degrees(1, .uint8Low, "charge_low_l2_c", "Below it charging stops."),
    degrees(2, .uint8High, "discharge_high_l1_c", "Discharging above it is warned of."),
    degrees(2, .uint8Low, "discharge_high_l2_c", "Above it discharging stops."),
    degrees(3, .uint8High, "discharge_low_l1_c", "Discharging below it is warned of."),
    degrees(3, .uint8Low, "discharge_low_l2_c", "Below it discharging stops."),
  ]

  private static func current(
    _ word: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    Register(
      UInt16(Command.currentLimits) * 4 + word, name, .uint16, .settings, offset: -30_000,
      decimals: 1, unit: "A", meaning)
  }

  private static func degrees(
    _ word: UInt16, _ form: Register.Form, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    Register(
      UInt16(Command.temperatureLimits) * 4 + word, name, form, .settings, offset: -40, unit: "°C",
      meaning)
  }

  /// The words of one checked frame; its bytes beyond those that a command defines mean nothing.
  static func words(_ request: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard frame.count >= length else { return nil }
    var words: [UInt16] = []
    for index in 0..<4 { words.append(frame.span.bigUInt16(at: 4 + 2 * index)) }
    var all = SettingsWords(base: UInt16(frame[2]) * 4, words)
    all.isHighFirst = true
    return all
  }
}
