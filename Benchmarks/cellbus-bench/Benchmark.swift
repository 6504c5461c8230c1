// SPDX-License-Identifier: Apache-2.0

import Text

/// Something that can be measured, as a value.
struct Benchmark: Sendable {
  /// The word that chooses it on the command line.
  let name: String
  /// What it measures, in a few words.
  let summary: String
  /// Whether it takes minutes, and so is only measured when named.
  var isLong = false
  /// Measures it; throws only when it could not be measured.
  let run: @Sendable (Effort) throws(CommandFailure) -> Result

  /// What was found.
  struct Result: Sendable {
    /// The figures.
    var findings: [Finding] = []
    /// What a reader must know to judge them.
    var notes: [String] = []
  }

  /// Every benchmark, the short ones first.
  static let all: [Benchmark] = [
    .decode, .dialects, .encode, .charging, .simulation, .history, .latency, .footprint, .fleet,
    .year,
  ]
}

/// One measured figure.
struct Finding: Sendable {
  /// What was measured.
  var what: String
  /// The rounds.
  var spread: Spread
  /// The unit of the values.
  var unit: String
  /// What was hoped for; `nil` where nothing is asked.
  var aim: Aim?
  /// What it is compared with, measured in the same run.
  var ratios: [Ratio] = []

  /// A bound that a figure should keep.
  enum Aim: Sendable {
    case over(Double)
    case under(Double)
  }

  /// A comparison.
  struct Ratio: Sendable {
    /// The figure divided by that of the other, round by round.
    var spread: Spread
    /// The other.
    var of: String
  }

  /// Whether the aim is met; `nil` without one.
  var isMet: Bool? {
    switch aim {
    case .over(let bound): spread.median > bound
    case .under(let bound): spread.median < bound
    case nil: nil
    }
  }
}

/// How long to measure.
struct Effort: Sendable {
  /// How often each candidate is measured.
  let rounds: Int
  /// How long one candidate is measured in a round, in nanoseconds.
  let round: Int64
  /// Whether this is only to get a first idea.
  let isQuick: Bool

  /// Figures to quote.
  static let full = Effort(rounds: 15, round: 200_000_000, isQuick: false)
  /// A first idea.
  static let quick = Effort(rounds: 5, round: 50_000_000, isQuick: true)
}
