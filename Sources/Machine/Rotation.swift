// SPDX-License-Identifier: Apache-2.0

/// When a file that grows is put aside and a new one begun, and how many of the old are kept.
package struct Rotation: Sendable, Hashable {
  /// Bytes at which a file is put aside.
  package var largest: Int64 = 10 << 20
  /// Milliseconds after its first line at which a file is put aside; `nil` for no age.
  package var longest: Int64?
  /// How many that were put aside are kept.
  package var kept = 5

  /// 10 MiB, no age, five old files.
  package init() {}

  /// Never put aside.
  package static var none: Rotation {
    var rotation = Rotation()
    rotation.largest = .max
    return rotation
  }
}
