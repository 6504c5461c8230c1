// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities

extension Detector {
  /// Leaves the line alone for a while, and lets go of what still comes.
  func rest(_ link: any ByteLink) throws(LinkError) {
    let end = MonotonicClock.now() + patience.pause
    var bytes: [UInt8] = []
    while MonotonicClock.now() < end, let descriptor = link.descriptor {
      let left = max(1, end - MonotonicClock.now())
      guard try link.waitReadable([descriptor], milliseconds: left) else { continue }
      bytes.removeAll(keepingCapacity: true)
      _ = try link.receive(into: &bytes)
    }
  }

  /// Talks until one live reading is believed, or until no answer is to be hoped for.
  func converse(
    _ attempt: inout Attempt, _ probe: Detection.Probe, _ link: any ByteLink
  ) throws(LinkError) {
    var session = Session(probe.dialect)
    session.linkDelay = settings.delay
    let start = MonotonicClock.now()
    session.linkOpened(at: start)
    defer {
      attempt.statistics = session.statistics
      attempt.doubt = session.rejections.newest.last { !$0.objection.kind.isWithheld }?.objection
      attempt.took = MonotonicClock.now() - start
    }
    var failures = 0
    var bytes: [UInt8] = []
    while !isOver() {
      let now = MonotonicClock.now()
      switch session.next(at: now) {
      case .send(let bytes):
        guard Detection.mayAsk(bytes, in: probe.dialect) else {
          throw .unsupported(path: link.name, what: "send what is no question of \(probe.name)")
        }
        try link.send(bytes)
        attempt.sent += bytes.count
      case .reading(let reading, let isLive):
        if attempt.snapshot == nil { attempt.snapshot = Snapshot() }
        attempt.snapshot?.take(reading, at: now, isLive: isLive)
        if isLive { return }
      case .answered: continue
      case .fault(.asleep): continue
      case .fault:
        failures += 1
        if failures > (attempt.heard == 0 ? 0 : 1), session.statistics.replies == 0 { return }
      case .wait(let until):
        let isHopeful = session.statistics.replies > 0
        let end = start + (isHopeful ? patience.answered : patience.probe) + 2 * settings.delay
        guard now < end, let descriptor = link.descriptor else { return }
        let wait = min(200, max(1, min(until, end) - now))
        guard try link.waitReadable([descriptor], milliseconds: wait) else { continue }
        bytes.removeAll(keepingCapacity: true)
        attempt.heard += try link.receive(into: &bytes)
        session.received(bytes.span, at: MonotonicClock.now())
      }
    }
  }
}
