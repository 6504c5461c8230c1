// SPDX-License-Identifier: Apache-2.0
import CLinux

/// What a CAN controller has told of its bus, by the kernel's error frames.
package struct CANHealth: Hashable, Sendable {
  /// How well a controller gets on with its bus.
  package enum State: UInt8, Sendable, Comparable {
    /// All is well, as far as was told.
    case active
    /// Many errors: over 96 by the controller's count.
    case warning
    /// So many errors that it keeps out of the way: over 127 by the controller's count.
    case passive
    /// It has taken itself off the bus.
    case busOff

    /// The name in JSON.
    package var name: StaticString {
      switch self {
      case .active: "active"
      case .warning: "warning"
      case .passive: "passive"
      case .busOff: "bus_off"
      }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The state that was told last.
  package private(set) var state = State.active
  /// Times that the controller took itself off the bus (bus-off).
  package private(set) var busOff: UInt64 = 0
  /// Times that it came back.
  package private(set) var restarted: UInt64 = 0
  /// Frames that nobody acknowledged: no other node, or the wrong bit rate.
  package private(set) var unacknowledged: UInt64 = 0
  /// Transmissions that timed out.
  package private(set) var timedOut: UInt64 = 0
  /// Changes of the controller's state: warning, error-passive, overflow.
  package private(set) var warnings: UInt64 = 0
  /// Faults on the bus and protocol violations.
  package private(set) var busErrors: UInt64 = 0

  /// Nothing told yet.
  package init() {}

  /// The classes of error frames that are asked for.
  static let mask =
    clinux_can_bus_off | clinux_can_restarted | clinux_can_unacknowledged
    | clinux_can_lost_transmission | clinux_can_controller | clinux_can_bus_error

  /// Counts an error frame by the classes in its identifier; `data` holds its bytes, the first the
  /// lowest.
  ///
  /// Source: linux/can/error.h; the state is in byte 1.
  package mutating func count(_ id: UInt32, data: UInt64 = 0) {
    if id & clinux_can_unacknowledged != 0 { unacknowledged += 1 }
    if id & clinux_can_lost_transmission != 0 { timedOut += 1 }
    if id & clinux_can_bus_error != 0 { busErrors += 1 }
    if id & clinux_can_controller != 0 {
      warnings += 1
      let told = UInt8(truncatingIfNeeded: data >> 8)
      if told & (clinux_can_passive_in | clinux_can_passive_out) != 0 {
        state = .passive
      } else if told & (clinux_can_warning_in | clinux_can_warning_out) != 0 {
        state = .warning
      } else if told & clinux_can_active != 0 {
        state = .active
      }
    }
    if id & clinux_can_bus_off != 0 {
      busOff += 1
      state = .busOff
    }
    if id & clinux_can_restarted != 0 {
      restarted += 1
      state = .active
    }
  }

  /// A frame came in: whoever hears frames is on the bus, even where the driver does not tell that
  /// it came back.
  mutating func heard() {
    if state == .busOff { state = .active }
  }

  /// A bus that was opened anew has told nothing yet; what was counted stays.
  mutating func opened() { state = .active }
}
