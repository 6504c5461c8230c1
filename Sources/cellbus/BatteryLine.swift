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

  /// The options that name it; one of the first three must be given.
  static let options: [Option] = [
    Option("port", short: "p", "PATH", "the serial port, such as /dev/ttyUSB0"),
    Option("tcp", "HOST:PORT", "a serial server that passes bytes on, such as ser2net"),
    Option("modbus-tcp", "HOST[:PORT]", "a gateway from Modbus TCP to the serial line"),
    Option(
      "baud", "N", "bits per second of --port, unless the language's", .integer(50...4_000_000)),
    Option(
      "rs485", "LEVEL", "RTS of --port while it sends, to turn an RS485 transceiver round",
      .choice(["high", "low"])),
  ]

  private static let names = ["port", "tcp", "modbus-tcp"]

  /// Whether a command line names one.
  static func isNamed(_ parsed: Parsed) -> Bool {
    names.contains { parsed.text(ifPresent: $0) != nil }
  }

  /// What a command line names.
  static func settings(_ parsed: Parsed, of dialect: Dialect = .tinyBMS) throws(CommandFailure)
    -> ByteLinkSettings
  {
    let given = names.filter { parsed.text(ifPresent: $0) != nil }
    guard let name = given.first else {
      throw CommandFailure(
        "no battery is named: give --port PATH, --tcp HOST:PORT or --modbus-tcp HOST", .usage)
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
  static func open(_ settings: ByteLinkSettings) throws(CommandFailure) -> any ByteLink {
    let link = settings.makeLink()
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
