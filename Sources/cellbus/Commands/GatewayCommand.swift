// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import History
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
      SIGINT (Ctrl-C) stops for good: the inverter is told once more, not to charge, before silence.
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
    var (settings, problems) = SettingsFile.read(try Console.read(path))
    for problem in problems { Console.complain("\(path): \(problem)") }
    guard !problems.contains(where: { $0.severity == .error }) else {
      throw CommandFailure("\(path) has mistakes; cellbus check \(path) explains them", .badData)
    }
    if let index = parsed.number(ifPresent: "log-level") {
      settings.log.level = LogLevel.allCases[Int(index)]
    }
    do throws(SystemError) {
      // Before any thread starts, so that every thread leaves the signals to this one.
      let signals = try Signals([.interrupt, .terminate, .hangup])
      let log = try Log(settings.log)
      defer { log.close() }
      return try serve(settings, signals, log)
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }

  private static func serve(_ settings: Settings, _ signals: Signals, _ log: Log)
    throws(SystemError) -> ExitCode
  {
    log.write(
      .info, "gateway",
      "cellbus \(Program.version) starts with \(settings.summary)"
    )
    let history = startHistory(settings, log)
    let status = startStatus(settings, log)
    let loop = try ControlLoop(settings, log: log, views: status?.mailbox, history: history) {
      index in
      let battery = settings.batteries[index]
      // The settings reader accepts only names of dialects that exist.
      return Controller(
        dialect: Dialect.named(battery.dialect) ?? Dialect.all[0], battery: battery,
        inverters: settings.inverters.filter { $0.battery == battery.name })
    }
    let signal = try wait(signals, log)
    log.write(
      .info, "gateway", signal == .interrupt ? "stops for good" : "ends silently, as for a restart")
    loop.stop(signal == .interrupt ? .forGood : .restart)
    status?.close()
    if let history, !history.stop(timeoutMilliseconds: 1000) {
      log.write(.error, "history", "the disk does not answer; the last second may be missing")
    }
    return .ok
  }

  /// Waits for the signal that ends the gateway.
  private static func wait(_ signals: Signals, _ log: Log) throws(SystemError) -> Signal {
    while true {
      guard try waitReadable([signals.descriptor], milliseconds: -1), let signal = signals.next()
      else { continue }
      // A terminal that goes away must not stop a battery; reading the settings anew is a restart for now.
      guard signal != .hangup else {
        log.write(.info, "gateway", "SIGHUP does nothing; restart to take new settings over")
        continue
      }
      return signal
    }
  }

  private static func startHistory(_ settings: Settings, _ log: Log) -> HistoryWriter? {
    guard let path = settings.history.path else { return nil }
    var choice = HistoryWriter.Settings(path: path, batteries: settings.batteries.map(\.name))
    choice.rate.interval = settings.history.period
    do throws(SystemError) {
      return try HistoryWriter(choice)
    } catch {
      log.write(.error, "history", "\(path): \(error); nothing is stored")
      return nil
    }
  }

  private static func startStatus(_ settings: Settings, _ log: Log) -> StatusServer? {
    guard let path = settings.status.socket else { return nil }
    do throws(SystemError) {
      return try StatusServer(path: path, log: log)
    } catch {
      log.write(.error, "status", "\(path): \(error); cellbus monitor cannot watch this gateway")
      return nil
    }
  }
}
