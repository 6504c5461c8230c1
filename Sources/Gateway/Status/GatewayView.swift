// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Dialects
package import History
package import Links
package import Quantities

/// What the gateway shows of itself at one moment; a copy, so that looking costs the control path nothing.
package struct GatewayView: Sendable {
  /// One battery.
  package struct BatteryView: Sendable {
    /// The name in the settings.
    package var name: String
    /// The language it speaks.
    package var dialect: String
    /// The wire's name.
    package var link: String
    /// Why the wire is down; `nil` while it is up.
    package var linkFault: String?
    /// The number of the board on a shared line, where the settings name one.
    package var address: UInt8?
    /// Which of its doors is in use, from 1.
    package var door = 1
    /// All its doors, where there are several.
    package var doors: [DoorView] = []
    /// What the wire counted.
    package var counters: LinkCounters
    /// What the controller of its CAN bus has told; `nil` where none tells.
    package var health: CANHealth?
    /// How the conversation goes.
    package var statistics: SessionStatistics
    /// Everything known about it.
    package var snapshot: Snapshot
    /// What it says it is doing, as a word.
    package var status: String?
    /// The stage of its age.
    package var freshness: Freshness
    /// Ages at which the stages end.
    package var bounds: Freshness.Bounds
    /// What the inverter may do with it; `nil` while that cannot be decided.
    package var limits: Limits?
    /// Why there are no limits, in a few words.
    package var silence: String?
    /// When it is visited next, while it is left alone to sleep.
    package var nextVisit: Tick?
    /// How many live readings were accepted.
    package var liveReadings: UInt64
    /// What was received and not believed.
    package var rejections = Rejections()
    /// Who it is, and whether that is doubted.
    package var recognition = Recognition()
    /// Another battery of the settings that is the same unit.
    package var twin: String?
  }

  /// One of several doors of a battery.
  package struct DoorView: Sendable {
    /// The language that is spoken there.
    package var dialect: String
    /// The wire's name.
    package var link: String
    /// Why the wire is down; `nil` while it is up, or while there is no need of it.
    package var linkFault: String?
    /// Why the battery behind it is another one; `nil` where it is not.
    package var difference: String?
  }

  /// One inverter.
  package struct InverterView: Sendable {
    /// The name in the settings.
    package var name: String
    /// The battery that it is told of.
    package var battery: String
    /// The bus's name.
    package var link: String
    /// Why the bus is down; `nil` while it is up.
    package var linkFault: String?
    /// What the bus counted.
    package var counters: LinkCounters
    /// What its controller has told; `nil` where none tells.
    package var health: CANHealth?
    /// When a frame of the inverter itself was last heard; `nil` if never.
    package var heardAt: Tick?
    /// Whether it is a Victron by its own word.
    package var isVictron: Bool
    /// How the log of its frames fares; `nil` where none is written.
    package var traffic: PartView?
  }

  /// What the history counts.
  package struct HistoryView: Sendable {
    /// The file.
    package var path: String
    /// Readings that are safe on disk.
    package var stored: UInt64
    /// Readings that found no room.
    package var dropped: UInt64
    /// Why nothing can be stored now; `nil` while it can.
    package var fault: String?
  }

  /// When this was seen, by the monotonic clock.
  package var at: Tick
  /// When this was seen, by the calendar, in milliseconds since 1970.
  package var wall: Int64
  /// Milliseconds since the gateway started.
  package var uptime: Int64
  /// The batteries in the order of the settings.
  package var batteries: [BatteryView]
  /// The inverters in the order of the settings.
  package var inverters: [InverterView]
  /// The history; `nil` when none is kept.
  package var history: HistoryView?
  /// How long ago it was seen, in milliseconds.
  package var age: Int64 = 0
  /// The banks in the order of the settings.
  package var banks: [BankView] = []
  /// The parts of the gateway in the order of their start.
  package var parts: [PartView] = []
  /// How the settings were last read anew; `nil` when they never were.
  package var reload: ReloadView?
}

extension GatewayView.BatteryView {
  /// Lets the readings age to `now`, so that a view that is not renewed never looks fresh.
  package mutating func grow(to now: Tick) {
    freshness = max(freshness, Freshness(age: snapshot.age(at: now), bounds: bounds))
  }
}

extension GatewayView.HistoryView {
  /// What a writer says of itself.
  package init(_ writer: HistoryWriter) {
    let status = writer.status
    self.init(
      path: writer.settings.path, stored: UInt64(status.stored), dropped: status.dropped,
      fault: status.error.map { "\($0)" })
  }
}
