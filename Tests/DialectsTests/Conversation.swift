// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Wire

/// A session, a line and a unit on a clock that tests turn by hand.
struct Conversation {
  /// Something that happened, and when.
  struct Event {
    var at: Int64
    var what: What
  }

  enum What {
    case sent([UInt8])
    case reading(Reading, isLive: Bool)
    case answered(Request, [UInt8])
    case fault(Fault)
  }

  var session: Session
  var unit: Unit
  var now: Int64 = 0
  var events: [Event] = []
  /// Bytes on their way to the session.
  var line: [(at: Int64, bytes: [UInt8])] = []
  /// When the last of the answers so far arrives.
  var lastArrival: Int64 = 0
  /// What the line makes of a request: the bytes that arrive, with their delays in milliseconds.
  ///
  /// `nil` is the plain answer after 5 ms.
  var wire: ((_ request: [UInt8], _ answer: [UInt8], _ at: Int64) -> [(Int, [UInt8])])?

  init(unit: Unit = Unit(), rates: PollRates = PollRates()) {
    session = Session(.tinyBMS, rates: rates)
    self.unit = unit
    session.linkOpened(at: Tick(0))
  }

  /// Puts bytes on the line without a question.
  mutating func deliver(_ bytes: [UInt8], at time: Int64) { line.append((time, bytes)) }

  mutating func run(until end: Int64) {
    var guardCount = 0
    while now < end, guardCount < 1_000_000 {
      guardCount += 1
      var wake = end
      steps: while true {
        guardCount += 1
        switch session.next(at: Tick(now)) {
        case .send(let bytes):
          events.append(Event(at: now, what: .sent(bytes)))
          let answer = unit.answer(bytes)
          for (delay, part) in wire?(bytes, answer, now) ?? [(5, answer)] where !part.isEmpty {
            // A line keeps its order: what is said later never arrives earlier.
            lastArrival = max(lastArrival, now + Int64(delay))
            line.append((lastArrival, part))
          }
        case .reading(let reading, let isLive):
          events.append(Event(at: now, what: .reading(reading, isLive: isLive)))
        case .answered(let request, let frame):
          events.append(Event(at: now, what: .answered(request, frame)))
        case .fault(let fault): events.append(Event(at: now, what: .fault(fault)))
        case .wait(let until):
          wake = until.milliseconds
          break steps
        }
      }
      line.sort { $0.at < $1.at }
      if let first = line.first, first.at <= min(wake, end) {
        now = max(now, first.at)
        line.removeFirst()
        session.received(first.bytes.span, at: Tick(now))
      } else {
        now = max(now + 1, min(wake, end))
      }
    }
  }

  var sent: [(at: Int64, bytes: [UInt8])] {
    events.compactMap { if case .sent(let bytes) = $0.what { ($0.at, bytes) } else { nil } }
  }

  var live: [(at: Int64, reading: Reading)] {
    events.compactMap {
      if case .reading(let reading, true) = $0.what { ($0.at, reading) } else { nil }
    }
  }

  var readings: [(at: Int64, reading: Reading)] {
    events.compactMap {
      if case .reading(let reading, _) = $0.what { ($0.at, reading) } else { nil }
    }
  }

  var faults: [(at: Int64, fault: Fault)] {
    events.compactMap { if case .fault(let fault) = $0.what { ($0.at, fault) } else { nil } }
  }

  var answers: [(at: Int64, request: Request, frame: [UInt8])] {
    events.compactMap {
      if case .answered(let request, let frame) = $0.what { ($0.at, request, frame) } else { nil }
    }
  }
}

extension Reading {
  /// Whether two readings tell the same measured values.
  func tellsTheSame(_ other: Reading) -> Bool {
    for point in Point.allCases where self[point] != other[point] { return false }
    guard cells.count == other.cells.count, cells.balancing == other.cells.balancing,
      temperatures.count == other.temperatures.count, alarms == other.alarms,
      warnings == other.warnings, cutoffs == other.cutoffs
    else { return false }
    for index in 0..<cells.count where cells[index] != other.cells[index] { return false }
    for index in 0..<temperatures.count where temperatures[index] != other.temperatures[index] {
      return false
    }
    return true
  }
}
