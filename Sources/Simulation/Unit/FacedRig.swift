// SPDX-License-Identifier: Apache-2.0

public import Quantities
public import Wire

/// A bench whose battery speaks another language than a TinyBMS: the same pack, charger, loads and
/// protections behind another face.
public struct FacedRig<Face: UnitFace>: Sendable {
  /// The bench.
  public private(set) var rig: Rig
  /// The side on the wire.
  public var face: Face

  /// A bench with a face.
  public init(_ rig: Rig, face: Face) {
    self.rig = rig
    self.face = face
    self.rig.unit.staysAwake = true
  }

  /// Lets time pass up to `now`.
  public mutating func advance(to now: Tick) {
    face.quirks = rig.unit.quirks
    // An order to count from elsewhere waits for the next step of the battery's time.
    let soc = face.orders.soc ?? rig.orders.soc
    face.orders.soc = nil
    rig.orders = face.orders
    rig.orders.soc = soc
    rig.advance(to: now)
  }

  /// What it is at its terminals.
  public var terminals: PackTerminals { rig.terminals }

  /// Lets a bank drive a current through it from now on.
  public mutating func impose(_ current: Double, hasCharger: Bool) {
    rig.impose(current, hasCharger: hasCharger)
  }

  /// Bytes for the battery came in.
  public mutating func serialReceived(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    advance(to: now)
    let arrived = rig.arriving(bytes.copy(0, bytes.count))
    face.received(arrived.span, rig.state, at: now)
  }

  /// A program has connected anew, over a link that tells.
  public mutating func connected(at now: Tick) {
    advance(to: now)
    face.connected(at: now)
  }

  /// What the battery's line does next; called again after each `.send`.
  public mutating func serialNext(at now: Tick) -> UnitStep {
    advance(to: now)
    if let echo = rig.takeEcho() { return .send(echo) }
    while true {
      guard case .send(let bytes) = face.next(rig.state, at: now) else { break }
      let arrived = rig.leaving(bytes)
      if !arrived.isEmpty { return .send(arrived) }
    }
    return .wait(until: face.deadline)
  }

  /// A frame came from the inverter's bus.
  public mutating func canReceived(_ frame: CANFrame, at now: Tick) {
    advance(to: now)
    rig.canReceived(frame, at: now)
  }

  /// The next frame that the GX sends, if one is due; called again until there is none.
  public mutating func canNext(at now: Tick) -> CANFrame? {
    advance(to: now)
    return rig.canNext(at: now)
  }

  /// When to call again, unless something comes in before.
  public var deadline: Tick { min(rig.gx.deadline, face.deadline) }
}
