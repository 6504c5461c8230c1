// SPDX-License-Identifier: Apache-2.0

/// Addresses that one request writes: one word or text, or several words that cannot be written
/// one by one.
public struct SettingsBlock: Hashable, Sendable {
  /// The first address.
  public let address: UInt16
  /// How many addresses there are.
  public let count: UInt16

  /// A block; of one address unless told otherwise.
  public init(_ address: UInt16, count: UInt16 = 1) {
    self.address = address
    self.count = count
  }

  /// Whether an address lies in it.
  func contains(_ other: UInt16) -> Bool { other >= address && other - address < count }
}
