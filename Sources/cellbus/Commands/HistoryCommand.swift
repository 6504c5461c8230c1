// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import History
import Machine
import Quantities
import Text

/// `cellbus history`: what was kept.
enum HistoryCommand {
  static let command = Command(
    "history", "print, draw or export what was kept",
    discussion: """
      Without --point it prints a summary and the latest events. With --point it draws that value over time. \
      The answer is as fine as the terminal can show: records, or means by minute, hour or day. It may be \
      used while the gateway runs.
      """,
    options: [
      Option(
        "config", short: "c", "FILE", "the settings that name the file", default: "cellbus.json5"),
      Option("file", short: "f", "PATH", "the history file, instead of the one in the settings"),
      Option("battery", "NAME", "the battery; the first one by default"),
      Option(
        "point", "NAME", "a value to draw, such as voltage_v or soc_pct; may be given again",
        repeats: true),
      Option("from", "TIME", "from when on", .time),
      Option("to", "TIME", "until when", .time),
      Option(
        "last", "TIME", "instead of --from: so long before now", .duration(1000...315_360_000_000),
        default: "1d"),
      Option(
        "rows", "N", "the most rows of --csv and --json", .integer(1...100_000), default: "2000"),
      Option(flag: "csv", "print rows of comma-separated values instead of a chart"),
      Option(flag: "json", "print JSON"),
    ],
    examples: [
      Command.Example("cellbus history", "what is there, and what happened"),
      Command.Example("cellbus history --point soc_pct --last 6h", "draw the state of charge"),
      Command.Example(
        "cellbus history --point voltage_v --point current_a --csv > day.csv", "export a day"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput, .inputOutput],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    var points: [Point] = []
    for name in parsed.texts("point") { points.append(try point(name)) }
    if points.isEmpty, parsed.flag("csv") {
      throw CommandFailure("--csv needs at least one --point, such as --point voltage_v", .usage)
    }
    let path = try file(parsed)
    do throws(HistoryError) {
      return try answer(try HistoryReader(path: path), path, points, parsed)
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
  }

  private static func file(_ parsed: Parsed) throws(CommandFailure) -> String {
    if let path = parsed.text(ifPresent: "file") { return path }
    let config = try parsed.text("config")
    let (settings, _) = SettingsFile.read(try Console.read(config))
    guard let path = settings.history.path else {
      throw CommandFailure("\(config): history.file is null: nothing is kept", .noInput)
    }
    return path
  }

  private static func point(_ name: String) throws(CommandFailure) -> Point {
    if let point = Point(name: name.utf8) { return point }
    let names = Point.allCases.map { "\($0.name)" }
    let hint = EditDistance.nearest(name, in: names).map { "; did you mean \($0)?" } ?? ""
    throw CommandFailure(
      "no value is named \(name)\(hint)", .usage,
      hint: "Values are: \(names.joined(separator: " "))")
  }

  private static func answer(
    _ reader: HistoryReader, _ path: String, _ points: [Point], _ parsed: Parsed
  ) throws(HistoryError) -> ExitCode {
    let batteries = try reader.batteries()
    let wanted = parsed.text(ifPresent: "battery")
    guard let battery = batteries.first(where: { wanted == nil || $0.name == wanted }) else {
      let names = batteries.map(\.name).joined(separator: ", ")
      Console.complain(
        "cellbus: \(path) knows no battery \(wanted ?? "at all")"
          + (names.isEmpty ? "" : "; it knows \(names)"))
      return .failed
    }
    let now = WallClock.now()
    // Without an end it is the last that is known, so that an old file is not mostly empty.
    let newest = try reader.statistics(at: now).newest.map { min($0 + 1, now) } ?? now
    let to = parsed.number(ifPresent: "to") ?? newest
    let from =
      parsed.number(ifPresent: "from") ?? to - (parsed.number(ifPresent: "last") ?? 86_400_000)
    guard !points.isEmpty else {
      return try summary(reader, path, battery, parsed.flag("json"), at: now)
    }
    let rows = Int(parsed.number(ifPresent: "rows") ?? 2000)
    let isChart = !parsed.flag("csv") && !parsed.flag("json")
    let width = max(20, Console.size.columns - 12)
    var answers: [(Point, Answer)] = []
    for point in points {
      let most = isChart ? 20_000 : rows
      answers.append(
        (point, try reader.query(point, battery: battery.number, from: from, to: to, maxRows: most))
      )
    }
    if parsed.flag("csv") {
      printCSV(answers)
    } else if parsed.flag("json") {
      printJSON(answers)
    } else {
      for (point, answer) in answers { draw(point, answer, from, to, width) }
    }
    return answers.contains { !$0.1.rows.isEmpty } ? .ok : .failed
  }

  private static func draw(
    _ point: Point, _ answer: Answer, _ from: Int64, _ to: Int64, _ width: Int
  ) {
    let start = answer.rows.first.map { max(from, $0.start) } ?? from
    let length = max(1, to - start)
    // Two dots a column, and not more than there can be rows; a dot without one stays empty, so that
    // gaps are gaps.
    let step = (answer.resolution.seconds ?? 1) * 1000
    let dots = Int(max(2, min(Int64(width * 2), length / step)))
    var sums = [(total: Int64, count: Int64)](repeating: (0, 0), count: dots)
    for row in answer.rows where row.start >= start && row.start < to {
      let dot = Int((row.start - start) * Int64(dots) / length)
      sums[dot].total += row.rollup.mean
      sums[dot].count += 1
    }
    let values = sums.map { $0.count > 0 ? $0.total / $0.count : nil }
    let chart = Chart(
      width: width, height: 10, decimals: point.kind.decimals, unit: "\(point.kind.unit)",
      start: ISO8601.string(start, fraction: false),
      end: ISO8601.string(to, fraction: false))
    Console.print(
      Console.style.bold("\(point.entry.title)")
        + Console.style.dim(
          "  \(answer.resolution == .raw ? "record by record" : "by \(answer.resolution)")"))
    for line in chart.lines(values) { Console.print(line) }
  }

  private static func printCSV(_ answers: [(Point, Answer)]) {
    Console.print("time,point,mean,min,max,count")
    for (point, answer) in answers {
      func text(_ value: Int64) -> String { Decimal.string(value, decimals: point.kind.decimals) }
      for row in answer.rows {
        let rollup = row.rollup
        Console.print(
          "\(ISO8601.string(row.start)),\(point.name),\(text(rollup.mean)),\(text(rollup.low)),\(text(rollup.high)),\(rollup.count)"
        )
      }
    }
  }

  private static func printJSON(_ answers: [(Point, Answer)]) {
    var writer = JSONWriter()
    writer.array { writer in
      for (point, answer) in answers {
        writer.object { writer in
          writer.field("point", point.name)
          writer.field("resolution", "\(answer.resolution)")
          writer.array("rows") { writer in
            for row in answer.rows {
              writer.object { writer in
                writer.field("time", ISO8601.string(row.start))
                writer.field("mean", row.rollup.mean, decimals: point.kind.decimals)
                writer.field("min", row.rollup.low, decimals: point.kind.decimals)
                writer.field("max", row.rollup.high, decimals: point.kind.decimals)
                writer.field("count", row.rollup.count)
                if row.followsGap { writer.field("gap_before", true) }
              }
            }
          }
        }
      }
    }
    Console.print(writer.text)
  }

  private static func summary(
    _ reader: HistoryReader, _ path: String, _ battery: (number: Int, name: String), _ isJSON: Bool,
    at now: Int64
  ) throws(HistoryError) -> ExitCode {
    let statistics = try reader.statistics(at: now)
    let events = try reader.events(battery: battery.number, limit: 20)
    var table = Table(["", ""])
    table.add(["file", path])
    table.add(["battery", battery.name])
    table.add(["readings", "\(statistics.records)"])
    table.add(["from", statistics.oldest.map { ISO8601.string($0, fraction: false) } ?? "–"])
    table.add(["to", statistics.newest.map { ISO8601.string($0, fraction: false) } ?? "–"])
    table.add(["size", "\(statistics.fileBytes / 1024) KiB"])
    table.add(["written today", statistics.writtenToday.map { "\($0 / 1024) KiB" } ?? "–"])
    guard isJSON else {
      Console.print(table.text(Console.style), terminator: "")
      if !events.isEmpty { Console.print("\n" + Console.style.bold("Latest events")) }
      for event in events.reversed() {
        Console.print("  \(ISO8601.string(event.moment.wall, fraction: false))  \(event)")
      }
      return .ok
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", path)
      writer.field("battery", battery.name)
      writer.field("readings", statistics.records)
      writer.field("from", statistics.oldest.map { ISO8601.string($0) })
      writer.field("to", statistics.newest.map { ISO8601.string($0) })
      writer.field("bytes", statistics.fileBytes)
      writer.field("written_today_bytes", statistics.writtenToday)
      writer.array("events") { writer in
        for event in events.reversed() {
          writer.object { writer in
            writer.field("time", ISO8601.string(event.moment.wall))
            writer.field("kind", event.kind.rawValue)
            writer.field("text", event.description)
          }
        }
      }
    }
    Console.print(writer.text)
    return .ok
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
