// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import History
import Machine
import Text

/// What the command line asks of a history.
struct HistoryWish {
  /// In which form the answer comes.
  enum Form { case summary, events, list, csv, json, chart, picture }

  /// A stretch of time, in milliseconds since 1970.
  struct Span {
    var from: Int64
    var to: Int64
    /// Whether its start was asked for, so that it is shown even where nothing is known.
    var isAsked: Bool
  }

  let path: String
  let battery: String?
  let points: [Point]
  let hasCells: Bool
  let form: Form
  let parsed: Parsed

  init(_ parsed: Parsed) throws(CommandFailure) {
    self.parsed = parsed
    var points: [Point] = []
    for name in parsed.texts("point") where name != "cells" {
      let point = try HistoryWish.point(name)
      if !points.contains(point) { points.append(point) }
    }
    self.points = points
    hasCells = parsed.texts("point").contains("cells")
    battery = parsed.text(ifPresent: "battery")
    form = try HistoryWish.form(parsed, hasPoints: hasCells || !points.isEmpty)
    path = try HistoryWish.file(parsed)
  }

  private static func form(_ parsed: Parsed, hasPoints: Bool) throws(CommandFailure) -> Form {
    let isPicture = parsed.isGiven("svg") || parsed.isGiven("png")
    for flag in ["events", "list"] where parsed.flag(flag) {
      guard !hasPoints, !isPicture, !(flag == "list" && parsed.flag("csv")) else {
        throw CommandFailure("--\(flag) goes without --point, --svg and --png", .usage)
      }
      guard parsed.flag("events") != parsed.flag("list") else {
        throw CommandFailure("--events and --list are two questions; ask one", .usage)
      }
      return flag == "events" ? .events : .list
    }
    if isPicture {
      guard hasPoints else {
        throw CommandFailure(
          "a picture needs at least one --point, such as --point soc_pct", .usage)
      }
      guard !parsed.flag("csv"), !parsed.flag("json") else {
        throw CommandFailure("--svg and --png go without --csv and --json", .usage)
      }
      return .picture
    }
    if parsed.flag("csv") {
      guard hasPoints else {
        throw CommandFailure("--csv needs at least one --point, such as --point voltage_v", .usage)
      }
      return .csv
    }
    return !hasPoints ? .summary : parsed.flag("json") ? .json : .chart
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
    let names = ["cells"] + Point.allCases.map { "\($0.name)" }
    let hint = EditDistance.nearest(name, in: names).map { "; did you mean \($0)?" } ?? ""
    throw CommandFailure(
      "no value is named \(name)\(hint)", .usage,
      hint: "Values are: \(names.joined(separator: " "))")
  }

  /// The time that is asked about.
  func span(_ reader: HistoryReader, battery: Int) throws(HistoryError) -> Span {
    let now = WallClock.now()
    // Without an end it is the last that is known, so that an old file is not mostly empty.
    let newest = try reader.newest(battery: battery).map { min($0 + 1, now) } ?? now
    let to = parsed.number(ifPresent: "to") ?? newest
    let from = parsed.number(ifPresent: "from") ?? to - (parsed.number(ifPresent: "last") ?? 0)
    return Span(from: from, to: to, isAsked: parsed.isGiven("from") || parsed.isGiven("last"))
  }

  /// How many rows the answer may have.
  private var most: Int {
    switch form {
    case .chart: 20_000
    // An hour of records; in a wide picture three to a pixel, more cannot be seen.
    case .picture: max(3700, 3 * Int(parsed.number(ifPresent: "width") ?? 0))
    default: Int(parsed.number(ifPresent: "rows") ?? 2000)
    }
  }

  /// The values that are asked for, in the order of the command line, single cells last.
  func tracks(
    _ reader: HistoryReader, battery: Int, _ span: Span
  ) throws(HistoryError) -> [HistoryTrack] {
    var tracks: [HistoryTrack] = []
    if !points.isEmpty {
      let answers = try reader.query(
        points, battery: battery, from: span.from, to: span.to, maxRows: most)
      tracks = zip(points, answers).map { HistoryTrack(point: $0, answer: $1) }
    }
    if hasCells {
      let answers = try reader.cells(
        battery: battery, from: span.from, to: span.to, maxRows: most)
      tracks += answers.enumerated().map { HistoryTrack(cell: $0.offset + 1, answer: $0.element) }
    }
    return tracks
  }
}

/// One value over time, as it was found.
struct HistoryTrack {
  /// The name in CSV and JSON.
  let name: String
  /// The name that people read.
  let title: String
  let kind: Point.Kind
  /// Whether it is one of the cells.
  let isCell: Bool
  let answer: Answer

  init(point: Point, answer: Answer) {
    name = "\(point.name)"
    title = "\(point.entry.title)"
    kind = point.kind
    isCell = false
    self.answer = answer
  }

  /// A cell, counted from 1.
  init(cell: Int, answer: Answer) {
    name = "cell_\(cell)_v"
    title = "Cell \(cell)"
    kind = .cellVoltage
    isCell = true
    self.answer = answer
  }
}
