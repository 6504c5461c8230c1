// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// By which of several doors a battery is read, decided from what was heard through each.
///
/// Doors are numbered from 0 in the order of preference.
package struct DoorChoice: Sendable {
  /// How patient it is.
  package struct Terms: Hashable, Sendable {
    /// Milliseconds without a whole live reading after which the next door is tried.
    package var fallback: Int64
    /// Milliseconds for which a better door must be well before it is gone back to.
    package var proof: Int64
    /// Milliseconds between two readings by a door that is only tried, at most, for it to be well.
    package var longestGap: Int64

    /// Terms from their parts.
    package init(fallback: Int64, proof: Int64 = 10_000, longestGap: Int64 = 5000) {
      self.fallback = fallback
      self.proof = proof
      self.longestGap = longestGap
    }
  }

  /// What is known of one door.
  private struct Door {
    /// When the newest whole live reading came by it.
    var heardAt: Tick?
    /// Since when its readings have come without a gap.
    var wellSince: Tick?
    /// How many readings have come since it was opened.
    var readings = 0
    /// Whether what it told of itself was held against what is known.
    var isVerified = false
    /// Whether that was a serial number, or there was none to hold it against.
    var isCertain = false
    /// Why there is another battery behind it.
    var difference: String?
    /// Whether there was once another battery behind it: then a number must be told before it is used.
    var isSuspect = false
  }

  /// A door that failed again so soon after it was gone back to, in milliseconds, must prove itself for
  /// longer.
  private static let relapse: Int64 = 300_000
  /// The longest proof.
  private static let longestProof: Int64 = 300_000
  /// After so many readings without a serial number a door counts as one that tells none.
  private static let tellingReadings = 4

  /// How patient it is.
  package var terms: Terms
  /// The door that is in use.
  package private(set) var current = 0
  /// What the battery is known by.
  package private(set) var identity = DoorIdentity()
  private var doors: [Door]
  /// Since when the current door is in use.
  private var since: Tick
  /// Whether the current door was gone back to.
  private var wentBack = false
  /// How long the next proof must be.
  private var proof: Int64

  /// A choice between so many doors, the first of which is in use.
  package init(doors count: Int, _ terms: Terms, at now: Tick) {
    doors = .init(repeating: Door(), count: max(1, count))
    self.terms = terms
    since = now
    proof = terms.proof
  }

  /// Why there is another battery behind a door; `nil` where there is none, as far as is known.
  package func difference(_ door: Int) -> String? { doors[door].difference }

  /// A door was opened, or opened again: another battery may be behind it now.
  package mutating func opened(_ door: Int) {
    doors[door] = Door(isSuspect: doors[door].isSuspect || doors[door].difference != nil)
  }

  /// A whole live reading came by a door, behind which a battery tells this of itself.
  ///
  /// - Returns: why that is another battery, where this is news.
  @discardableResult
  package mutating func heard(_ door: Int, _ told: DoorIdentity, at now: Tick) -> String? {
    let before = doors[door]
    if let last = before.heardAt, now - last > terms.longestGap { doors[door].wellSince = nil }
    doors[door].heardAt = now
    doors[door].readings += 1
    // The door in use that is certain says what the battery is; it may learn of it by and by.
    let isTrusted = door == current && before.isCertain
    let difference = isTrusted ? nil : told.difference(from: identity)
    doors[door].difference = difference
    doors[door].isCertain =
      difference == nil && (isTrusted || identity.serial == nil || told.serial != nil)
    if difference != nil { doors[door].isSuspect = true }
    if doors[door].isCertain { doors[door].isSuspect = false }
    // One that goes on telling no serial number is one that tells none.
    let tellsNone = before.readings + 1 >= Self.tellingReadings && !doors[door].isSuspect
    doors[door].isVerified = difference == nil && (doors[door].isCertain || tellsNone)
    if difference != nil {
      doors[door].wellSince = nil
    } else if doors[door].wellSince == nil {
      doors[door].wellSince = now
    }
    if door == current, difference == nil { identity.merge(told) }
    return difference == before.difference ? nil : difference
  }

  /// Takes over what the door in use tells beside live readings, once it is certain which battery that is.
  package mutating func learn(_ told: DoorIdentity) {
    if doors[current].isCertain, doors[current].difference == nil { identity.merge(told) }
  }

  /// Whether a door is to be open and asked now: the one in use, better ones to see whether they are well
  /// again, and the next ones while all before are silent.
  package func isWanted(_ door: Int, at now: Tick) -> Bool {
    if door <= current || doors[current].difference != nil { return true }
    return silence(at: now) >= terms.fallback * Int64(door - current)
  }

  /// The door to go over to now; `nil` to stay.
  package func better(at now: Tick) -> Int? {
    if doors[current].difference != nil {
      return doors.indices.first { isUsable($0, at: now) }
        ?? doors.indices.first { $0 != current && doors[$0].difference == nil }
    }
    if silence(at: now) >= terms.fallback {
      return doors.indices.first { $0 != current && isUsable($0, at: now) }
    }
    return (0..<current).first { door in
      guard isUsable(door, at: now), let since = doors[door].wellSince else { return false }
      return now - since >= proof
    }
  }

  /// Goes over to another door.
  package mutating func enter(_ door: Int, at now: Tick) {
    if door > current {
      let isRelapse = wentBack && now - since < Self.relapse
      proof = isRelapse ? min(proof * 2, Self.longestProof) : terms.proof
    }
    wentBack = door < current
    doors[current].wellSince = nil
    current = door
    since = now
  }

  /// Whether a door has given a whole reading of the right battery at this very moment, so that nothing
  /// old is taken over.
  private func isUsable(_ door: Int, at now: Tick) -> Bool {
    doors[door].isVerified && doors[door].difference == nil && doors[door].heardAt == now
  }

  /// Milliseconds since the door in use was last heard, or was taken into use.
  private func silence(at now: Tick) -> Int64 {
    now - max(doors[current].heardAt ?? since, since)
  }
}
