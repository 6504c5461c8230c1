// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a block of records.
package enum BlockError: Error, Equatable, Sendable {
  /// The bytes end before the block does.
  case truncated
  /// The checksum in the block is not that of its bytes.
  case badChecksum
  /// The bytes do not begin as a block does.
  case notABlock
  /// The block has a form that this version does not know.
  case unknownVersion(UInt8)
  /// The checksum holds, but the content contradicts itself.
  case malformed
  /// Records that do not belong in one block: none, too many, or of several batteries or boots.
  case unpackable
}

extension BlockError: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    switch self {
    case .truncated: "the block ends too early"
    case .badChecksum: "the block's checksum does not hold"
    case .notABlock: "the bytes are not a block of records"
    case .unknownVersion(let version): "the block's version \(version) is newer than this program"
    case .malformed: "the block contradicts itself"
    case .unpackable: "these records do not belong in one block"
    }
  }
}
