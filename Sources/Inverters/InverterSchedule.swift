// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
public import Wire

/// Decides which frame goes to an inverter at which moment: fed with pictures and time, it answers with
/// frames, and never waits itself.
///
/// - Every `period` a cycle begins, in which each frame that may be sent goes out once, `gap` apart.
///   What it says is taken from the newest picture.
/// - A limit that falls and a pair of 0x35A that is newly active do not wait: 0x351 and 0x35A go out at
///   once. No limit rises in such a 0x351; a rise waits for the cycle.
/// - Such frames out of turn come at most every `urgentGap`, so that a value that flutters cannot flood
///   the bus.
/// - Once the battery is lost, or nobody renewed the picture for `hold`, nothing is sent.
public struct InverterSchedule: Sendable {
  /// Shortest time between two pairs of frames out of turn, in milliseconds.
  public static let urgentGap: Int64 = 20
  /// Longest gap between two frames of a cycle, in milliseconds.
  public static let longestGap: Int64 = 50

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
  /// Whether the second frame of a pair out of turn is due.
  private var owesAlarms = false
  private var sentLimits: CANFrame?
  private var sentAlarms: CANFrame?

  /// A schedule; what lies outside the bounds of `period` and `gap` is moved to them.
  public init(period: Int64 = 1000, gap: Int64 = 20, hold: Int64 = 60_000) {
    let rows = Int64(Victron.frames.count { $0.until != nil })
    self.period = max(200, min(1000, period))
    self.gap = max(1, min(gap, Self.longestGap, self.period / rows))
    self.hold = max(1000, hold)
  }

  /// Takes the newest picture of the battery; `next(at:)` is to be called afterwards.
  public mutating func update(_ new: InverterPicture, at now: Tick) {
    guard new.freshness != .lost else { return forget() }
    var new = new
    if let picture {
      new.reportable = picture.supported.union(new.reportable)
    } else {
      cycleStart = cycleStart.map { max(now, $0 + period) } ?? now
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
    if owesAlarms { return lastUrgent ?? updatedAt }
    return isUrgent ? min(due, urgentDue) : due
  }

  /// Forgets the battery and what was said of it, so that whatever comes next begins anew.
  private mutating func forget() {
    picture = nil
    isUrgent = false
    owesAlarms = false
    sentLimits = nil
    sentAlarms = nil
  }

  private mutating func outOfTurn(_ picture: InverterPicture, at now: Tick) -> CANFrame? {
    if isUrgent, now >= urgentDue {
      isUrgent = false
      owesAlarms = true
      lastUrgent = now
      if let new = Victron.limits(picture) {
        let frame = sentLimits.map { Victron.narrower(new, $0) } ?? new
        sentLimits = frame
        return frame
      }
    }
    guard owesAlarms else { return nil }
    owesAlarms = false
    let frame = Victron.alarms(picture)
    sentAlarms = frame
    return frame
  }

  private mutating func turn(_ picture: InverterPicture, at now: Tick) -> CANFrame? {
    while now >= due {
      if cursor == Victron.frames.count {
        let planned = (cycleStart ?? now) + period
        // After a pause, one cycle and not all that were missed.
        cycleStart = now - planned >= period ? now : planned
        cursor = 0
        sentInCycle = 0
        continue
      }
      let row = Victron.frames[cursor]
      cursor += 1
      guard let frame = Victron.frame(row, picture) else { continue }
      sentInCycle += 1
      lastTurn = now
      if row.id == 0x351 { sentLimits = frame }
      if row.id == 0x35A { sentAlarms = frame }
      if isUrgent { isUrgent = needsUrgent(picture) }
      return frame
    }
    return nil
  }

  /// When the next frame of the cycle is due: at its planned moment, and after a delay not all at once.
  private var due: Tick {
    guard let cycleStart else { return .never }
    let isOver = cursor == Victron.frames.count
    let planned = cycleStart + (isOver ? period : sentInCycle * gap)
    guard let lastTurn else { return planned }
    return max(planned, lastTurn + gap / 2)
  }

  private var urgentDue: Tick { lastUrgent.map { $0 + Self.urgentGap } ?? updatedAt }

  /// Whether the picture says anything that must not wait for its turn.
  private func needsUrgent(_ picture: InverterPicture) -> Bool {
    if let limits = Victron.limits(picture) {
      if let sentLimits {
        if Victron.isNarrower(limits, than: sentLimits) { return true }
      } else if cursor > 0 {
        // The first limits of all came after their turn: an inverter without any stands still.
        return true
      }
    }
    guard let sentAlarms else { return false }
    return Victron.raisesPair(Victron.alarms(picture), since: sentAlarms)
  }
}
