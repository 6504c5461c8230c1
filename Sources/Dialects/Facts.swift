// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What a conversation has learnt: a small fixed memory that the session owns and lends to its
/// dialect.
///
/// The slots mean what the dialect says; dialects give them names of their own.
@frozen public struct Facts: BitwiseCopyable, Sendable {
  /// How many slots there are.
  public static let capacity = 24

  /// When the bytes being read were received.
  public var now = Tick(0)
  /// Bit `n` asks the session to send poll `n` of the plan as soon as it can.
  public private(set) var wanted: UInt32 = 0

  /// Whether the frame being read is the first of its answer, or of its broadcast.
  public var isFirst = true
  /// Whether the frame just read is a part only: more frames of the same answer follow.
  ///
  /// Set while reading; the session then waits for them, and hands what was gathered to the next.
  public var isPartial = false
  /// Whether the broadcast just read completes the values that limits are decided from.
  ///
  /// Set while reading a frame that nobody asked for; for answers the poll tells it.
  public var isLive = false

  private var known: UInt32 = 0
  private var slots: [24 of Int64] = .init(repeating: 0)

  /// Nothing learnt yet.
  public init() {}

  /// What is known in a slot; `nil` before it was learnt.
  public subscript(slot: Int) -> Int64? {
    get { known >> UInt32(slot) & 1 == 1 ? slots[slot] : nil }
    set {
      if let newValue {
        slots[slot] = newValue
        known |= 1 << UInt32(slot)
      } else {
        known &= ~(1 << UInt32(slot))
      }
    }
  }

  /// Asks the session to send a poll of the plan, counted from 0, as soon as it can.
  public mutating func want(_ poll: Int) { wanted |= 1 << UInt32(poll) }

  /// The polls wanted so far; none is wanted afterwards.
  public mutating func takeWanted() -> UInt32 {
    defer { wanted = 0 }
    return wanted
  }
}
