// SPDX-License-Identifier: Apache-2.0
import CLinux

/// What a CAN controller has told of its bus, by the kernel's error frames.
package struct CANHealth: Hashable, Sendable {
  /// Times that the controller took itself off the bus (bus-off).
  package var busOff: UInt64 = 0
  /// Times that it came back.
  package var restarted: UInt64 = 0
  /// Frames that nobody acknowledged: no other node, or the wrong bit rate.
  package var unacknowledged: UInt64 = 0
  /// Transmissions that timed out.
  package var timedOut: UInt64 = 0
  /// Changes of the controller's state: warning, error-passive, overflow.
  package var warnings: UInt64 = 0
  /// Faults on the bus and protocol violations.
  package var busErrors: UInt64 = 0

  /// Nothing told yet.
  package init() {}

  /// The classes of error frames that are asked for.
  static let mask =
    clinux_can_bus_off | clinux_can_restarted | clinux_can_unacknowledged
    | clinux_can_lost_transmission | clinux_can_controller | clinux_can_bus_error

  /// Counts an error frame by the classes in its identifier.
  ///
  /// Source: linux/can/error.h.
  package mutating func count(_ id: UInt32) {
    if id & clinux_can_bus_off != 0 { busOff += 1 }
    if id & clinux_can_restarted != 0 { restarted += 1 }
    if id & clinux_can_unacknowledged != 0 { unacknowledged += 1 }
    if id & clinux_can_lost_transmission != 0 { timedOut += 1 }
    if id & clinux_can_controller != 0 { warnings += 1 }
    if id & clinux_can_bus_error != 0 { busErrors += 1 }
  }
}
