// SPDX-License-Identifier: Apache-2.0

import Battery

extension Dialect {
  /// Each dialect's maker of values, in the order in which people are shown them.
  private static let makers: [@Sendable (DialectOptions) -> Dialect] = [
    { _ in .tinyBMS },
    dalyA5, dalyD2, daly81, dalyCAN, dalyHKMS, dalySinowealth,
    jbd, jbdLogin, jbdUp,
    pylontechRS485, seplosV2, seplosV3, veDirect, discoverCAN,
    jkBLE, jkUART, jkCAN, jkPB, jkModbus,
  ]

  /// Every dialect there is, for batteries without anything out of the ordinary.
  public static let all: [Dialect] = makers.map { $0(DialectOptions()) }

  /// Every dialect that a battery on a serial line speaks.
  public static let serial: [Dialect] = all.filter { $0.serialBaud != nil }

  /// Every dialect that a battery on a wire speaks: on a serial line or on a CAN bus.
  public static let wired: [Dialect] = all.filter { $0.serialBaud != nil || $0.canBitrate != nil }

  /// The dialect with a name, for a battery of which its owner tells `options`; `nil` where there is
  /// none.
  public static func named(
    _ name: some Sequence<UInt8>, _ options: DialectOptions = DialectOptions()
  ) -> Dialect? {
    for (index, dialect) in all.enumerated() where dialect.name.hasBytes(name) {
      return options == DialectOptions() ? dialect : makers[index](options)
    }
    return nil
  }

  /// The dialect with a name, for a battery of which its owner tells `options`; `nil` where there is
  /// none.
  public static func named(_ name: String, _ options: DialectOptions = DialectOptions())
    -> Dialect?
  {
    named(name.utf8, options)
  }
}
