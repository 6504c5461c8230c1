// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities

/// What frames between a battery and an inverter say beside the values that batteries share.
struct InverterDetail: Sendable {
  /// The key in JSON.
  let key: ReadingKey
  /// The value; `nil` where the frames do not tell it.
  let value: @Sendable (InverterDialect, InverterReading) -> Exchange.Value?

  static func number(
    _ name: StaticString, decimals: Int = 0, unit: StaticString = "", _ meaning: StaticString,
    _ value: @escaping @Sendable (InverterReading) -> Int64?
  ) -> Self {
    Self(key: ReadingKey(name, .number, decimals: decimals, unit: unit, meaning)) { _, reading in
      value(reading).map { .number($0, decimals: decimals) }
    }
  }

  static func text(
    _ name: StaticString, _ meaning: StaticString,
    _ value: @escaping @Sendable (InverterReading) -> Label?
  ) -> Self {
    Self(key: ReadingKey(name, .text, meaning)) { _, reading in
      value(reading).map { .text($0.string) }
    }
  }

  static func flag(
    _ name: StaticString, _ meaning: StaticString,
    _ value: @escaping @Sendable (InverterReading) -> Bool?
  ) -> Self {
    Self(key: ReadingKey(name, .flag, meaning)) { _, reading in value(reading).map { .flag($0) } }
  }
}

extension InverterDialect {
  /// The keys of a reading from frames, beside the points and what all batteries share.
  public static var keys: [ReadingKey] { details.map { $0.key } }
}
