// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One kind of frame between a battery and an inverter: a row of the reference, from which it is encoded.
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
  /// The lengths at which it may end before fields that are not known, rising.
  public let ends: [UInt8]
  /// Milliseconds between two of them; 0 where no period is known.
  public let period: Int64
  /// The last stage in which Cellbus sends it; `nil` for what Cellbus never sends.
  public let until: Freshness?
  /// Whether it is sent even though none of its fields is known.
  public let isConstant: Bool
  /// Why it must be sent, in words that follow "expected"; `nil` where an inverter goes on without it.
  public let needed: StaticString?
  /// One plain sentence on what it means.
  public let meaning: StaticString
  /// Its fields, in the order of their bytes; none for what Cellbus never sends.
  public internal(set) var fields: [FieldRow]

  /// Milliseconds between two of them as the owner chose; `nil` sends one in each cycle.
  public internal(set) var pace: Int64?
  /// Whether the owner chose not to send it.
  public internal(set) var isOmitted = false

  init(
    _ id: UInt32, _ name: StaticString, _ direction: Direction = .toInverter, length: UInt8 = 8,
    ends: [UInt8] = [], period: Int64 = 1000, until: Freshness?, isConstant: Bool = false,
    needed: StaticString? = nil, _ meaning: StaticString, _ fields: [FieldRow] = []
  ) {
    self.id = id
    self.name = name
    self.direction = direction
    self.length = length
    self.ends = ends
    self.period = period
    self.until = until
    self.isConstant = isConstant
    self.needed = needed
    self.meaning = meaning
    self.fields = fields
    for index in self.fields.indices { self.fields[index].id = id }
  }

  /// Whether it may be sent in a stage.
  public func isSent(in stage: Freshness) -> Bool {
    guard let until, !isOmitted else { return false }
    return stage <= until
  }

  /// Whether the owner changed anything of it.
  public var isChanged: Bool { isOmitted || pace != nil || fields.contains { $0.isChanged } }

  /// How many of its bytes can be told when fields are omitted: it ends before the first of them that
  /// has no mark, and 0 says that nothing is left of it.
  public var reach: UInt8 {
    for field in fields where field.isOmitted && field.mark == nil {
      return ends.last { $0 <= field.offset } ?? 0
    }
    return length
  }

  /// The longest time between two of them that the inverter is sure to bear, in milliseconds.
  public var longestPeriod: Int64 {
    if needed != nil { return 1000 }
    return until == .stale ? 10_000 : 5000
  }
}
