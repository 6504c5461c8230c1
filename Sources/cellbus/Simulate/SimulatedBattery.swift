// SPDX-License-Identifier: Apache-2.0

import Quantities
import Simulation
import Wire

/// A bench with a battery of any language.
protocol SimulatedBattery {
  /// The bench itself, for what is true.
  var rig: Rig { get }
  /// What it is to others that are joined with it.
  var terminals: PackTerminals { get }
  /// When to come back, unless something is received before.
  var deadline: Tick { get }

  /// Lets time pass.
  mutating func advance(to now: Tick)
  /// Lets a bank drive a current through it from now on.
  mutating func impose(_ current: Double, hasCharger: Bool)
  /// A program has connected over a link that tells.
  mutating func connected(at now: Tick)
  /// Bytes for the battery came in.
  mutating func serialReceived(_ bytes: borrowing Span<UInt8>, at now: Tick)
  /// What the battery's line does next.
  mutating func serialNext(at now: Tick) -> UnitStep
  /// A frame came from the inverter's bus.
  mutating func canReceived(_ frame: CANFrame, at now: Tick)
  /// The next frame that the GX sends.
  mutating func canNext(at now: Tick) -> CANFrame?
}

extension Rig: SimulatedBattery {
  var rig: Rig { self }

  // A wire does not tell who is at its other end.
  mutating func connected(at now: Tick) {}
}

extension FacedRig: SimulatedBattery {}
