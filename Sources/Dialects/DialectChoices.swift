// SPDX-License-Identifier: Apache-2.0

/// Which of the `DialectOptions` a dialect has a use for.
public struct DialectChoices: Sendable, Hashable {
  /// The numbers that boards on a shared bus may have; `nil` where they have none.
  public var addresses: ClosedRange<UInt8>?
  /// The number that a board has unless its owner tells another.
  public var usualAddress: UInt8 = 1
  /// Whether it can take the sign of the current the other way round.
  public var invertsCurrent: Bool
  /// Whether it can show a password.
  public var password: Bool
  /// Whether it needs the radio module's own address.
  public var module: Bool

  /// A dialect that uses what is named here.
  public init(
    addresses: ClosedRange<UInt8>? = nil, usualAddress: UInt8 = 1, invertsCurrent: Bool = false,
    password: Bool = false,
    module: Bool = false
  ) {
    self.addresses = addresses
    self.usualAddress = usualAddress
    self.invertsCurrent = invertsCurrent
    self.password = password
    self.module = module
  }
}
