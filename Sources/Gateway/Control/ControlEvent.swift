// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Dialects

/// Something that happened to one battery or to its inverter, said once.
package enum ControlEvent: Sendable {
  /// A stage of age began.
  case freshness(Freshness, from: Freshness)
  /// The charge control began to do something else.
  case mode(ChargeMode, from: ChargeMode?)
  /// A protection became active.
  case alarmRaised(Alarm)
  /// A protection is over.
  case alarmCleared(Alarm)
  /// A warning became active.
  case warningRaised(Alarm)
  /// A warning is over.
  case warningCleared(Alarm)
  /// The conversation with the battery met a fault; `count` of the same kind in a row.
  case fault(Fault)
  /// The conversation works again after faults.
  case recovered(faults: UInt64)
  /// The battery said for the first time who it is.
  case identified(Identity)
  /// The battery is read by another door from now on.
  case door(String, from: String, DoorReason)
  /// There is another battery behind a door, which is not used.
  case stranger(door: String, difference: String)
  /// It has another serial number or another number of cells than before.
  case changed(Recognition.Change)
  /// The inverter was heard, or not any longer.
  case inverterHeard(Bool)
  /// A pack of a bank stands otherwise than before.
  case pack(String, PackState, from: PackState)
  /// A value of a bank comes from another battery, or from its packs again.
  case source(Point, battery: String, isInUse: Bool)

  /// Why another door is used.
  package enum DoorReason: Sendable {
    /// Nothing came by the one before.
    case silent
    /// It is preferred, and well again.
    case better
    /// There is another battery behind the one before.
    case stranger
  }

  /// How severe it is.
  package var level: LogLevel {
    switch self {
    case .freshness(let stage, let from): stage >= .stale ? .error : stage > from ? .warning : .info
    case .mode, .alarmCleared, .warningCleared, .recovered, .identified: .info
    case .door(_, _, let reason): reason == .better ? .info : .warning
    case .alarmRaised, .stranger, .changed: .error
    case .warningRaised, .fault: .warning
    case .inverterHeard(let isHeard): isHeard ? .info : .warning
    case .pack(_, .online, _), .pack(_, .late, _), .pack(_, .undecided, from: .lost): .info
    case .pack(_, let state, _): state.isHeard ? .warning : .error
    case .source(_, _, let isInUse): isInUse ? .info : .warning
    }
  }

  /// One sentence for people.
  package var text: String {
    switch self {
    case .freshness(.fresh, _): "readings are fresh"
    case .freshness(.aging, _): "readings are late; limits may fall but not rise"
    case .freshness(.stale, _):
      "readings are stale; charging stops and measured values are withheld"
    case .freshness(.lost, _):
      "the battery is lost; nothing is sent to the inverter until it answers again"
    case .mode(let mode, nil): "charge control starts in \(mode.name)"
    case .mode(let mode, let from?): "charge control goes from \(from.name) to \(mode.name)"
    case .alarmRaised(let alarm): "protection \(alarm.name) is active"
    case .alarmCleared(let alarm): "protection \(alarm.name) is over"
    case .warningRaised(let alarm): "warning \(alarm.name) is active"
    case .warningCleared(let alarm): "warning \(alarm.name) is over"
    case .fault(let fault): "\(fault)"
    case .recovered(let faults): "the battery answers again after \(faults) failed exchanges"
    case .identified(let identity):
      "it has the serial number \(identity.serial?.string ?? "unknown"), firmware "
        + "\(identity.firmware?.string ?? "unknown")"
    case .door(let door, let other, .silent):
      "nothing came by \(other): it is read by \(door) now"
    case .door(let door, let other, .stranger):
      "another battery is behind \(other): it is read by \(door) now"
    case .door(let door, let other, .better):
      "\(door) is well again: it is read by that and no longer by \(other)"
    case .stranger(let door, let difference):
      "there is another battery behind \(door), which is not used: \(difference)"
    case .changed(let change):
      "\(change.text) Limits stop until it has told the same for 5 minutes, or until the settings of "
        + "this battery are changed or the gateway is started again"
    case .inverterHeard(true): "the inverter is on the bus"
    case .inverterHeard(false): "the inverter has not been heard for 10 minutes"
    case .pack(let name, let state, _): "pack \(name) \(state.phrase)"
    case .source(let point, let battery, true): "\(point.name) comes from \(battery)"
    case .source(let point, let battery, false):
      "\(point.name) is that of the packs again: \(battery) has not told it for too long"
    }
  }
}
