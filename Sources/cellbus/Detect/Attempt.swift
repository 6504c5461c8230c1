// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

/// What became of one probe, or of listening at one speed.
struct Attempt {
  /// Bits a second; `nil` where the line has none to choose.
  let baud: Int?
  /// The language; `nil` for listening that recognised none.
  var probe: Detection.Probe?
  /// Whether nothing was sent.
  let isListening: Bool
  /// Bytes sent, and bytes that came.
  var sent = 0
  var heard = 0
  /// How the conversation went.
  var statistics = SessionStatistics()
  /// What was not believed last.
  var doubt: Objection?
  /// What the battery told: a whole checked live reading; `nil` where none came.
  var snapshot: Snapshot?
  /// Milliseconds until then.
  var took: Int64 = 0

  /// Whether a battery was found.
  var isHit: Bool { snapshot?.liveAt != nil }

  /// What was tried, in a few words.
  var title: String {
    guard let probe else { return "listening" }
    return isListening ? "\(probe.name), listening" : probe.name
  }

  /// What came of it, for people.
  var outcome: String {
    if isHit { return "found: " + reasons.joined(separator: ", ") }
    if isListening {
      return heard == 0
        ? "silence"
        : "bytes that no language here makes: a stream at another speed, another host that asks, "
          + "or noise"
    }
    if heard == 0 { return "no answer" }
    if statistics.badChecksums > 0 {
      return
        "answered, but the checksum does not hold (\(statistics.badChecksums) times): the speed "
        + "is nearly right, or the line is disturbed"
    }
    if statistics.implausible > 0 {
      return "answered, but \(doubt.map { "\($0.what)" } ?? "it cannot be believed")"
    }
    if statistics.refusals > 0 {
      return "answered with a refusal: it may want a password or another address"
    }
    if statistics.replies > 0 { return "answered, but never told a whole live reading" }
    if statistics.echoes > 0 { return "the line sends back what is sent" }
    if statistics.incomplete > 0 { return "an answer began and did not end" }
    return "bytes that are no answer in this language"
  }

  /// Why it is believed, for people: what was read, and after how long.
  var reasons: [String] {
    guard let probe, let snapshot else { return [] }
    var reasons = [SnapshotText(snapshot: snapshot, dialect: probe.dialect).line]
    if snapshot.reading.cells.count > 0 { reasons.append("\(snapshot.reading.cells.count) cells") }
    reasons.append("after \(took) ms")
    return reasons
  }

  /// Whether this find is the better of two on one line: the stronger check first, then who tells more
  /// cells, then who tells more values.
  func isBetter(than other: Attempt) -> Bool { rank.lexicographicallyPrecedes(other.rank) }

  private var rank: [Int] {
    guard let probe, let snapshot else { return [2] }
    let values = Point.allCases.count { snapshot.reading[$0] != nil }
    return [probe.dialect.trust.check.isWeak ? 1 : 0, -snapshot.reading.cells.count, -values]
  }
}
