// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// Where a command finds its battery: on a serial port, or behind a program on the network.
enum BatteryLine {
  /// Milliseconds that a far end may take until it is reached: a name, and then an address or two.
  private static let patience: Int64 = 10_000

  /// The options that name it; one of the first five must be given.
  static let options: [Option] = [
    Option("port", short: "p", "PATH", "the serial port, such as /dev/ttyUSB0"),
    Option("tcp", "HOST:PORT", "a serial server that passes bytes on, such as ser2net"),
    Option("modbus-tcp", "HOST[:PORT]", "a gateway from Modbus TCP to the serial line"),
    Option("can", "NAME", "a CAN interface of this machine, such as can0"),
    Option("slcan", "PATH", "a serial-line CAN adapter, such as /dev/ttyACM0"),
    Option(
      "bitrate", "N", "bits per second of the bus behind --slcan, unless the language's",
      .integer(10_000...1_000_000)),
    Option(
      "baud", "N", "bits per second of --port or --slcan, unless the language's",
      .integer(50...4_000_000)),
    Option(
      "rs485", "LEVEL", "RTS of --port while it sends, to turn an RS485 transceiver round",
      .choice(["high", "low"])),
  ]

  private static let names = ["port", "tcp", "modbus-tcp", "can", "slcan"]

  /// Whether a command line names one.
  static func isNamed(_ parsed: Parsed) -> Bool {
    names.contains { parsed.text(ifPresent: $0) != nil }
  }

  /// What a command line names, where the language is spoken on such a wire.
  static func settings(_ parsed: Parsed, of dialect: Dialect = .tinyBMS) throws(CommandFailure)
    -> ByteLinkSettings
  {
    let settings = try named(parsed, dialect)
    if let refusal = dialect.refusal(of: settings) {
      throw CommandFailure(
        "\(refusal.found) is named, where \(dialect.name) needs \(refusal.expected)", .usage)
    }
    return settings
  }

  static func named(
    _ parsed: Parsed, _ dialect: Dialect
  ) throws(CommandFailure) -> ByteLinkSettings {
    let given = names.filter { parsed.text(ifPresent: $0) != nil }
    guard let name = given.first else {
      throw CommandFailure(
        "no battery is named: give --port PATH, --tcp HOST:PORT, --modbus-tcp HOST, --can NAME or "
          + "--slcan PATH", .usage)
    }
    guard given.count == 1 else {
      let list = given.map { "--\($0)" }.joined(separator: " and ")
      throw CommandFailure("\(list) name more than one battery: give one of them", .usage)
    }
    let text = try parsed.text(name)
    let level = parsed.number(ifPresent: "rs485")
    guard name == "port" || level == nil else {
      throw CommandFailure(
        "--rs485 is for a serial port of this machine, not for --\(name)", .usage)
    }
    switch name {
    case "port":
      let usual = Int64(dialect.serialBaud ?? TinyBMS.baud)
      let baud = UInt32(parsed.number(ifPresent: "baud") ?? usual)
      var serial = SerialSettings(path: text, baud: baud)
      if let level {
        serial.rs485 = RS485Settings()
        serial.rs485?.isRTSHighOnSend = level == 0
      }
      return .serial(serial)
    case "tcp":
      guard let host = HostSettings(text, defaultPort: nil) else {
        throw CommandFailure(
          "--tcp \(text.printable): a host and a port are wanted, such as 192.168.1.20:2000 or "
            + "[fe80::1]:2000", .usage)
      }
      return .tcp(host)
    case "can": return .can(text)
    case "slcan":
      let serial = SerialSettings(
        path: text, baud: UInt32(parsed.number(ifPresent: "baud") ?? 115_200))
      let bitrate = parsed.number(ifPresent: "bitrate") ?? Int64(dialect.canBitrate ?? 500_000)
      return .slcan(serial, bitrate: UInt32(bitrate))
    default:
      guard let host = HostSettings(text, defaultPort: ModbusTCP.port) else {
        throw CommandFailure(
          "--modbus-tcp \(text.printable): a host is wanted, such as 192.168.1.20 or "
            + "192.168.1.20:\(ModbusTCP.port)", .usage)
      }
      return .modbusTCP(host)
    }
  }

  /// The line that these settings name, open and with its far end reached.
  static func open(
    _ settings: ByteLinkSettings, for dialect: Dialect
  ) throws(CommandFailure) -> any ByteLink {
    let link = settings.makeLink(for: dialect)
    let end = MonotonicClock.now() + patience
    do throws(LinkError) {
      try link.open()
      var bytes: [UInt8] = []
      while !link.isReady {
        guard MonotonicClock.now() < end, let descriptor = link.descriptor else {
          throw .timedOut(path: link.name)
        }
        _ = try link.waitReadable([descriptor], milliseconds: end - MonotonicClock.now())
        _ = try link.receive(into: &bytes)
      }
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
    return link
  }
}
