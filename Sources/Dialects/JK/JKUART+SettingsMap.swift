// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a JK board on its display port: one question tells all of them, each is written by
  /// its tag, and nothing but the next answer to that question says whether it was taken.
  public static func jkUART(_ options: DialectOptions) -> SettingsMap {
    SettingsMap(
      rows: JKUART.settings, rules: JKUART.rules, traits: JK.traits,
      language: Dialect.jkUART(options).forSettings { frame, request, _, _ throws(WireError) in
        _ = try JKUART.body(frame, request)
        throw .notAReading
      },
      questions: [.init(.identity, JKUART.question), .init(.current, JKUART.question)],
      words: JKUART.words, identify: JKUART.identify, block: JKUART.block,
      reading: { _ in JKUART.question }, writes: JKUART.writing)
  }
}

extension JKUART {
  static let settings: [Register] = {
    var settings: [Register] = []
    for row in rows where !JK.isSwitch(row) { settings.append(row) }
    settings.sort { $0.address < $1.address }
    return settings
  }()

  static let rules: [SettingRule] = [
    .ascending(0x8F00, 0x8E00, gap: 1), .ascending(0x9300, 0x9400, gap: 1),
    .ascending(0x9400, 0x9100, gap: 1), .ascending(0x9100, 0x9000, gap: 1),
    .ascending(0x9F00, 0x9E00, gap: 0), .ascending(0xA100, 0xA000, gap: 0),
    .ascending(0xA500, 0xA600, gap: 0), .ascending(0xA700, 0xA800, gap: 0),
  ]

  /// A number of two words is one value behind its tag.
  static func block(_ address: UInt16) -> SettingsBlock {
    for row in settings where row.form.words == 2 && address & 0xFF00 == row.address {
      return SettingsBlock(row.address, count: 2)
    }
    return SettingsBlock(address)
  }

  /// What a checked answer tells; firmware leaves some tags out.
  static func words(_: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard let body = try? body(frame.span, question) else { return nil }
    let tags = JKTags(body)
    var values: [Exchange.RegisterValue] = []
    for row in settings {
      if let raw = tags.raw(row) { values.append(.init(row, raw)) }
    }
    return values.isEmpty ? nil : SettingsWords(values)
  }

  static func identify(_: Request, _ frame: [UInt8], _ identity: inout Identity) {
    guard let body = try? body(frame.span, question) else { return }
    identify(JKTags(body), &identity)
  }

  /// The request that writes the words of a row; for an address without one the question, which harms
  /// nobody.
  static func writing(_ address: UInt16, _ words: [UInt16]) -> Request {
    for row in settings where row.address == address {
      if let raw = SettingsWords(base: address, words).raw(row) { return writing(row, raw) }
    }
    return question
  }
}
