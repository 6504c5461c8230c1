// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// Who may ask next on a line that several batteries share: one at a time, whoever has waited longest.
package struct LineTurns: Sendable {
  /// Milliseconds that the line is left alone after each turn, at least.
  package static let leastGap: Int64 = 20
  /// Milliseconds for which a silent battery is left out at most, while others answer.
  package static let longestRest: Int64 = 8000
  /// Milliseconds after which somebody who was not the first in the row looks again.
  package static let patience: Int64 = 10

  /// One battery on the line.
  private struct Member {
    let id: Int
    /// When it wants to ask.
    var wish = Tick.never
    /// When it last gave the turn back.
    var lastTurn = Tick(.min)
    /// Turns in a row that ended without an answer.
    var failures = 0
    /// It is not heard before this moment.
    var restsUntil = Tick(.min)

    /// When it may be given the turn.
    var due: Tick { max(wish, restsUntil) }
    /// Since when it waits, counted from its last turn at the earliest.
    var waitsSince: Tick { max(due, lastTurn) }
  }

  /// Who has the turn; `nil` while nobody has.
  package private(set) var holder: Int?
  /// Until when nobody may have it.
  private var freeAt = Tick(.min)
  private var members: [Member] = []

  /// A line with nobody on it.
  package init() {}

  /// A battery comes to the line.
  package mutating func join(_ id: Int) {
    guard !members.contains(where: { $0.id == id }) else { return }
    members.append(Member(id: id))
  }

  /// A battery leaves the line, with the turn or without.
  package mutating func leave(_ id: Int) {
    members.removeAll { $0.id == id }
    if holder == id { holder = nil }
  }

  /// A battery tells when it wants to ask; answers whether it has the turn now.
  package mutating func ask(_ id: Int, wish: Tick, at now: Tick) -> Bool {
    guard let index = members.firstIndex(where: { $0.id == id }) else { return false }
    members[index].wish = wish
    if holder == nil, now >= freeAt, first(at: now) == id { holder = id }
    return holder == id
  }

  /// Who is to have the turn now; `nil` while nobody wants it.
  package func first(at now: Tick) -> Int? {
    members.filter { $0.due <= now }.min { $0.waitsSince < $1.waitsSince }?.id
  }

  /// The one who has the turn gives it back.
  ///
  /// - Parameters:
  ///   - id: who.
  ///   - isWell: whether the battery answered.
  ///   - pauseEnds: until when its language wants the line left alone.
  ///   - now: the moment.
  package mutating func giveBack(_ id: Int, isWell: Bool, pauseEnds: Tick, at now: Tick) {
    guard holder == id, let index = members.firstIndex(where: { $0.id == id }) else { return }
    holder = nil
    freeAt = max(now + Self.leastGap, pauseEnds)
    members[index].lastTurn = now
    members[index].wish = .never
    members[index].failures = isWell ? 0 : members[index].failures + 1
    let othersAnswer = members.contains {
      $0.id != id && $0.failures == 0 && $0.lastTurn > Tick(.min)
    }
    let rest = min(Self.longestRest, 500 << Int64(min(members[index].failures, 5)))
    members[index].restsUntil = isWell || !othersAnswer ? Tick(.min) : now + rest
  }

  /// When a battery that has not the turn is to ask for it again, unless it is called before; `.never`
  /// while another has it.
  package func due(of id: Int, at now: Tick) -> Tick {
    guard holder == nil, let member = members.first(where: { $0.id == id }) else { return .never }
    guard member.wish != .never else { return .never }
    return max(member.due, freeAt, now + Self.patience)
  }
}
