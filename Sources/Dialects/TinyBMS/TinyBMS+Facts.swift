// SPDX-License-Identifier: Apache-2.0

import Quantities

extension TinyBMS {
  /// What a conversation with a TinyBMS remembers, by slot of `Facts`.
  enum Slot: Int {
    /// Register 50 as last told.
    case status
    /// Lifetime counter in seconds.
    case lifetime
    /// State of health in steps of 0.000001 %.
    case soh
    /// Register of the first cell.
    case firstCell
    /// Protections not recovered from, by bit of `Protection.all`.
    case active
    /// Those among them that are older than the last start of the unit.
    case beforeStart
    /// When the events were last read, in milliseconds.
    case eventsAt
    /// 1 while the events were read since the status last became a fault.
    case eventsCover
    /// 1 when the load switch is one of the unit's own transistors (setting 331).
    case loadSwitchIsOwn
    /// When a broadcast last told the state of the load switch, in milliseconds.
    case switchesAt
    /// 1 while the switch that discharging needs was closed.
    case dischargeSwitch
  }

  /// Milliseconds for which a broadcast's switch states are believed.
  static let switchesLast: Int64 = 30_000
  /// Milliseconds between two readings of the events while the unit reports a fault.
  static let faultEvents: Int64 = 1000
}

extension Facts {
  subscript(slot: TinyBMS.Slot) -> Int64? {
    get { self[slot.rawValue] }
    set { self[slot.rawValue] = newValue }
  }
}
