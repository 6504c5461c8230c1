// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Machine
import Quantities

/// All languages of one speed, which listen to one line and send nothing.
struct Ears {
  /// One language that listens.
  private struct Ear {
    let probe: Detection.Probe
    var session: Session
    /// Live readings that are still wanted.
    var wanted: Int
    var snapshot = Snapshot()
  }

  private let baud: Int?
  private var ears: [Ear]
  private var heard = 0
  private var took: Int64 = 0

  init(_ round: Detection.Round) {
    baud = round.baud
    ears = round.probes.map { probe in
      let dialect = probe.dialect
      // One that follows another host takes a first reading as it is, and a stream may be weakly checked:
      // a second one must confirm it.
      let isStream = dialect.polls.isEmpty
      return Ear(
        probe: probe, session: isStream ? Session(dialect) : Session(listening: dialect), wanted: 2)
    }
  }

  /// What was recognised; one attempt without a language where nothing was.
  var attempts: [Attempt] {
    let hits = ears.filter { $0.wanted <= 0 }.map { ear in
      var attempt = Attempt(baud: baud, probe: ear.probe, isListening: true)
      attempt.statistics = ear.session.statistics
      attempt.snapshot = ear.snapshot
      attempt.heard = heard
      attempt.took = took
      return attempt
    }
    if !hits.isEmpty { return hits }
    var attempt = Attempt(baud: baud, probe: nil, isListening: true)
    attempt.heard = heard
    return [attempt]
  }

  /// Listens until a language is recognised or the time is over.
  mutating func listen(
    on link: any ByteLink, _ patience: Patience, isOver: () -> Bool
  ) throws(LinkError) {
    let start = MonotonicClock.now()
    for index in ears.indices { ears[index].session.linkOpened(at: start) }
    var bytes: [UInt8] = []
    while !isOver(), let descriptor = link.descriptor {
      let now = MonotonicClock.now()
      took = now - start
      advance(at: now)
      guard !ears.contains(where: { $0.wanted <= 0 }) else { return }
      guard took < (heard > 0 ? patience.stream : patience.listening) else { return }
      guard try link.waitReadable([descriptor], milliseconds: 20) else { continue }
      bytes.removeAll(keepingCapacity: true)
      heard += try link.receive(into: &bytes)
      for index in ears.indices {
        ears[index].session.received(bytes.span, at: MonotonicClock.now())
      }
    }
  }

  private mutating func advance(at now: Tick) {
    for index in ears.indices {
      while true {
        let step = ears[index].session.next(at: now)
        if case .reading(let reading, let isLive) = step {
          ears[index].snapshot.take(reading, at: now, isLive: isLive)
          if isLive { ears[index].wanted -= 1 }
        }
        // One that listens never wants to send; were it to, nobody would carry it out.
        if case .wait = step { break }
      }
    }
  }
}
