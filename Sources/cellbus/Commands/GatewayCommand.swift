// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Machine
import Text

/// `cellbus gateway`: the gateway itself.
enum GatewayCommand {
  static let command = Command(
    "gateway", "read batteries and drive inverters, until it is told to stop",
    discussion: """
      Reads the settings, opens every wire and bus, and goes on for ever: what is missing or fails is tried \
      again at least each second. The log goes to standard error.

      SIGTERM ends it at once and silently, as for a restart: the next run tells the inverter within 2 s. \
      SIGINT (Ctrl-C) stops for good: the inverter is told once more, not to charge, before silence. \
      SIGHUP reads the settings anew and takes them over without a pause on any bus that stays; settings with \
      a mistake change nothing.
      """,
    options: [
      Option("config", short: "c", "FILE", "the settings file", default: "cellbus.json5"),
      Option(
        "log-level", "LEVEL", "the least severe lines to log, instead of the settings' choice",
        .choice(LogLevel.allCases.map(\.name))),
    ],
    examples: [
      Command.Example("cellbus gateway", "run with ./cellbus.json5"),
      Command.Example(
        "cellbus gateway --config /etc/cellbus.json5 --log-level debug", "run and say everything"),
    ],
    exitCodes: [.ok, .usage, .badData, .noInput, .unavailable, .internalFault],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let path = try parsed.text("config")
    let level = parsed.number(ifPresent: "log-level").map { LogLevel.allCases[Int($0)] }
    let settings: Settings
    switch try read(path, level) {
    case .good(let read, let warnings):
      for warning in warnings { Console.complain(warning) }
      settings = read
    case .bad(let problems):
      for problem in problems { Console.complain(problem) }
      throw CommandFailure("\(path) has mistakes; cellbus check \(path) explains them", .badData)
    }
    do throws(SystemError) {
      // Before any thread starts, so that every thread leaves the signals to this one.
      let signals = try Signals([.interrupt, .terminate, .hangup])
      let log = try Log(settings.log)
      defer { log.close() }
      let service = try Service(settings, log: log, manager: manager()) {
        do throws(CommandFailure) {
          return try read(path, level)
        } catch {
          return .bad([error.message])
        }
      }
      return try serve(service, settings, signals, log)
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }

  /// Reads the settings; a level from the command line counts more than theirs.
  private static func read(_ path: String, _ level: LogLevel?) throws(CommandFailure)
    -> Service.Reading
  {
    var (settings, problems) = SettingsFile.read(try Console.read(path))
    let texts = problems.map { "\(path): \($0)" }
    guard !problems.contains(where: { $0.severity == .error }) else { return .bad(texts) }
    settings.log.level = level ?? settings.log.level
    return .good(settings, warnings: texts)
  }

  private static func serve(
    _ service: Service, _ settings: Settings, _ signals: Signals, _ log: Log
  ) throws(SystemError) -> ExitCode {
    log.write(
      .info, "gateway", "cellbus \(Program.version) starts with \(settings.summary)")
    let signal = try service.run(signals)
    log.write(
      .info, "gateway", signal == .interrupt ? "stops for good" : "ends silently, as for a restart")
    service.stop(signal == .interrupt ? .forGood : .restart)
    return .ok
  }

  /// The service manager, where it started this program (sd_notify(3), sd_watchdog_enabled(3)).
  private static func manager() -> Service.Manager? {
    guard let address = Console.environment("NOTIFY_SOCKET") else { return nil }
    // A watchdog that was meant for another process, such as a shell around this one, is not ours.
    let isOurs = Console.environment("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
    let microseconds = Console.environment("WATCHDOG_USEC").flatMap(Int64.init) ?? 0
    return Service.Manager(
      address: address, timeout: isOurs && microseconds > 0 ? microseconds / 1000 : nil)
  }
}
