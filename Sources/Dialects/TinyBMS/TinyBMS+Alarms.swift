// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// Which protections are active. No register tells: register 50 says that there is a fault, the
// event memory says which.

extension TinyBMS {
  /// Takes over register 50: a fault acts at once, and the events that name it are asked for.
  static func learn(status: UInt16, _ facts: inout Facts) {
    let fault = Int64(Status.fault)
    let last = facts[.status]
    facts[.status] = Int64(status)
    let isFault = status == Status.fault
    if isFault, last != fault { facts[.eventsCover] = nil }
    let isOverdue = facts[.eventsAt].map { facts.now.milliseconds - $0 >= faultEvents } ?? true
    if last == nil || (last == fault) != isFault || (isFault && isOverdue) {
      facts.want(Plan.events)
    }
  }

  /// Takes over the whole event memory, oldest entry first.
  static func learn(events: borrowing Span<UInt32>, _ facts: inout Facts) {
    // When each id was last seen, as an order of time and then of place; 0 never.
    var newest: [128 of Int64] = .init(repeating: 0)
    let now = UInt32(truncatingIfNeeded: facts[.lifetime] ?? Int64(UInt32.max))
    for index in 0..<events.count {
      let event = Event(packed: events[index])
      guard event.id != 0, event.id < 128 else { continue }
      let order = Int64(event.time(before: now)) * 64 + Int64(index) + 1
      newest[Int(event.id)] = max(newest[Int(event.id)], order)
    }
    var active: Int64 = 0
    var beforeStart: Int64 = 0
    for (bit, protection) in Protection.all.enumerated() {
      let since = newest[Int(protection.id)]
      guard since > 0 else { continue }
      var isOver = false
      for end in protection.ends where newest[Int(end)] > since { isOver = true }
      guard !isOver else { continue }
      active |= 1 << Int64(bit)
      if newest[0x61] > since { beforeStart |= 1 << Int64(bit) }
    }
    facts[.active] = active
    facts[.beforeStart] = beforeStart
    facts[.eventsAt] = facts.now.milliseconds
    facts[.eventsCover] = 1
  }

  /// Tells what is known of alarms and of the permission to charge and to discharge.
  ///
  /// While the unit reports a fault that no event names, both directions count as inhibited. An
  /// entry that opens a switch is not believed while the unit itself says that current flows
  /// through that switch, nor an entry older than the last start while there is no fault.
  static func tellAlarms(_ facts: Facts, _ reading: inout Reading) {
    guard let status = facts[.status].map({ UInt16(truncatingIfNeeded: $0) }) else { return }
    let isFault = status == Status.fault
    reading.reportsAlarms = true
    reading.reportable = reportable
    var stopsCharge = false
    var stopsDischarge = false
    var isNamed = false
    let active = facts[.active] ?? 0
    if active != 0 {
      let old = isFault ? 0 : facts[.beforeStart] ?? 0
      for (bit, protection) in Protection.all.enumerated()
      where (active & ~old) >> Int64(bit) & 1 == 1 {
        guard !isContradicted(protection, by: status) else { continue }
        if protection.isWarning {
          reading.warnings.formUnion(AlarmSet(protection.alarm))
          continue
        }
        reading.alarms.formUnion(AlarmSet(protection.alarm))
        isNamed = true
        let sparesCharge =
          protection.id == Protection.dischargeOvercurrent && facts[.loadSwitchIsOwn] == 0
        stopsCharge = stopsCharge || (protection.stopsCharge && !sparesCharge)
        stopsDischarge = stopsDischarge || protection.stopsDischarge
      }
    }
    if isFault, !isNamed || facts[.eventsCover] == nil {
      reading.alarms.formUnion(.of(.chargeInhibited, .dischargeInhibited))
      stopsCharge = true
      stopsDischarge = true
    }
    tellPermission(facts, stopsCharge, stopsDischarge, &reading)
  }

  private static func isContradicted(_ protection: Protection, by status: UInt16) -> Bool {
    switch status {
    case Status.charging: protection.stopsCharge
    case Status.discharging: protection.stopsDischarge
    default: false
    }
  }

  /// Permission is what neither a protection nor, where broadcasts tell it, an open load switch denies;
  /// it stays unknown before the events were read.
  ///
  /// An open charger switch denies nothing: the unit opens it whenever it sees no charger (User Manual
  /// Rev D p.55 prints one that is open in ordinary use), and an inverter that is told not to charge
  /// would never show it one.
  private static func tellPermission(
    _ facts: Facts, _ stopsCharge: Bool, _ stopsDischarge: Bool, _ reading: inout Reading
  ) {
    let knowsEvents = facts[.eventsAt] != nil
    let charge: Int64? = stopsCharge ? 0 : knowsEvents ? 1 : nil
    var discharge: Int64? = stopsDischarge ? 0 : knowsEvents ? 1 : nil
    if let at = facts[.switchesAt], facts.now.milliseconds - at <= switchesLast {
      if let isOn = facts[.dischargeSwitch] { discharge = min(discharge ?? 1, isOn) }
    }
    reading[.chargeEnabled] = charge
    reading[.dischargeEnabled] = discharge
  }
}
