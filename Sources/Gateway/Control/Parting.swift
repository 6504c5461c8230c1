// SPDX-License-Identifier: Apache-2.0

import Links
import Quantities
import Wire

/// The last word to an inverter that the settings no longer name: one cycle of the stale stage, then
/// silence, without a wait for any other bus.
struct Parting {
  /// Milliseconds between two of its frames.
  private static let gap: Int64 = 5

  let bus: Bus
  private var frames: ArraySlice<CANFrame>
  /// When to go on.
  private(set) var due: Tick

  /// A last word that begins after `pause` milliseconds, the distance that the inverter asks for.
  init(_ bus: Bus, _ frames: [CANFrame], pause: Int64, at now: Tick) {
    self.bus = bus
    self.frames = frames[...]
    due = now + pause
  }

  /// Says what is due; answers the bus when all is said.
  mutating func next(at now: Tick) -> Bus? {
    guard now >= due else { return nil }
    due = now + Self.gap
    guard bus.link.isOpen, let frame = frames.popFirst() else { return bus }
    do throws(LinkError) {
      try bus.link.send(frame)
    } catch {
      // A bus that takes nothing is told nothing more: its inverter's own dead-man acts.
      return bus
    }
    return nil
  }
}
