// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One kind of frame between a battery and an inverter: a row of the reference.
public struct FrameRow: Sendable {
  /// Who sends it.
  public enum Direction: UInt8, Sendable { case toInverter, toBattery }

  /// Identifier of 11 bits.
  public let id: UInt32
  /// Short name.
  public let name: StaticString
  /// Who sends it.
  public let direction: Direction
  /// Bytes of payload, when none of its fields is left out.
  public let length: UInt8
  /// Milliseconds between two of them; 0 where no period is known.
  public let period: Int64
  /// The last stage in which Cellbus sends it; `nil` for what Cellbus never sends.
  public let until: Freshness?
  /// One plain sentence on what it means.
  public let meaning: StaticString

  init(
    _ id: UInt32, _ name: StaticString, _ direction: Direction = .toInverter, length: UInt8 = 8,
    period: Int64 = 1000, until: Freshness?, _ meaning: StaticString
  ) {
    self.id = id
    self.name = name
    self.direction = direction
    self.length = length
    self.period = period
    self.until = until
    self.meaning = meaning
  }

  /// Whether it may be sent in a stage.
  public func isSent(in stage: Freshness) -> Bool {
    guard let until else { return false }
    return stage <= until
  }
}
