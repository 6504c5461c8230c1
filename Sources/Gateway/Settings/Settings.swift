// SPDX-License-Identifier: Apache-2.0

package import Charging
package import Inverters
package import Machine
package import Quantities

/// Everything that a person can set, as read from `cellbus.json5`.
package struct Settings: Sendable, Hashable {
  /// The register maps of batteries that the owner wrote down, by the names of their languages.
  package var dialects: [String: MapSettings] = [:]
  /// The batteries that are read.
  package var batteries: [BatterySettings] = []
  /// Batteries that are one to an inverter.
  package var banks: [BankSettings] = []
  /// The inverters that are driven.
  package var inverters: [InverterSettings] = []
  /// What is kept, and where.
  package var history = HistorySettings()
  /// How programs on this machine see the gateway.
  package var status = StatusSettings()
  /// What is logged.
  package var log = LogSettings()
  /// What restarts the machine when the control hangs.
  package var watchdog = WatchdogSettings()

  /// No batteries and no inverters.
  package init() {}
}

/// One battery and how it is reached.
package struct BatterySettings: Sendable, Hashable {
  /// The name by which other settings and files refer to it.
  package var name: String
  /// How it is reached.
  package var door: DoorSettings
  /// How else it is reached, in the order of preference.
  package var others: [DoorSettings] = []
  /// Milliseconds without a reading after which the next of several doors is tried; `nil` takes the age
  /// at which a reading is no longer fresh.
  package var fallback: Int64?
  /// Milliseconds from one poll of the live values to the next.
  package var pollPeriod: Int64 = 250
  /// Whether it is left alone between polls, so that it may sleep: then it drives no inverter.
  package var isLowPower = false
  /// The file that every byte on the wire is written to; `nil` writes none.
  package var traffic: TrafficSettings?
  /// How it is charged and discharged.
  package var charging: ChargeSettings = .lfp
  /// Ages at which the stages of safety begin; `nil` takes those that fit the polling period.
  package var fresh: Int64?
  /// See `fresh`.
  package var aging: Int64?
  /// See `fresh`.
  package var stale: Int64?
  /// The password that the battery asks for before its settings are changed; `nil` gives none.
  package var password: Secret?

  /// A battery with every other setting at its default.
  package init(name: String, dialect: String, link: ByteLinkSettings) {
    self.name = name
    door = DoorSettings(dialect: dialect, link: link)
  }

  /// The serial ports that it is reached by, those of adapters to its bus included.
  package var serialPaths: [String] {
    doors.compactMap { door in
      switch door.link {
      case .serial(let serial), .slcan(let serial, _): serial.path
      case .tcp, .modbusTCP, .can: nil
      }
    }
  }
}

/// A line that carries bytes.
package enum ByteLinkSettings: Sendable, Hashable {
  /// A serial port.
  case serial(SerialSettings)
  /// A serial server that passes bytes on as they are, such as ser2net.
  case tcp(HostSettings)
  /// A gateway that speaks Modbus TCP on this side and Modbus RTU on the other.
  case modbusTCP(HostSettings)
  /// A CAN interface of the system, such as `can0`.
  case can(String)
  /// An adapter that speaks the serial-line CAN protocol, with the bus's bits per second.
  case slcan(SerialSettings, bitrate: UInt32)
}

/// A program that listens on the network.
package struct HostSettings: Sendable, Hashable {
  /// A name or an address, without brackets.
  package var host: String
  /// The port.
  package var port: UInt16

  /// A host and its port.
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

/// How a serial port turns an RS485 transceiver round (linux/serial.h).
package struct RS485Settings: Sendable, Hashable {
  /// Whether RTS is high while this side sends.
  package var isRTSHighOnSend = true
  /// Milliseconds from RTS to the first bit.
  package var delayBeforeSend: UInt32 = 0
  /// Milliseconds from the last bit to RTS.
  package var delayAfterSend: UInt32 = 0
  /// Whether what is sent comes back; it is then no answer.
  package var receivesDuringSend = false
  /// Whether the bus is terminated at this end, where the port can do that.
  package var isTerminated = false

  /// RTS high while sending, no delays.
  package init() {}
}

/// A serial port.
package struct SerialSettings: Sendable, Hashable {
  /// The device, such as `/dev/ttyUSB0`.
  package var path: String
  /// Bits per second.
  package var baud: UInt32
  /// How the kernel turns an RS485 transceiver round; `nil` where it turns itself, or there is none.
  package var rs485: RS485Settings?

  /// A port, at 115,200 bit/s unless told otherwise.
  package init(path: String, baud: UInt32 = 115_200) {
    self.path = path
    self.baud = baud
  }
}

/// One inverter and the bus that leads to it.
package struct InverterSettings: Sendable, Hashable {
  /// The name by which messages refer to it.
  package var name: String
  /// The language it understands: the name of an `InverterProfile`.
  package var profile = "victron"
  /// The battery, or bank, that it is told of.
  package var battery: String
  /// The bus.
  package var link: FrameLinkSettings
  /// The file that every frame is written to, in the text form of candump; `nil` writes none.
  package var traffic: TrafficSettings?
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
  /// What the inverter is told otherwise than its profile has it, each accepted by the profile.
  package var mapping: [MappingChange] = []

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
  /// Milliseconds from one commit to the disk to the next.
  package var commitPeriod: Int64 = 1000
  /// How many bytes of the file may be in use; beyond, the finest and oldest goes first.
  package var largest: Int64 = 1 << 30
  /// Days after which records go, also where there is room; `nil` keeps them while there is.
  package var recordDays: Int64?
  /// Days after which summaries of a minute go, and all that is finer; `nil` keeps them while there
  /// is room.
  package var minuteDays: Int64?
  /// Days after which summaries of an hour go, and all that is finer; `nil` keeps them while there is
  /// room.
  package var hourDays: Int64?

  /// The usual choices: all that 1 GiB has room for.
  package init() {}
}

/// How programs on this machine see the gateway.
package struct StatusSettings: Sendable, Hashable {
  /// The Unix socket; `nil` offers none.
  package var socket: String? = "cellbus.sock"
}

/// What is logged, and where.
package struct LogSettings: Sendable, Hashable {
  /// The least severe level that is written.
  package var level: LogLevel = .info
  /// The least severe level of a part, by its name, where it differs: "history", or a battery's name.
  package var parts: [String: LogLevel] = [:]
  /// The file; `nil` writes to standard error, where the journal picks it up.
  package var path: String?
  /// When the file is put aside and a new one begun.
  package var rotation = Rotation()

  /// `info` and above, to standard error.
  package init() {}
}

/// A file with all that went over a wire or bus.
package struct TrafficSettings: Sendable, Hashable {
  /// The file.
  package var path: String
  /// When the file is put aside and a new one begun.
  package var rotation = Rotation()

  /// A file with the usual rotation.
  package init(path: String) { self.path = path }
}

/// What restarts the machine when the control hangs; systemd's own watchdog needs no setting.
package struct WatchdogSettings: Sendable, Hashable {
  /// The device, such as `/dev/watchdog`; `nil` uses none.
  package var device: String?
  /// Seconds without a completed control cycle after which the machine restarts.
  package var timeout: Int64 = 30

  /// None.
  package init() {}
}
