// SPDX-License-Identifier: Apache-2.0

/// What an owner may have to tell of one battery before its language can be spoken.
///
/// A dialect takes what it knows and ignores the rest.
public struct DialectOptions: Sendable, Hashable {
  /// The number of the board or pack on a shared bus, as its switches or its maker's program show it;
  /// `nil` takes the dialect's usual one.
  public var address: UInt8?
  /// Whether this board tells its current with the other sign: some firmware does.
  public var invertsCurrent = false
  /// The password that the battery or its radio module asks for; empty where none is set.
  public var password: [UInt8] = []
  /// The radio module's own address, six bytes as printed; empty where there is none.
  public var module: [UInt8] = []

  /// Nothing out of the ordinary.
  public init() {}
}
