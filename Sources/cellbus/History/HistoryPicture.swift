// SPDX-License-Identifier: Apache-2.0

import Battery
import Charts
import Glibc
import History
import Machine
import Text

/// Values over time as a picture.
struct HistoryPicture {
  private var figure: Figure
  private let parsed: Parsed

  init(
    _ reader: HistoryReader, _ wanted: HistoryWish, _ battery: (number: Int, name: String),
    _ span: HistoryWish.Span, _ tracks: [HistoryTrack]
  ) throws(HistoryError) {
    parsed = wanted.parsed
    let zone = parsed.flag("utc") ? Zone.utc : .local
    let first = tracks.compactMap { $0.answer.rows.first?.start }.min() ?? span.from
    let from = span.isAsked ? span.from : max(span.from, first)
    figure = Figure(title: battery.name, from: from, to: span.to, zone: zone)
    figure.panels = HistoryPicture.panels(tracks)
    let events = try HistoryLanes.events(reader, battery: battery.number, from: from, to: span.to)
    figure.lanes = HistoryLanes.lanes(events, from: from, to: span.to)
    let isBand = tracks.contains { $0.answer.resolution != .raw }
    figure.subtitle =
      TimeAxis.title(from: from, to: span.to, zone: zone) + "  ·  "
      + HistoryPicture.resolution(tracks) + (isBand ? ", band from lowest to highest" : "")
  }

  private static func resolution(_ tracks: [HistoryTrack]) -> String {
    var names: [String] = []
    for track in tracks {
      let resolution = track.answer.resolution
      let name = resolution == .raw ? "record by record" : "mean by \(resolution)"
      if !names.contains(name) { names.append(name) }
    }
    return names.joined(separator: " and ")
  }

  /// What has the same scale shares a panel; things that are only counted do not.
  private static func panels(_ tracks: [HistoryTrack]) -> [Panel] {
    var panels: [(kind: Point.Kind, isCell: Bool, panel: Panel)] = []
    for track in tracks {
      let line = line(track)
      let place = panels.firstIndex {
        $0.kind == track.kind && $0.isCell == track.isCell && track.kind != .count
          && track.kind != .flag
      }
      if let place {
        panels[place].panel.lines.append(line)
        continue
      }
      var panel = Panel(unit: "\(track.kind.unit)", decimals: track.kind.decimals)
      panel.lines = [line]
      panel.bounds = bounds(track.kind)
      panel.isFamily = track.isCell
      panel.title = track.isCell ? "Cells" : ""
      panels.append((track.kind, track.isCell, panel))
    }
    return panels.map(\.panel)
  }

  private static func bounds(_ kind: Point.Kind) -> ClosedRange<Int64>? {
    switch kind {
    case .percent: 0...100_000_000
    case .flag: 0...1
    default: nil
    }
  }

  private static func line(_ track: HistoryTrack) -> Line {
    var line = Line(track.isCell ? "\(track.title.dropFirst(5))" : track.title)
    let span = (track.answer.resolution.seconds ?? 0) * 1000
    // Numbers of things and switches have no mean that would mean anything: each span shows its last.
    line.isStepped = track.kind == .flag || track.kind == .count
    let rows = track.answer.rows
    for (index, row) in rows.enumerated() {
      let rollup = row.rollup
      guard line.isStepped else {
        line.samples.append(
          Line.Sample(
            row.start + span / 2, rollup.mean, low: rollup.low, high: rollup.high,
            followsGap: row.followsGap))
        continue
      }
      line.samples.append(Line.Sample(row.start, rollup.last, followsGap: row.followsGap))
      if span > 0, index + 1 == rows.count || rows[index + 1].followsGap {
        line.samples.append(Line.Sample(row.start + span, rollup.last))
      }
    }
    return line
  }

  /// Writes the files that are asked for.
  func write() throws(CommandFailure) {
    var look = Figure.Look()
    look.width = Int(try parsed.number("width"))
    look.height = parsed.number(ifPresent: "height").map { Int($0) }
    look.theme = parsed.flag("dark") ? .dark : .light
    let files: (svg: [UInt8]?, png: [UInt8]?)
    do throws(ChartError) {
      files.svg = parsed.isGiven("svg") ? try figure.svg(look) : nil
      files.png = parsed.isGiven("png") ? try figure.png(look) : nil
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
    if let bytes = files.svg { try WholeFile.write(bytes, to: parsed.text("svg")) }
    if let bytes = files.png { try WholeFile.write(bytes, to: parsed.text("png")) }
  }
}
