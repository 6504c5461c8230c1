// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// The mode for settings: entering it, keeping what was written, and leaving it whatever happens.

extension SettingsJob {
  mutating func enter(_ then: Then, _ number: Int = 0) {
    guard let mode = map.mode, number < mode.enter.count else {
      if map.mode != nil { news.append(.entered) }
      return go(on: then)
    }
    phase = .entering(number, then)
    session.enqueue(mode.enter[number])
  }

  private mutating func go(on then: Then) {
    switch then {
    case .ask(let number): ask(number)
    case .keep: keep()
    case .look: look()
    case .undo: recheckFirst()
    }
  }

  /// A request that opens the mode was not carried out.
  mutating func notEntered(_ number: Int, _ then: Then, _ doubt: Doubt) {
    guard let mode = map.mode else { return }
    guard case .refusal(let code) = doubt else {
      // Opening it twice harms nothing.
      return session.enqueue(mode.enter[number])
    }
    // Older firmware knows no password, and needs none.
    if code == mode.unknownCode, number + 1 < mode.enter.count { return enter(then, number + 1) }
    giveUp(.refused(code: code))
  }

  /// Keeps what was written, where the device has to be told to; then looks at it.
  mutating func keep() {
    guard let mode = map.mode else { return look() }
    phase = .keeping
    session.enqueue(mode.keep)
  }

  /// Looks at what was kept.
  ///
  /// Where it is not known whether it was, it is kept once more: a board that is still in its mode shows
  /// the new settings and may yet forget them.
  mutating func kept(_ doubt: Doubt?) {
    switch doubt {
    case nil:
      isOpen = false
      news.append(.left(isKept: true))
      enter(.look)
    case .refusal(let code) where code == map.mode?.closedCode: enter(.look)
    case .refusal(let code):
      outcome.failure = .refused(code: code)
      undo = outcome.written.reversed()
      enter(.undo)
    case .silence, .damage:
      guard returned < Self.returns else { return giveUp(.unacknowledged) }
      returned += 1
      enter(.keep)
    }
  }

  /// Ends the job, after the mode has been left.
  mutating func end(_ step: Step) {
    guard isOpen, let mode = map.mode else { return phase = .over(step) }
    // What is still under way would be taken for the answer.
    if session.job != nil || !session.queue.isEmpty { renew(at: clock) }
    phase = .leaving(step, attempt: 1)
    heard = clock
    session.enqueue(mode.leave)
  }

  mutating func left(_ step: Step, _ attempt: Int, _ doubt: Doubt?) {
    guard let mode = map.mode else { return phase = .over(step) }
    if doubt == nil || doubt == .refusal(mode.closedCode) {
      isOpen = false
      news.append(.left(isKept: false))
      return phase = .over(step)
    }
    guard attempt < Self.tries else { return abandon() }
    phase = .leaving(step, attempt: attempt + 1)
    session.enqueue(mode.leave)
  }

  /// Ends the job although the device may still be in its mode.
  mutating func abandon() {
    guard case .leaving(let step, _) = phase else { return }
    news.append(.mayBeOpen)
    guard case .ended(var outcome) = step else { return phase = .over(step) }
    outcome.mayBeOpen = true
    phase = .over(.ended(outcome))
  }

  /// Whether a refusal says that the mode was left without anybody asking, and there is something to be
  /// done about it.
  func isModeLost(_ doubt: Doubt) -> Bool {
    guard let mode = map.mode else { return false }
    return doubt == .refusal(mode.closedCode) && returned < Self.returns
  }

  /// Goes back into the mode after the device, or the link, went away; what was written is undone.
  mutating func recover(_ failure: SettingsFailure) {
    returned += 1
    switch phase {
    case .over: break
    case .entering(_, let then): enter(then)
    case .asking:
      end(.failed(failure))
    case .writing(let number, _), .checking(let number, _, _):
      guard let plan, hasWritten || number > 0 else { return end(.failed(failure)) }
      fail(failure, at: plan.writes[number])
      undo = outcome.written.reversed()
      if hasWritten { undo.insert(plan.writes[number], at: 0) }
      enter(.undo)
    case .undoing, .rechecking: enter(.undo)
    case .keeping: enter(.keep)
    case .looking: enter(.look)
    case .leaving(let step, _): end(step)
    }
  }
}
