// SPDX-License-Identifier: Apache-2.0

package import Dialects

extension BatterySettings {
  /// The language that it speaks: that of its own register map, or one that Cellbus knows; `nil` where
  /// neither is there.
  package var language: Dialect? { map?.dialect ?? Dialect.named(dialect) }
}
