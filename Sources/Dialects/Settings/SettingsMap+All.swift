// SPDX-License-Identifier: Apache-2.0

import Battery

extension SettingsMap {
  /// Each map's maker, in the order in which people are shown them.
  private static let makers: [@Sendable (DialectOptions) -> SettingsMap] = [
    { _ in .tinyBMS }, jbd, dalyA5, dalyD2, daly81, jkUART, jkPB, jkModbus, jkBLE,
  ]

  /// The maps of all dialects that have settings, for batteries without anything out of the ordinary.
  public static let all: [SettingsMap] = makers.map { $0(DialectOptions()) }

  /// The map of a dialect, for a battery of which its owner tells `options`; `nil` where its settings
  /// are not known.
  public static func of(
    _ dialect: some Sequence<UInt8>, _ options: DialectOptions = DialectOptions()
  ) -> SettingsMap? {
    for (index, map) in all.enumerated() where map.language.name.hasBytes(dialect) {
      return options == DialectOptions() ? map : makers[index](options)
    }
    return nil
  }
}
