// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// Questions, answers and faults of a job.

extension SettingsJob {
  /// Puts question `n`, or goes on when there is none left.
  mutating func ask(_ number: Int) {
    var number = number
    // Limits are asked for once, by the survey.
    while plan != nil, number < map.questions.count,
      map.questions[number].part != .identity, map.questions[number].part != .current
    { number += 1 }
    guard number < map.questions.count else { return surveyed() }
    phase = .asking(number, isInstead: false)
    if number == 0 || map.questions[number].part != map.questions[number - 1].part {
      news.append(.reading(map.questions[number].part))
    }
    session.enqueue(map.questions[number].request)
  }

  private mutating func surveyed() {
    guard let before else { return end(.surveyed(survey)) }
    guard survey.identity.serial == before.identity.serial else { return giveUp(.otherUnit) }
    if let address = difference(survey.current, before.current) {
      return giveUp(.changedMeanwhile(address))
    }
    write(0)
  }

  /// The first address at which two sets of settings differ.
  private func difference(_ a: SettingsWords, _ b: SettingsWords) -> UInt16? {
    for address in b.addresses where a.cell(address) != b.cell(address) {
      if map.isSetting(address) { return address }
    }
    for address in a.addresses where b.cell(address) == nil {
      if map.isSetting(address) { return address }
    }
    return nil
  }

  /// Takes the checked answer to what is under way.
  mutating func answered(_ frame: [UInt8]) {
    switch phase {
    case .entering(let number, let then): enter(then, number + 1)
    case .asking(let number, let isInstead):
      let question = map.questions[number]
      let request = isInstead ? question.instead ?? question.request : question.request
      if let words = map.words(request, frame) {
        survey.take(question.part, words)
        if question.part == .identity { map.identify(request, frame, &survey.identity) }
        ask(number + 1)
      } else {
        unanswered(number, isInstead, .refused(code: 0))
      }
    case .writing(let number, let attempt): check(number, attempt, nil)
    case .checking(let number, let attempt, let doubt): checked(number, attempt, doubt, frame)
    case .keeping: kept(nil)
    case .looking(let number): looked(number, frame)
    case .undoing(let attempt): recheck(attempt, nil)
    case .rechecking(let attempt, let doubt): rechecked(attempt, doubt, frame)
    case .leaving(let step, let attempt): left(step, attempt, nil)
    case .over: break
    }
  }

  /// Takes what the session could not do.
  mutating func faulted(_ fault: Fault) {
    if fault == .asleep { news.append(.waking) }
    // While the request still waits in the queue, it was the call before it that went unanswered.
    guard session.queue.isEmpty, !session.isSendingOrder else { return }
    let doubt: Doubt
    switch fault {
    case .asleep: return
    case .silent: doubt = .silence
    case .garbled: doubt = .damage
    case .refused(_, let code):
      doubt = session.dialect.transientCodes.contains(code) ? .damage : .refusal(code)
    }
    switch phase {
    case .entering(let number, let then): notEntered(number, then, doubt)
    case .asking(let number, let isInstead):
      if isModeLost(doubt), returnedFor < number {
        returnedFor = number
        returned += 1
        return enter(.ask(number))
      }
      guard case .refusal(let code) = doubt else { return unanswered(number, isInstead, nil) }
      unanswered(number, isInstead, .refused(code: code))
    case .writing(let number, let attempt):
      if isModeLost(doubt) { return recover(.modeLost) }
      check(number, attempt, doubt)
    case .checking(let number, _, _):
      if isModeLost(doubt) { return recover(.modeLost) }
      if case .refusal(let code) = doubt { return giveUp(.refused(code: code)) }
      guard let plan else { return }
      // Read on until the patience is over.
      session.enqueue(map.reading(plan.writes[number].address))
    case .keeping: kept(doubt)
    case .looking(let number):
      if isModeLost(doubt) { return recover(.modeLost) }
      guard case .refusal(let code) = doubt else { return look(number) }
      if map.questions[number].isRefusable { return look(number + 1) }
      giveUp(.refused(code: code))
    case .undoing(let attempt):
      if isModeLost(doubt) { return recover(.modeLost) }
      recheck(attempt, doubt)
    case .rechecking:
      if isModeLost(doubt) { return recover(.modeLost) }
      if case .refusal(let code) = doubt { return giveUp(.refused(code: code)) }
      if let first = undo.first { session.enqueue(map.reading(first.address)) }
    case .leaving(let step, let attempt): left(step, attempt, doubt)
    case .over: break
    }
  }

  /// A question was refused, or not answered at all.
  private mutating func unanswered(
    _ number: Int, _ isInstead: Bool, _ failure: SettingsFailure?
  ) {
    let question = map.questions[number]
    if let failure {
      if !isInstead, let instead = question.instead {
        phase = .asking(number, isInstead: true)
        return session.enqueue(instead)
      }
      return question.isRefusable ? ask(number + 1) : giveUp(failure)
    }
    if question.isOptional { return ask(number + 1) }
    session.enqueue(isInstead ? question.instead ?? question.request : question.request)
  }

  /// Ends the job with what is known, after the mode for settings has been left where that can be done.
  mutating func giveUp(_ failure: SettingsFailure) {
    switch phase {
    case .over, .leaving: return
    case .asking, .entering(_, .ask): return end(.failed(failure))
    case .writing(let number, _), .checking(let number, _, _):
      guard let plan, hasWritten || number > 0 else { return end(.failed(failure)) }
      outcome.failure = failure
      outcome.failed = plan.writes[number]
      outcome.notUndone = outcome.written.reversed()
      if hasWritten { outcome.notUndone.insert(plan.writes[number], at: 0) }
    case .keeping, .looking, .entering(_, .keep), .entering(_, .look):
      outcome.failure = outcome.failure ?? failure
      outcome.notUndone = outcome.written.reversed()
    case .undoing, .rechecking, .entering(_, .undo): outcome.notUndone += undo
    }
    end(.ended(outcome))
  }
}
