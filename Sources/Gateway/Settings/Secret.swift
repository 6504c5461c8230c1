// SPDX-License-Identifier: Apache-2.0

/// Something that nobody may read, such as a password; it is never printed, logged or answered.
///
/// Whatever describes it, or a value that holds it, shows three dots in its place.
package struct Secret: Sendable, Hashable {
  /// The secret itself, for the wire that needs it and nothing else.
  package let bytes: [UInt8]

  /// A secret from its bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What stands in its place wherever it would be shown.
  package static let mask = "•••"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { Self.mask }
  package var debugDescription: String { Self.mask }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
