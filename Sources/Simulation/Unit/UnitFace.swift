// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// The side of a battery management system that is on the wire: how it answers in one language, with
/// the quirks of real units, from a state that others keep.
///
/// On CAN the bytes are `CANRecord`s, as in a dialect.
public protocol UnitFace: Sendable {
  /// What was ordered over the wire so far.
  var orders: UnitOrders { get set }
  /// How it misbehaves.
  var quirks: TinyBMSQuirks { get set }
  /// When to call `next` again, unless something comes in.
  var deadline: Tick { get }

  /// Bytes came in; `now` is real time.
  mutating func received(_ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick)

  /// What goes out next; called again after each `.send`.
  mutating func next(_ state: UnitState, at now: Tick) -> UnitStep

  /// A program has connected anew, over a link that tells: a radio module may ask who it is.
  mutating func connected(at now: Tick)
}

extension UnitFace {
  /// A wire does not tell who is at its other end.
  public mutating func connected(at now: Tick) {}
}
