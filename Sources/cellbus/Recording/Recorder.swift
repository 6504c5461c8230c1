// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// A serial line while it is recorded.
struct Recorder {
  private let link: LoggedByteLink
  private let host: SerialLink?
  private let log: TrafficLog
  private var talk: Talk?
  private let start = MonotonicClock.now()

  init(_ link: LoggedByteLink, host: SerialLink?, log: TrafficLog, dialect: Dialect?) {
    self.link = link
    self.host = host
    self.log = log
    talk = dialect.map { Talk($0, link) }
  }

  /// Records until the time is over or a signal comes.
  mutating func run(for time: Int64?, _ signals: Signals) throws(LinkError) {
    let end = time.map { start + $0 } ?? .never
    // A terminal is told each second what a file is told each minute.
    let isTerminal = Console.isTerminal(2)
    let period: Int64 = isTerminal ? 1000 : 60_000
    var nextReport = start + period
    defer { if isTerminal { Console.complain("") } }
    while signals.next() == nil, MonotonicClock.now() < end {
      let step = min(end, MonotonicClock.now() + 100)
      if talk != nil { _ = try talk?.turn(until: step) } else { try listen(until: step, signals) }
      if MonotonicClock.now() >= nextReport {
        nextReport = MonotonicClock.now() + period
        Console.complain((isTerminal ? "\r" : "") + summary, terminator: isTerminal ? "" : "\n")
      }
    }
  }

  /// Takes down what is heard on one port or both; sends nothing.
  private func listen(until step: Tick, _ signals: Signals) throws(LinkError) {
    let descriptors = [link.descriptor, host?.descriptor].compactMap { $0 }
    let wait = max(1, step - MonotonicClock.now())
    guard try link.waitReadable(descriptors + [signals.descriptor], milliseconds: wait) else {
      return
    }
    var bytes: [UInt8] = []
    // The question first, should both be there.
    if let host, try host.receive(into: &bytes) > 0 { log.record(.sent(bytes)) }
    _ = try link.receive(into: &bytes)
  }

  /// What was recorded so far, in one line.
  var summary: String {
    var parts = [Elapsed.text(MonotonicClock.now() - start)]
    parts.append("\(link.counters.bytesIn) bytes in")
    parts.append("\(bytesOut) out")
    if let talk {
      parts.append("\(talk.live) readings")
      let faults = talk.faults.reduce(0) { $0 + $1.count }
      parts.append("\(faults) \(faults == 1 ? "fault" : "faults")")
    }
    if log.lost > 0 { parts.append("\(log.lost) lines lost") }
    return parts.joined(separator: ", ")
  }

  /// What was recorded, as a JSON object.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", log.path)
      writer.field("seconds", MonotonicClock.now() - start, decimals: 3)
      writer.field("lines", log.written)
      writer.field("lost_lines", log.lost)
      writer.field("bytes_in", link.counters.bytesIn)
      writer.field("bytes_out", bytesOut)
      guard let talk else { return }
      writer.field("readings", talk.readings)
      writer.field("live_readings", talk.live)
      writer.object(faults: talk.faults)
      writer.object("conversation") { $0.counts(of: talk.statistics) }
    }
    return writer.text
  }

  private var bytesOut: UInt64 { link.counters.bytesOut + (host?.counters.bytesIn ?? 0) }
}
