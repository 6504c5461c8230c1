// SPDX-License-Identifier: Apache-2.0

/// One classic CAN 2.0 data frame.
@frozen public struct CANFrame: Hashable, BitwiseCopyable, Sendable {
  /// The identifier: 11 bits, or 29 when `isExtended`.
  public var id: UInt32
  /// Whether the identifier has 29 bits.
  public var isExtended: Bool
  /// How many bytes of `data` are sent, 0 to 8.
  public private(set) var count: UInt8
  /// The payload; bytes from `count` on are zero.
  public private(set) var data: [8 of UInt8]

  /// A frame with at most 8 bytes of payload; further bytes are dropped.
  public init(id: UInt32, isExtended: Bool = false, _ payload: borrowing Span<UInt8>) {
    self.id = id & (isExtended ? 0x1FFF_FFFF : 0x7FF)
    self.isExtended = isExtended
    count = UInt8(min(8, payload.count))
    data = .init(repeating: 0)
    for index in 0..<Int(count) { data[index] = payload[index] }
  }

  /// A frame with at most 8 bytes of payload; further bytes are dropped.
  public init(id: UInt32, isExtended: Bool = false, _ payload: [UInt8]) {
    self.init(id: id, isExtended: isExtended, payload.span)
  }

  /// The unsigned word at `offset`, low byte first; `nil` when the frame ends before.
  @inlinable public func littleUInt16(at offset: Int) -> UInt16? {
    guard offset + 2 <= Int(count) else { return nil }
    return UInt16(data[offset]) | UInt16(data[offset + 1]) << 8
  }

  /// The signed word at `offset`, low byte first; `nil` when the frame ends before.
  @inlinable public func littleInt16(at offset: Int) -> Int16? {
    littleUInt16(at: offset).map(Int16.init(bitPattern:))
  }

  /// The unsigned double word at `offset`, lowest byte first; `nil` when the frame ends before.
  @inlinable public func littleUInt32(at offset: Int) -> UInt32? {
    guard let low = littleUInt16(at: offset), let high = littleUInt16(at: offset + 2) else {
      return nil
    }
    return UInt32(low) | UInt32(high) << 16
  }

  /// The payload as an array.
  public var payload: [UInt8] { data.span.copy(0, Int(count)) }

  /// Whether identifier, length and payload are the same.
  public static func == (a: Self, b: Self) -> Bool {
    guard a.id == b.id, a.isExtended == b.isExtended, a.count == b.count else { return false }
    for index in 0..<8 where a.data[index] != b.data[index] { return false }
    return true
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(count)
    for index in 0..<8 { hasher.combine(data[index]) }
  }
}
