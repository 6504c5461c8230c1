// SPDX-License-Identifier: Apache-2.0

package import Charging
package import Quantities

/// Everything that a person can set, as read from `cellbus.json5`.
package struct Settings: Sendable {
  /// The batteries that are read.
  package var batteries: [BatterySettings] = []
  /// The inverters that are driven.
  package var inverters: [InverterSettings] = []
  /// What is kept, and where.
  package var history = HistorySettings()
  /// How programs on this machine see the gateway.
  package var status = StatusSettings()
  /// What is logged.
  package var log = LogSettings()

  /// No batteries and no inverters.
  package init() {}
}

/// One battery and how it is reached.
package struct BatterySettings: Sendable {
  /// The name by which other settings and files refer to it.
  package var name: String
  /// The language it speaks, a name of `cellbus dialects`.
  package var dialect: String
  /// The wire it speaks on.
  package var link: SerialSettings
  /// Milliseconds from one poll of the live values to the next.
  package var pollPeriod: Int64 = 250
  /// How it is charged and discharged.
  package var charging: ChargeSettings = .lfp
  /// Ages at which the stages of safety begin; `nil` takes those that fit the polling period.
  package var fresh: Int64?
  /// See `fresh`.
  package var aging: Int64?
  /// See `fresh`.
  package var stale: Int64?

  /// A battery with every other setting at its default.
  package init(name: String, dialect: String, link: SerialSettings) {
    self.name = name
    self.dialect = dialect
    self.link = link
  }
}

/// A serial port.
package struct SerialSettings: Sendable, Hashable {
  /// The device, such as `/dev/ttyUSB0`.
  package var path: String
  /// Bits per second.
  package var baud: UInt32

  /// A port, at 115,200 bit/s unless told otherwise.
  package init(path: String, baud: UInt32 = 115_200) {
    self.path = path
    self.baud = baud
  }
}

/// One inverter and the bus that leads to it.
package struct InverterSettings: Sendable {
  /// The name by which messages refer to it.
  package var name: String
  /// The language it understands: the name of an `InverterProfile`.
  package var profile = "victron"
  /// The battery that it is told of.
  package var battery: String
  /// The bus.
  package var link: FrameLinkSettings
  /// A file that every frame is written to, in the text form of candump.
  package var logPath: String?
  /// The maker's name in 0x35E, at most 8 bytes; `nil` takes the profile's.
  package var manufacturer: String?
  /// The battery's name in 0x370 and 0x371, at most 16 bytes, where the profile has names; empty takes
  /// the battery's own, or else its dialect's.
  package var model = ""
  /// The family in 0x382, at most 8 bytes; empty takes the battery's maker.
  package var family = ""
  /// State of health that the owner vouches for where the battery reports none; without either, the
  /// inverter is not told one.
  package var health: Percent?
  /// Milliseconds from one full cycle of frames to the next.
  package var period: Int64 = 1000
  /// Milliseconds between two frames of a cycle.
  package var gap: Int64 = 20

  /// An inverter with every other setting at its default.
  package init(name: String, battery: String, link: FrameLinkSettings) {
    self.name = name
    self.battery = battery
    self.link = link
  }
}

/// A CAN bus.
package enum FrameLinkSettings: Sendable, Hashable {
  /// A network interface of the system, such as `can0`.
  case socketCAN(String)
  /// An adapter that speaks the serial-line CAN protocol, with the bus's bits per second.
  case slcan(SerialSettings, bitrate: UInt32)
  /// No bus: frames are only written to a file, in the text form of candump.
  case file(String)
}

/// What is kept, and where.
package struct HistorySettings: Sendable, Hashable {
  /// The file; `nil` keeps nothing.
  package var path: String? = "cellbus-history.db"
  /// Milliseconds from one stored reading to the next while nothing happens.
  package var period: Int64 = 1000
}

/// How programs on this machine see the gateway.
package struct StatusSettings: Sendable, Hashable {
  /// The Unix socket; `nil` offers none.
  package var socket: String? = "cellbus.sock"
}

/// What is logged.
package struct LogSettings: Sendable, Hashable {
  /// The least severe level that is written.
  package var level: LogLevel = .info
}
