// SPDX-License-Identifier: Apache-2.0

/// What is to be known about a setting beyond its row.
public struct SettingTraits: Sendable {
  /// What may go wrong when it is changed; `nil` where nothing can be harmed.
  public var danger: StaticString?
  /// Whether it is an order, which the device carries out and forgets, rather than a setting.
  ///
  /// It is written last, is in no backup, and cannot be undone.
  public var isOrder = false
  /// Whether a change restarts the device, so that it is written after the others.
  public var restarts = false
  /// The bits that mean something, for a row of bits; the others are kept as they are.
  public var bits: UInt16?

  /// A setting without anything special, unless told otherwise.
  public init(
    danger: StaticString? = nil, isOrder: Bool = false, restarts: Bool = false, bits: UInt16? = nil
  ) {
    self.danger = danger
    self.isOrder = isOrder
    self.restarts = restarts
    self.bits = bits
  }
}
