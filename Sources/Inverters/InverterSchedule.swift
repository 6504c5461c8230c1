// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
public import Wire

/// Decides which frame goes to an inverter at which moment: fed with pictures and time, it answers with
/// frames, and never waits itself.
///
/// - Every `period` a cycle begins, in which each frame that may be sent goes out once, `gap` apart.
///   What it says is taken from the newest picture. A frame that the owner wants less often goes out in
///   every so many cycles.
/// - A limit that falls and a protection that is newly active do not wait: the frames that the profile
///   names for it go out at once. No limit rises in them; a rise waits for the cycle.
/// - Such frames out of turn come at most every `urgentGap`, so that a value that flutters cannot flood
///   the bus.
/// - Where the profile asks for a time between two frames of one identifier, both wait for it.
/// - Once the battery is lost, or nobody renewed the picture for `hold`, nothing is sent.
public struct InverterSchedule: Sendable {
  /// Shortest time between two pairs of frames out of turn, in milliseconds.
  public static let urgentGap: Int64 = 20
  /// Longest gap between two frames of a cycle, in milliseconds.
  public static let longestGap: Int64 = 50

  /// To whom it speaks, and how.
  public let profile: InverterProfile
  /// Milliseconds from one cycle to the next: at most 1000.
  public let period: Int64
  /// Milliseconds between two frames of a cycle: at most 50, and so that a whole cycle fits its period.
  public let gap: Int64
  /// How long a picture stands that nobody renews, in milliseconds.
  public let hold: Int64

  private var picture: InverterPicture?
  private var updatedAt = Tick(.min)
  private var cycleStart: Tick?
  /// The row whose turn is next.
  private var cursor = 0
  private var sentInCycle: Int64 = 0
  private var lastTurn: Tick?
  private var isUrgent = false
  private var lastUrgent: Tick?
  /// The next of the frames out of turn that is due; their number when none is.
  private var owed: Int
  /// Rows of the frames that may go out of turn.
  private let urgentRows: [Int]
  /// What was said last, by row.
  private var said: [Said]

  private struct Said {
    var frame: CANFrame?
    var at: Tick?
  }

  /// A schedule; what lies outside the bounds of `period` and `gap` is moved to them.
  public init(
    profile: InverterProfile = .victron, period: Int64 = 1000, gap: Int64 = 20,
    hold: Int64 = 60_000
  ) {
    self.profile = profile
    let rows = Int64(profile.frames.count { $0.until != nil })
    self.period = max(200, profile.repeatGap, min(1000, period))
    self.gap = max(1, min(gap, Self.longestGap, self.period / rows))
    self.hold = max(1000, hold)
    urgentRows = profile.urgent.compactMap { id in profile.frames.firstIndex { $0.id == id } }
    owed = urgentRows.count
    said = Array(repeating: Said(), count: profile.frames.count)
  }

  /// Goes on where another schedule for the same bus leaves off: the time between two frames of one
  /// identifier is kept across the change.
  public mutating func follow(_ earlier: InverterSchedule) {
    for row in profile.frames.indices {
      let id = profile.frames[row].id
      guard let before = earlier.profile.frames.firstIndex(where: { $0.id == id }) else { continue }
      said[row].at = earlier.said[before].at
    }
  }

  /// Takes the newest picture of the battery; `next(at:)` is to be called afterwards.
  public mutating func update(_ new: InverterPicture, at now: Tick) {
    guard new.freshness != .lost else { return forget() }
    var new = new
    if let picture {
      new.reportable = picture.supported.union(new.reportable)
    } else {
      // Not sooner than the cycle after the last one; one that never began is not put off again.
      cycleStart = cycleStart.map { $0 > now ? $0 : max(now, $0 + period) } ?? now
      cursor = 0
      sentInCycle = 0
    }
    picture = new
    updatedAt = now
    isUrgent = needsUrgent(new)
  }

  /// The frame to send now, if any; called again until there is none.
  public mutating func next(at now: Tick) -> CANFrame? {
    if now - updatedAt > hold { forget() }
    guard let picture else { return nil }
    return outOfTurn(picture, at: now) ?? turn(picture, at: now)
  }

  /// When to call `next(at:)` again, unless `update(_:at:)` is called before.
  public var deadline: Tick {
    guard picture != nil else { return .never }
    if owed < urgentRows.count { return lastUrgent ?? updatedAt }
    return isUrgent ? min(due, urgentDue) : due
  }

  /// Forgets the battery and what was said of it, so that whatever comes next begins anew.
  private mutating func forget() {
    picture = nil
    isUrgent = false
    owed = urgentRows.count
    for row in said.indices { said[row].frame = nil }
  }

  private mutating func outOfTurn(_ picture: InverterPicture, at now: Tick) -> CANFrame? {
    if isUrgent, now >= urgentDue {
      isUrgent = false
      owed = 0
      lastUrgent = now
    }
    while owed < urgentRows.count {
      let row = urgentRows[owed]
      owed += 1
      guard let new = profile.frame(profile.frames[row], picture) else { continue }
      let frame = said[row].frame.map { profile.narrow(new, $0) } ?? new
      said[row] = Said(frame: frame, at: now)
      return frame
    }
    return nil
  }

  private mutating func turn(_ picture: InverterPicture, at now: Tick) -> CANFrame? {
    while now >= due {
      if cursor == profile.frames.count {
        let planned = (cycleStart ?? now) + period
        // After a pause, one cycle and not all that were missed.
        cycleStart = now - planned >= period ? now : planned
        cursor = 0
        sentInCycle = 0
        continue
      }
      let row = cursor
      cursor += 1
      guard isItsCycle(row, at: now), let frame = profile.frame(profile.frames[row], picture) else {
        continue
      }
      sentInCycle += 1
      lastTurn = now
      said[row] = Said(frame: frame, at: now)
      if isUrgent { isUrgent = needsUrgent(picture) }
      return frame
    }
    return nil
  }

  /// Whether a frame that the owner wants less often is to be sent in this cycle again.
  private func isItsCycle(_ row: Int, at now: Tick) -> Bool {
    guard let pace = profile.frames[row].pace, said[row].frame != nil, let at = said[row].at else {
      return true
    }
    // Half a cycle of patience: a frame that came late is not to be a whole cycle late the next time.
    return now - at >= pace - period / 2
  }

  /// When the next frame of the cycle is due: at its planned moment, and after a delay not all at once.
  private var due: Tick {
    guard let cycleStart else { return .never }
    let isOver = cursor == profile.frames.count
    let planned = cycleStart + (isOver ? period : sentInCycle * gap)
    let rested = lastTurn.map { $0 + gap / 2 } ?? planned
    return max(planned, rested, isOver ? planned : allowed(cursor))
  }

  private var urgentDue: Tick {
    var due = lastUrgent.map { $0 + Self.urgentGap } ?? updatedAt
    for row in urgentRows { due = max(due, allowed(row)) }
    return due
  }

  /// When the frame of a row may be sent again, by the profile's rule.
  private func allowed(_ row: Int) -> Tick {
    guard profile.repeatGap > 0, let at = said[row].at else { return Tick(.min) }
    return at + profile.repeatGap
  }

  /// Whether the picture says anything that must not wait for its turn.
  private func needsUrgent(_ picture: InverterPicture) -> Bool {
    for place in urgentRows.indices {
      let row = urgentRows[place]
      guard let new = profile.frame(profile.frames[row], picture) else { continue }
      if let earlier = said[row].frame {
        if profile.isNews(new, earlier) { return true }
      } else if place == 0, cursor > row {
        // The first limits of all came after their turn: an inverter without any stands still.
        return true
      }
    }
    return false
  }
}
