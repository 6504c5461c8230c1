// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What stands between a conversation and everything that uses its numbers: a reading passes when it
/// goes on from those before.
///
/// A reading that leaps is withheld until one of the two readings before it agrees, value by value:
/// a true step is seen two readings in a row and then passes, a damaged one is not. After two
/// readings withheld in a row the third passes whatever it says, so that no true change is ever
/// delayed by more than two further readings; the session asks for these at once.
///
/// Where the checksum is strong only live values are judged, and only against leaps that no battery
/// makes. Where it is weak every reading is, the first one included.
public struct Gate: Sendable {
  /// How many readings in a row are withheld at most.
  public static let patience = 2

  /// What is known of the language.
  public let trust: Trust
  private var tracks: [Track] = []

  /// A gate for a language.
  public init(_ trust: Trust) { self.trust = trust }

  /// A reading and when it came.
  struct Sample: Sendable {
    var reading: Reading
    var at: Tick
  }

  /// What came in answer to one question.
  struct Track: Sendable {
    /// The last that passed.
    var passed: Sample?
    /// The last two, passed or not; the newer first.
    var last: Sample?
    var beforeLast: Sample?
    /// How many in a row were withheld.
    var withheld = 0
  }

  /// Forgets everything: another battery may be there now.
  public mutating func forget() { tracks.removeAll() }

  /// What is impossible in a reading by itself, once sentinels are absent; `nil` when nothing is.
  ///
  /// - Returns: the objection, and whether a sensor stood for none.
  public func clean(_ reading: inout Reading) -> (objection: Objection?, isStripped: Bool) {
    let isStripped = !trust.sentinels.isEmpty && trust.strip(&reading)
    return (Physics.objection(to: reading, emptyCell: trust.emptyCell), isStripped)
  }

  /// Judges a reading by those before it in answer to the same question, counted from 0.
  ///
  /// - Returns: why it is withheld; `nil` when it passes.
  public mutating func judge(
    _ reading: Reading, on question: Int, isLive: Bool, at now: Tick
  ) -> Objection? {
    let isWeak = trust.check.isWeak
    guard isWeak || isLive else { return nil }
    while tracks.count <= question { tracks.append(Track()) }
    let objection = tracks[question].doubt(reading, isWeak: isWeak, at: now)
    let passes = objection == nil || tracks[question].withheld >= Self.patience
    let sample = Sample(reading: reading, at: now)
    tracks[question].beforeLast = tracks[question].last
    tracks[question].last = sample
    tracks[question].withheld = passes ? 0 : tracks[question].withheld + 1
    if passes { tracks[question].passed = sample }
    return passes ? nil : objection
  }
}

extension Gate.Track {
  /// What in a reading goes on from no reading before it.
  func doubt(_ reading: Reading, isWeak: Bool, at now: Tick) -> Objection? {
    if passed == nil, last == nil {
      guard isWeak else { return nil }
      return Objection(.first, "the first reading must be seen twice")
    }
    let comparison = Comparison(
      reading: reading, passed: passed, last: last, beforeLast: beforeLast, isWeak: isWeak, now: now
    )
    return comparison.doubt
  }
}
