// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// Prints what a recording says.
struct PlaybackPrinter {
  private var playback: Playback
  private let dialect: Dialect
  private let isJSON: Bool
  private let namesFiles: Bool

  init(_ playback: Playback, _ dialect: Dialect, isJSON: Bool, namesFiles: Bool) {
    self.playback = playback
    self.dialect = dialect
    self.isJSON = isJSON
    self.namesFiles = namesFiles
  }

  /// Reads and prints; at `speed` times the recording's own, or at once for 0.
  mutating func run(_ paths: [String], speed: Int64) throws(CommandFailure) -> ExitCode {
    let signals = try Console.endings()
    var reader = TrafficReader(paths)
    var pacing = Pacing(speed: speed)
    while let item = try ReplayCommand.read(&reader) {
      if case .line(let line) = item.content, !pacing.wait(for: line, signals) { break }
      if speed == 0, signals.next() != nil { break }
      playback.take(item)
      printFindings()
    }
    playback.finish()
    printFindings()
    let totals = playback.totals
    guard totals.lines > 0 else {
      throw CommandFailure("\(paths[0]): no line of a recording is in it", .badData)
    }
    if isJSON { printSummary() } else { Console.print(summary, terminator: "") }
    return totals.readings > 0 ? .ok : .failed
  }

  private mutating func printFindings() {
    while let finding = playback.next() { isJSON ? printJSON(finding) : printText(finding) }
  }

  private func printText(_ finding: Playback.Finding) {
    let time = ISO8601.string(playback.wall)
    switch finding {
    case .reading(let isLive):
      let line = text.line
      if isLive || playback.totals.live == 0 { Console.print("\(time)  \(line)") }
    case .fault(let fault, let place): Console.print("\(time)  \(name(place)): \(fault)")
    case .stray(let bytes, let place, let byte):
      let count = bytes.count == 1 ? "1 byte belongs" : "\(bytes.count) bytes belong"
      Console.print(
        "\(time)  \(name(place)), byte \(byte): \(count) to no message: \(Self.shown(bytes))")
    case .opened(let place): Console.print("\(time)  \(name(place)): the wire was opened")
    case .closed(let place): Console.print("\(time)  \(name(place)): the wire was closed, or gone")
    case .lost(let count, let place):
      Console.print("\(time)  \(name(place)): \(count) lines are missing here")
    case .unknown(let place):
      Console.print("\(name(place)): this is no line of a recording")
    }
  }

  private func printJSON(_ finding: Playback.Finding) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("time", ISO8601.string(playback.wall))
      switch finding {
      case .reading(let isLive):
        writer.field("dialect", dialect.name)
        writer.field("live", isLive)
        writer.object("reading") { text.fields(&$0) }
      case .fault(let fault, let place):
        fields(place, &writer)
        writer.object("fault") { writer in
          writer.field("kind", fault.kind)
          writer.field("message", fault.description)
        }
      case .stray(let bytes, let place, let byte):
        fields(place, &writer)
        writer.field("byte", byte)
        writer.field("stray_hex", hex(bytes))
      case .opened(let place):
        fields(place, &writer)
        writer.field("note", "opened")
      case .closed(let place):
        fields(place, &writer)
        writer.field("note", "closed")
      case .lost(let count, let place):
        fields(place, &writer)
        writer.field("lost_lines", count)
      case .unknown(let place):
        fields(place, &writer)
        writer.field("note", "unknown")
      }
    }
    Console.print(writer.text)
  }

  private func printSummary() {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("summary") { writer in
        playback.totals.fields(&writer)
        writer.object("conversation") { $0.counts(of: playback.statistics) }
      }
    }
    Console.print(writer.text)
  }

  /// What was counted, for people.
  private var summary: String {
    let totals = playback.totals
    let statistics = playback.statistics
    var table = Table(["", "counted"])
    table.add(["Time", Elapsed.text(totals.duration)])
    table.add(["Bytes from the battery", "\(totals.bytesIn)"])
    table.add(["Bytes to the battery", "\(totals.bytesOut)"])
    table.add(["Readings", "\(totals.readings), of live values \(totals.live)"])
    table.add(["Questions and answers", "\(statistics.requests) and \(statistics.replies)"])
    for fault in totals.faults { table.add(["Faults: \(fault.kind)", "\(fault.count)"]) }
    for (title, count) in [
      ("Time-outs", statistics.timeouts), ("Wrong checksums", statistics.badChecksums),
      ("Frames no battery can send", statistics.implausible), ("Refusals", statistics.refusals),
      ("Broadcasts", statistics.broadcasts),
      ("Bytes that belong to no message", statistics.skippedBytes),
      ("Lines missing", Int(clamping: totals.lost)), ("Lines of no recording", totals.unknown),
    ] where count > 0 { table.add([title, "\(count)"]) }
    return table.text(Console.style)
  }

  private var text: SnapshotText { SnapshotText(snapshot: playback.snapshot, dialect: dialect) }

  private func name(_ place: Playback.Place) -> String {
    namesFiles ? "\(place.path) line \(place.line)" : "line \(place.line)"
  }

  private func fields(_ place: Playback.Place, _ writer: inout JSONWriter) {
    if namesFiles { writer.field("file", place.path) }
    writer.field("line", place.line)
  }

  /// Bytes in pairs of digits, a long run cut.
  private static func shown(_ bytes: [UInt8]) -> String {
    let pairs = bytes.prefix(64).map { byte in
      var text: [UInt8] = []
      Hex.append(byte, upper: true, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
    return pairs.joined(separator: " ") + (bytes.count > 64 ? " …" : "")
  }
}

/// When the lines of a recording are due.
private struct Pacing {
  let speed: Int64
  private var start: (recorded: Int64, now: Int64)?

  init(speed: Int64) { self.speed = speed }

  /// Waits until a line is due.
  ///
  /// - Returns: Whether to go on; a signal ends it.
  mutating func wait(for line: TrafficLine, _ signals: Signals) -> Bool {
    guard speed > 0 else { return true }
    let now = MonotonicClock.nanoseconds() / 1000
    // A clock that went back begins anew.
    if let old = start, line.monotonic < old.recorded { start = nil }
    let origin = start ?? (line.monotonic, now)
    start = origin
    let due = origin.now + (line.monotonic - origin.recorded) / speed
    while true {
      let left = (due - MonotonicClock.nanoseconds() / 1000 + 999) / 1000
      if left <= 0 { return true }
      let wait = Int32(clamping: min(left, 1000))
      if (try? waitReadable([signals.descriptor], milliseconds: wait)) == true,
        signals.next() != nil
      {
        return false
      }
    }
  }
}
