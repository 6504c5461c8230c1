// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import History
import Machine
import Text

/// `cellbus history`: what was kept.
enum HistoryCommand {
  static let command = Command(
    "history", "print, draw or export what was kept",
    discussion: """
      Without --point it prints a summary and the latest events. With --point it draws that value over time: \
      in the terminal, or as a picture with --svg or --png. The answer is as fine as there is room to show: \
      records, or means by minute, hour or day. It may be used while the gateway runs.
      """,
    options: [
      Option(
        "config", short: "c", "FILE", "the settings that name the file", default: "cellbus.json5"),
      Option("file", short: "f", "PATH", "the history file, instead of the one in the settings"),
      Option("battery", "NAME", "the battery; the first one by default"),
      Option(
        "point", "NAME",
        "a value to draw, such as voltage_v or soc_pct, or cells for every cell; may be given again",
        repeats: true),
      Option("from", "TIME", "from when on", .time),
      Option("to", "TIME", "until when", .time),
      Option(
        "last", "TIME", "instead of --from: so long before the end",
        .duration(1000...315_360_000_000), default: "1d"),
      Option(
        "rows", "N", "the most rows of --csv, --json and --events", .integer(1...100_000),
        default: "2000"),
      Option(flag: "csv", "print rows of comma-separated values instead of a chart"),
      Option(flag: "json", "print JSON"),
      Option("svg", "FILE", "draw a picture of lines, sharp at any size, into this file"),
      Option("png", "FILE", "draw a picture of pixels into this file"),
      Option(
        "width", "N", "how wide a picture is, in pixels", .integer(300...8000), default: "1200"),
      Option("height", "N", "how high; what the values need by default", .integer(200...8000)),
      Option(flag: "dark", "light lines on a dark ground"),
      Option(flag: "utc", "times in pictures as UTC instead of this machine's clock"),
      Option(flag: "events", "print what happened instead of values"),
      Option(
        flag: "list", "print which batteries and times there are, and how much room they take"),
    ],
    examples: [
      Command.Example("cellbus history", "what is there, and what happened"),
      Command.Example("cellbus history --point soc_pct --last 6h", "draw the state of charge"),
      Command.Example(
        "cellbus history --point voltage_v --point current_a --svg day.svg", "a picture of a day"),
      Command.Example(
        "cellbus history --point voltage_v --point current_a --csv > day.csv", "export a day"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput, .cannotCreate, .inputOutput],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let wanted = try HistoryWish(parsed)
    do throws(HistoryError) {
      let reader = try HistoryReader(path: wanted.path)
      if wanted.form == .list { return try HistoryList.answer(reader, wanted) }
      guard let battery = try battery(reader, wanted) else { return .failed }
      let span = try wanted.span(reader, battery: battery.number)
      switch wanted.form {
      case .events: return try HistoryEvents.answer(reader, wanted, battery, span)
      case .summary: return try HistorySummary.answer(reader, wanted, battery, span)
      case .list, .csv, .json, .chart, .picture: break
      }
      let tracks = try wanted.tracks(reader, battery: battery.number, span)
      let isEmpty = tracks.allSatisfy(\.answer.rows.isEmpty)
      if isEmpty { complain(wanted, battery.name, span, try reader.inventory()) }
      switch wanted.form {
      case .csv: HistoryText.printCSV(tracks)
      case .json: HistoryText.printJSON(tracks)
      case .picture where !isEmpty:
        let picture = try HistoryPicture(reader, wanted, battery, span, tracks)
        return save(picture)
      case .chart where !isEmpty: HistoryText.draw(tracks, span)
      default: break
      }
      return isEmpty ? .failed : .ok
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
  }

  private static func save(_ picture: HistoryPicture) -> ExitCode {
    do throws(CommandFailure) {
      try picture.write()
      return .ok
    } catch {
      Console.complain("cellbus: \(error.message)")
      return error.exitCode
    }
  }

  /// The battery that is asked for; complains where the history has none such.
  private static func battery(
    _ reader: HistoryReader, _ wanted: HistoryWish
  ) throws(HistoryError) -> (number: Int, name: String)? {
    let batteries = try reader.batteries()
    let found = batteries.first { wanted.battery == nil || $0.name == wanted.battery }
    if let found { return found }
    let names = batteries.map(\.name).joined(separator: ", ")
    Console.complain(
      "cellbus: \(wanted.path) knows no battery \(wanted.battery ?? "at all")"
        + (names.isEmpty ? "" : "; it knows \(names)"))
    return nil
  }

  /// Says that nothing is known, and of which time something is.
  private static func complain(
    _ wanted: HistoryWish, _ battery: String, _ span: HistoryWish.Span, _ inventory: [Inventory]
  ) {
    let names = wanted.points.map { "\($0.name)" } + (wanted.hasCells ? ["single cells"] : [])
    let time = { (wall: Int64) in ISO8601.string(wall, fraction: false) }
    var text =
      "cellbus: nothing is known of \(names.joined(separator: ", ")) of \(battery) "
      + "from \(time(span.from)) to \(time(span.to))"
    let shelves = inventory.first { $0.name == battery }?.shelves ?? []
    if wanted.hasCells, let shelf = shelves.first(where: { $0.resolution == .raw }) {
      text += "; there are records from \(time(shelf.from)) to \(time(shelf.to))"
    } else if !wanted.hasCells, let finest = shelves.first, var from = shelves.last?.from {
      // The first day may be only part of one: what is finer tells when in it things began.
      for shelf in shelves.reversed() where shelf.from - from < 86_400_000 { from = shelf.from }
      text += "; there are values from \(time(from)) to \(time(finest.to))"
    } else if wanted.hasCells {
      text += "; no record is left, and summaries have only cell_min_v, cell_max_v and cell_avg_v"
    }
    Console.complain(text)
  }
}

extension HistoryError {
  /// How a command ends that met this error while reading.
  fileprivate var exitCode: ExitCode {
    switch self {
    case .unavailable: .noInput
    case .full, .busy, .inUse: .inputOutput
    case .corrupt, .foreign, .newer, .block, .failed: .badData
    }
  }
}
