// SPDX-License-Identifier: Apache-2.0

import Dialects
import Links
import Text

/// `cellbus reset`: clears what a TinyBMS remembers, or restarts it.
enum ResetCommand {
  static let command = Command(
    "reset", "clear the events or the statistics of a TinyBMS, or restart it",
    discussion: """
      What is cleared is gone: save it first with cellbus events --json or cellbus statistics --json. While \
      a unit restarts its switches may open for a moment, and what it feeds may go dark.
      """,
    arguments: [
      Argument("WHAT", "what to do", .choice(["events", "statistics", "restart"]))
    ],
    options: BatteryLine.options + [
      Option(flag: "yes", "do not ask; for scripts"), Option(flag: "json", "print JSON"),
    ],
    examples: [
      .init("cellbus reset events --port /dev/ttyUSB0", "asks, then clears the event memory")
    ],
    exitCodes: [.ok, .failed, .usage, .unavailable, .inputOutput, .denied],
    run: { parsed throws(CommandFailure) in
      let what = try parsed.text("WHAT")
      let port = try BatteryPort(parsed)
      try port.check(.reset(.clearEvents))
      guard parsed.flag("yes") || Console.asks(for: what) else {
        throw CommandFailure(
          "not confirmed: nothing was changed", .failed,
          hint: "Type the word, or give --yes from a script.")
      }
      let told = try carryOut(what, port)
      if parsed.flag("json") {
        var writer = JSONWriter()
        writer.object { writer in
          writer.field("done", what)
          writer.field("result", told)
        }
        Console.print(writer.text)
      } else {
        Console.print(told)
      }
      return .ok
    })

  /// Does it, looks whether it is done, and says what was found.
  private static func carryOut(_ what: String, _ port: BatteryPort) throws(CommandFailure)
    -> String
  {
    switch what {
    case "events":
      let before = try EventsCommand.read(port).events.count
      try order(.clearEvents, port)
      let after = try EventsCommand.read(port).events
      guard after.count < max(1, before) else {
        throw CommandFailure("acknowledged, but \(after.count) events are there", .inputOutput)
      }
      return "\(before) events cleared, \(after.count) there now"
    case "statistics":
      let before = try StatisticsCommand.read(port)
      try order(.clearStatistics, port)
      let after = try StatisticsCommand.read(port)
      guard after[116] != before[116] || after[117] != before[117] || after == before else {
        throw CommandFailure(
          "acknowledged, but the time of the last clearing is as before", .inputOutput)
      }
      return "statistics cleared"
    default:
      try order(.restart, port)
      guard case .status = try port.ask(.status, patience: 15_000) else {
        throw CommandFailure("acknowledged, but no status came back", .inputOutput)
      }
      return "restarted; it answers again"
    }
  }

  private static func order(_ reset: TinyBMS.Reset, _ port: BatteryPort) throws(CommandFailure) {
    guard case .acknowledged = try port.ask(.reset(reset)) else {
      throw CommandFailure("\(port.link.name): not acknowledged", .inputOutput)
    }
  }
}
