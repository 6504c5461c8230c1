// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text

/// `cellbus doctor`: what is wrong, why, and what to do.
enum DoctorCommand {
  static let command = Command(
    "doctor", "say what is wrong with links and readings, and what to do",
    discussion: """
      Looks at a running gateway through its status socket: how good each link is, what was not believed \
      and why, buses, history, clock and disk. With --port, --tcp or --modbus-tcp it talks to a battery \
      itself for some seconds, and only reads. The findings stand in order of importance.
      """,
    options: StatusClient.options + BatteryLine.options + BatterySpeech.options + [
      MapFile.option,
      Option(
        "dialect", short: "d", "NAME", "the battery's language, without a gateway",
        .choice(Dialect.wired.map(\.name)), default: "tinybms"),
      Option(
        "for", "TIME", "how long to talk to the battery, without a gateway",
        .duration(1000...600_000), default: "10s"),
      Option("frames", "N", "how many rejected frames to show", .integer(0...32), default: "4"),
      Option(flag: "json", "print one JSON object"),
    ],
    examples: [
      Command.Example("cellbus doctor", "look at the gateway of ./cellbus.json5"),
      Command.Example(
        "cellbus doctor --port /dev/ttyUSB0 --dialect jbd", "look at a battery without a gateway"),
    ],
    exitCodes: [.ok, .failed, .usage, .noInput, .unavailable, .cannotCreate, .denied],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let view: JSONValue
    var baud: Int?
    let isDirect = BatteryLine.isNamed(parsed)
    if isDirect {
      (view, baud) = try DoctorTalk.view(parsed)
    } else {
      view = try gateway(try StatusClient.path(parsed))
    }
    let links = (view["batteries"]?.array ?? []).map { battery in
      LinkHealth(battery, baud: baud ?? usualBaud(battery["dialect"]?.string))
    }
    var findings = links.flatMap(\.findings)
    let host = HostHealth(path: view["history"]?["path"]?.string)
    if !isDirect {
      let keepsWatch = (view["parts"]?.array ?? []).contains { $0["name"]?.string == "watchdog" }
      findings += Finding.of(view) + host.findings(keepsWatch: keepsWatch)
    }
    let report = DoctorReport(
      links: links, findings: Finding.ordered(findings), view: view, host: isDirect ? nil : host,
      frames: Int(try parsed.number("frames")), style: Console.style)
    Console.print(parsed.flag("json") ? report.json + "\n" : report.text, terminator: "")
    return findings.contains { $0.level == .wrong } ? .failed : .ok
  }

  /// The speed at which a language is spoken, where nothing else is told.
  private static func usualBaud(_ dialect: String?) -> Int? {
    dialect.flatMap { Dialect.named($0)?.serialBaud }
  }

  /// What the gateway on a socket says of itself, with what it did not believe.
  private static func gateway(_ path: String) throws(CommandFailure) -> JSONValue {
    let end = MonotonicClock.now() + 5000
    var client = StatusClient(path: path, every: 250, wantsRejected: true)
    while MonotonicClock.now() < end {
      for line in client.lines(at: MonotonicClock.now()) {
        guard let view = try? JSON5Reader.read(line, as: .json),
          view["batteries"]?.array?.isEmpty == false
        else { continue }
        return view
      }
      do throws(SystemError) {
        _ = try waitReadable([client.descriptor].compactMap(\.self), milliseconds: 100)
      } catch {
        throw CommandFailure("\(path): \(error)", .unavailable)
      }
    }
    throw CommandFailure(
      "\(client.fault ?? "the gateway says nothing"); is it running? Without one: cellbus doctor "
        + "--port /dev/ttyUSB0", .unavailable)
  }
}
