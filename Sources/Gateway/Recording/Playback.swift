// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Dialects
package import Links
package import Quantities
import Wire

/// A recording, understood by the code that reads batteries, with the time of the recording.
///
/// It is fed the lines of a recording and answers what they say, without waiting. The same
/// conversation gives the same readings and the same faults as it did when it was recorded.
package struct Playback {
  /// Where something stands in a recording.
  package struct Place: Hashable, Sendable {
    /// The file.
    package var path: String
    /// The line's number, from 1.
    package var line: Int
  }

  /// What a recording says.
  package enum Finding: Sendable {
    /// A reading was taken over into `snapshot`; `isLive` when it carried the values that limits are
    /// decided from.
    case reading(isLive: Bool)
    /// The conversation met a fault; the place is that of the question.
    case fault(Fault, Place)
    /// Bytes that belong to no message, from so many bytes into the line on.
    case stray([UInt8], Place, byte: Int)
    /// The wire was opened.
    case opened(Place)
    /// The wire was closed, or has gone.
    case closed(Place)
    /// So many lines are missing here.
    case lost(UInt64, Place)
    /// A line that is none of a recording.
    case unknown(Place)
  }

  /// What was counted in the recording itself.
  package struct Totals: Sendable, Equatable {
    /// Lines with bytes or notes.
    package var lines = 0
    /// Bytes that came from the battery.
    package var bytesIn = 0
    /// Bytes that went to it.
    package var bytesOut = 0
    /// Readings.
    package var readings = 0
    /// Readings of live values among them.
    package var live = 0
    /// Faults by kind, in the order in which they first came.
    package var faults: [(kind: String, count: Int)] = []
    /// Lines that are missing.
    package var lost: UInt64 = 0
    /// Lines that are none of a recording.
    package var unknown = 0
    /// When the first line was written, in microseconds since 1970.
    package var first: Int64?
    /// When the last line was written, in microseconds since 1970.
    package var last: Int64 = 0
    /// How long it took by the clock that never goes back, in milliseconds, without the time
    /// between its parts.
    package var duration: Int64 = 0

    package static func == (a: Self, b: Self) -> Bool {
      a.lines == b.lines && a.bytesIn == b.bytesIn && a.bytesOut == b.bytesOut
        && a.readings == b.readings && a.live == b.live && a.lost == b.lost
        && a.faults.elementsEqual(b.faults, by: ==)
    }
  }

  /// Everything known about the battery so far.
  package private(set) var snapshot = Snapshot()
  /// What was counted.
  package private(set) var totals = Totals()
  /// The time of the recording, by the clock that never goes back.
  package private(set) var now = Tick(0)
  /// The time of the recording by the calendar, in milliseconds since 1970.
  package private(set) var wall: Int64 = 0
  private var session: Session
  private var findings: [Finding] = []
  /// A question that may go on in the next line.
  private var asked: (bytes: [UInt8], at: Int64, last: Int64, place: Place)?
  private var question: Place?
  /// Where in the stream of received bytes the lines begin.
  private var starts: [(offset: Int, place: Place)] = []
  private var place = Place(path: "", line: 0)

  /// A playback in a language.
  package init(_ dialect: Dialect) { session = Session(following: dialect) }

  /// How the conversation went.
  package var statistics: SessionStatistics { session.statistics }

  /// Takes the next line, of which `next` then tells.
  package mutating func take(_ item: TrafficReader.Item) {
    let place = Place(path: item.path, line: item.number)
    switch item.content {
    case .line(let line): take(line, place)
    case .header(let header):
      // The clock has begun anew: another start of the machine, and so of the conversation.
      guard Tick(header.monotonic / 1000) < now else { return }
      flush()
      now = Tick(header.monotonic / 1000)
      snapshot = Snapshot()
      session.linkOpened(at: now)
      work()
    case .remark: break
    case .unknown:
      totals.unknown += 1
      findings.append(.unknown(place))
    }
  }

  /// Ends the recording: what was still being waited for is given up.
  package mutating func finish() {
    flush()
    let duration = totals.duration
    advance(to: now + 10_000, including: true)
    totals.duration = duration
  }

  /// What the lines taken so far say, one after the other; `nil` when all was told.
  package mutating func next() -> Finding? { findings.isEmpty ? nil : findings.removeFirst() }

  private mutating func take(_ line: TrafficLine, _ place: Place) {
    totals.lines += 1
    totals.first = totals.first ?? line.wall
    totals.last = line.wall
    if case .sent(let bytes) = line.event {
      totals.bytesOut += bytes.count
      if let open = asked, (0...Recording.joins).contains(line.monotonic - open.last) {
        asked = (open.bytes + bytes, open.at, line.monotonic, open.place)
        return
      }
      flush()
      asked = (bytes, line.monotonic, line.monotonic, place)
      wall = line.wall / 1000
      return
    }
    flush()
    let moment = Tick(line.monotonic / 1000)
    advance(to: moment, including: false)
    wall = line.wall / 1000
    self.place = place
    switch line.event {
    case .received(let bytes):
      starts.append((totals.bytesIn, place))
      totals.bytesIn += bytes.count
      session.received(bytes.span, at: now)
    case .opened:
      findings.append(.opened(place))
      session.linkOpened(at: now)
    case .closed: findings.append(.closed(place))
    case .lost(let count):
      totals.lost += count
      findings.append(.lost(count, place))
    case .sent: break
    }
    work()
  }

  /// Tells the session of the question that was held back.
  private mutating func flush() {
    guard let asked else { return }
    self.asked = nil
    advance(to: Tick(asked.at / 1000), including: true)
    place = asked.place
    session.sent(asked.bytes, at: now)
    work()
    question = asked.place
  }

  /// Lets everything happen that was due before a moment, or at it.
  private mutating func advance(to moment: Tick, including: Bool) {
    while let due = work(), due < moment || including && due == moment, due > now { pass(to: due) }
    if moment > now { pass(to: moment) }
    if including { work() }
  }

  private mutating func pass(to moment: Tick) {
    if now.milliseconds > 0 { totals.duration += moment - now }
    now = moment
  }

  /// Takes over all that the session says now.
  ///
  /// - Returns: When it wants to go on by itself.
  @discardableResult
  private mutating func work() -> Tick? {
    while true {
      switch session.next(at: now) {
      case .reading(let reading, let isLive):
        snapshot.take(reading, at: now, isLive: isLive)
        totals.readings += 1
        if isLive { totals.live += 1 }
        tellStrays()
        findings.append(.reading(isLive: isLive))
      case .fault(let fault):
        tellStrays()
        count(fault)
        findings.append(.fault(fault, question ?? place))
      case .answered: continue
      // A session that follows sends nothing.
      case .send: continue
      case .wait(let until):
        tellStrays()
        return until == .never ? nil : until
      }
    }
  }

  private mutating func count(_ fault: Fault) {
    let kind = "\(fault.kind)"
    if let index = totals.faults.firstIndex(where: { $0.kind == kind }) {
      totals.faults[index].count += 1
    } else {
      totals.faults.append((kind, 1))
    }
  }

  /// Tells of bytes that belong to no message, cut where one line ends.
  private mutating func tellStrays() {
    for stray in session.takeStrays() {
      var offset = stray.offset
      var bytes = stray.bytes[...]
      while !bytes.isEmpty, let index = starts.lastIndex(where: { $0.offset <= offset }) {
        let end = index + 1 < starts.count ? starts[index + 1].offset : Int.max
        let part = bytes.prefix(min(bytes.count, end - offset))
        findings.append(
          .stray(Array(part), starts[index].place, byte: offset - starts[index].offset))
        offset += part.count
        bytes = bytes.dropFirst(part.count)
      }
    }
    // No session holds bytes of more lines than it holds bytes.
    if starts.count > 2 * Session.bufferCapacity {
      starts.removeFirst(starts.count - Session.bufferCapacity)
    }
  }
}
