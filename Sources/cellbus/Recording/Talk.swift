// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text

/// One conversation with a battery on an open link.
struct Talk {
  private(set) var snapshot = Snapshot()
  private(set) var fault: Fault?
  /// How often each kind of fault was met, in the order in which they first came.
  private(set) var faults: [(kind: String, count: Int)] = []
  /// Readings, and those of live values among them.
  private(set) var readings = 0
  private(set) var live = 0
  private var answers = 0
  private var session: Session
  private let link: any ByteLink
  private let dialect: Dialect

  init(_ dialect: Dialect, _ link: any ByteLink, delay: Int64 = 0) {
    self.dialect = dialect
    self.link = link
    session = Session(dialect)
    session.linkDelay = delay
    session.linkOpened(at: MonotonicClock.now())
  }

  /// Whether everything that the dialect asks for has been answered once.
  var isComplete: Bool { snapshot.liveAt != nil && answers >= dialect.polls.count }

  /// What was not believed.
  var rejections: Rejections { session.rejections }

  /// How the conversation goes.
  var statistics: SessionStatistics { session.statistics }

  /// What is known, and what the link has carried, as a JSON object.
  func json(at now: Tick) -> String {
    text.json(at: now) { writer in
      writer.object("link") { writer in
        writer.field("name", link.name)
        writer.fields(of: link.counters)
        writer.fields(of: session.statistics)
      }
    }
  }

  /// What is known, as text.
  var text: SnapshotText { SnapshotText(snapshot: snapshot, dialect: dialect) }

  /// Goes on with the conversation until something live is read or the time is over.
  ///
  /// - Returns: whether something live was read.
  mutating func turn(until end: Tick) throws(LinkError) -> Bool {
    while true {
      let now = MonotonicClock.now()
      switch session.next(at: now) {
      case .send(let bytes): try link.send(bytes)
      case .reading(let reading, let isLive):
        answers += 1
        readings += 1
        snapshot.take(reading, at: now, isLive: isLive)
        fault = nil
        if isLive {
          live += 1
          return true
        }
      case .answered: answers += 1
      case .fault(let new):
        fault = new
        count(new)
      case .wait(let until):
        guard now < end, let descriptor = link.descriptor else { return false }
        let wait = max(1, min(until, end) - now)
        guard try link.waitReadable([descriptor], milliseconds: min(1000, wait)) else { continue }
        var bytes: [UInt8] = []
        _ = try link.receive(into: &bytes)
        session.received(bytes.span, at: MonotonicClock.now())
      }
    }
  }

  private mutating func count(_ fault: Fault) {
    let kind = "\(fault.kind)"
    if let index = faults.firstIndex(where: { $0.kind == kind }) {
      faults[index].count += 1
    } else {
      faults.append((kind, 1))
    }
  }
}
