// SPDX-License-Identifier: Apache-2.0

import Battery

extension Dialect {
  /// Every dialect there is.
  public static let all: [Dialect] = [.tinyBMS]

  /// The dialect with a name; `nil` where there is none.
  public static func named(_ name: some Sequence<UInt8>) -> Dialect? {
    for dialect in all where dialect.name.hasBytes(name) { return dialect }
    return nil
  }

  /// The dialect with a name; `nil` where there is none.
  public static func named(_ name: String) -> Dialect? { named(name.utf8) }
}
