// SPDX-License-Identifier: Apache-2.0
import Battery

/// Something that happened at one moment, for the list that people read.
package struct Event: Hashable, Sendable {
  /// What happened.
  package enum Kind: String, CaseIterable, Sendable {
    /// A protection began; the code is the alarm's raw value.
    case alarmRaised = "alarm_raised"
    /// A protection ended.
    case alarmCleared = "alarm_cleared"
    /// A warning began; the code is the alarm's raw value.
    case warningRaised = "warning_raised"
    /// A warning ended.
    case warningCleared = "warning_cleared"
    /// The charge control changed its mode; the code is the mode's raw value.
    case mode
    /// The readings changed their stage; the code is the stage's raw value.
    case freshness
    /// The battery has another serial number or number of cells; the note says what was and is.
    case batteryChanged = "battery_changed"
    /// The gateway began to store.
    case started
    /// The gateway ended on purpose; without it, it was killed or lost its power.
    case stopped
    /// Somebody set the wall clock; the code is by how many milliseconds, positive forward.
    case clockSet = "clock_set"
    /// Records could not be stored; the code is how many.
    case dropped
    /// A damaged history was set aside under the name in the note.
    case setAside = "set_aside"
    /// Stored bytes could not be read any more; the code is how many pieces.
    case damaged
  }

  /// Which battery; 0 is the gateway itself.
  package var battery: Int
  /// The run of the gateway.
  package var boot: Int64
  /// The record that it came with; for the gateway itself a count of its own.
  package var sequence: Int64
  /// When it happened.
  package var moment: Moment
  /// What happened.
  package var kind: Kind
  /// Which alarm, mode or stage, or how many, by kind.
  package var code: Int64
  /// The mode or stage before; `nil` where there was none.
  package var previous: Int64?
  /// A few words; mostly empty.
  package var note: String

  /// An event.
  package init(
    _ kind: Kind, battery: Int = 0, boot: Int64 = 0, sequence: Int64 = 0, at moment: Moment,
    code: Int64 = 0, previous: Int64? = nil, note: String = ""
  ) {
    self.kind = kind
    self.battery = battery
    self.boot = boot
    self.sequence = sequence
    self.moment = moment
    self.code = code
    self.previous = previous
    self.note = note
  }
}

extension Event: CustomStringConvertible {
  /// A short phrase for people, such as `alarm cell_overvoltage raised`.
  package var description: String {
    switch kind {
    case .alarmRaised: "alarm \(alarm) raised"
    case .alarmCleared: "alarm \(alarm) cleared"
    case .warningRaised: "warning \(alarm) raised"
    case .warningCleared: "warning \(alarm) cleared"
    case .mode: previous.map { "mode \(mode(code)), was \(mode($0))" } ?? "mode \(mode(code))"
    case .freshness: "readings \(stage(code))"
    case .batteryChanged: note
    case .started: "gateway started"
    case .stopped: "gateway stopped"
    case .clockSet: "clock set by \(code) ms"
    case .dropped: "\(code) records could not be stored"
    case .setAside: "a damaged history was set aside as \(note)"
    case .damaged: "\(code) stored pieces could not be read"
    }
  }

  private var alarm: String {
    UInt8(exactly: code).flatMap(Alarm.init).map { "\($0.name)" } ?? "\(code)"
  }

  private func mode(_ raw: Int64) -> String {
    UInt8(exactly: raw).flatMap(ChargeMode.init).map { "\($0.name)" } ?? "\(raw)"
  }

  private func stage(_ raw: Int64) -> String {
    UInt8(exactly: raw).flatMap(Freshness.init).map { "\($0.name)" } ?? "\(raw)"
  }
}
