// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

/// One way of doing something.
struct Candidate {
  /// What it is called.
  let name: String
  /// Whether its time is that of the processor, not of the clock on the wall: for what never waits.
  var isComputing = true
  /// Does it so many times.
  ///
  /// Answers something that depends on every result, so that none is left out.
  let body: (Int) throws(CommandFailure) -> Int64
}

/// Candidates measured in turn, so that whatever else the machine does meets all of them alike.
enum Contest {
  /// How often each candidate does its thing in a second, by candidate and round.
  ///
  /// Before the first round each is warmed up for about a round.
  static func run(
    _ candidates: [Candidate], _ effort: Effort
  ) throws(CommandFailure) -> [[Double]] {
    var sum: Int64 = 0
    var counts: [Int] = []
    for candidate in candidates {
      var count = 16
      var spent = try time(candidate, count, &sum)
      while spent < effort.round / 4 {
        count *= 2
        spent = try time(candidate, count, &sum)
      }
      counts.append(max(1, Int(Double(count) * Double(effort.round) / Double(spent))))
    }
    var rates: [[Double]] = candidates.map { _ in [] }
    for _ in 0..<effort.rounds {
      for (index, candidate) in candidates.enumerated() {
        let spent = try time(candidate, counts[index], &sum)
        rates[index].append(Double(counts[index]) * 1e9 / Double(max(1, spent)))
      }
    }
    guard sum != 0 else { throw CommandFailure("the measured work had no result", .failed) }
    return rates
  }

  private static func time(
    _ candidate: Candidate, _ count: Int, _ sum: inout Int64
  ) throws(CommandFailure) -> Int64 {
    let start = now(candidate)
    sum &+= try candidate.body(count)
    return now(candidate) - start
  }

  private static func now(_ candidate: Candidate) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(
      candidate.isComputing ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

extension Finding {
  /// The rate of one candidate.
  init(_ what: String, _ rates: [Double], _ unit: String, aim: Aim? = nil) {
    self.init(what: what, spread: Spread(rates), unit: unit, aim: aim)
  }

  /// The same with a comparison: round by round where the other was measured in as many rounds, and
  /// otherwise with its median.
  func against(_ name: String, _ other: [Double]?, _ own: [Double]) -> Finding {
    guard let other, !other.isEmpty else { return self }
    let middle = Spread(other).median
    let pairs =
      other.count == own.count
      ? zip(own, other).map { $0 / $1 } : own.map { $0 / middle }
    var result = self
    result.ratios.append(Ratio(spread: Spread(pairs), of: name))
    return result
  }
}
