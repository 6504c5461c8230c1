// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// Writing, reading back, and undoing.

extension SettingsJob {
  /// Writes number `n` of the plan, or keeps everything and looks at it when there is none left.
  mutating func write(_ number: Int, attempt: Int = 1) {
    guard let plan, number < plan.writes.count else { return keep() }
    let write = plan.writes[number]
    news.append(
      attempt == 1
        ? .writing(write, step: number + 1, of: plan.writes.count) : .again(write))
    hasWritten = attempt > 1
    phase = .writing(number, attempt: attempt)
    session.enqueue(map.writes(write.address, write.new))
  }

  mutating func check(_ number: Int, _ attempt: Int, _ doubt: Doubt?) {
    guard let plan else { return }
    phase = .checking(number, attempt: attempt, doubt: doubt)
    session.enqueue(map.reading(plan.writes[number].address))
  }

  mutating func checked(_ number: Int, _ attempt: Int, _ doubt: Doubt?, _ frame: [UInt8]) {
    guard let plan, let words = words(plan.writes[number].block, frame) else { return }
    let write = plan.writes[number]
    let isOrder = map.isOrder(write.address)
    if isOrder ? doubt == nil : words == write.new {
      outcome.written.append(write)
      news.append(.confirmed(write))
      return self.write(number + 1)
    }
    let isUnheard =
      doubt == .silence || doubt == .damage
      || !map.writes(write.address, write.new).isAnswered
    if isUnheard, isOrder || words == write.old, attempt < Self.tries {
      return self.write(number, attempt: attempt + 1)
    }
    let failure: SettingsFailure =
      switch doubt {
      case .refusal(let code): .refused(code: code)
      case .silence, .damage, nil:
        isUnheard && words == write.old
          ? .unacknowledged : words.count == 1 ? .holds(words[0]) : .holdsOther
      }
    fail(failure, at: write)
    undo = outcome.written.reversed()
    if words != write.old, !isOrder {
      undo.insert(.init(block: write.block, old: write.old, new: words, breaks: 0), at: 0)
    }
    putBack()
  }

  /// What a block holds by an answer.
  private func words(_ block: SettingsBlock, _ frame: [UInt8]) -> [UInt16]? {
    map.words(map.reading(block.address), frame)?.block(block)
  }

  mutating func fail(_ failure: SettingsFailure, at write: SettingsPlan.Write) {
    outcome.failure = failure
    outcome.failed = write
    news.append(.undoing(failure))
  }

  /// Reads all settings once more, in case one changed another or was not kept.
  mutating func look() {
    seen = SettingsWords()
    news.append(.reading(.current))
    look(0)
  }

  mutating func look(_ number: Int) {
    var number = number
    while number < map.questions.count, map.questions[number].part != .current { number += 1 }
    guard number < map.questions.count else { return judge() }
    phase = .looking(number)
    session.enqueue(map.questions[number].instead ?? map.questions[number].request)
  }

  mutating func looked(_ number: Int, _ frame: [UInt8]) {
    let request = map.questions[number].instead ?? map.questions[number].request
    if let words = map.words(request, frame) { seen.merge(words) }
    look(number + 1)
  }

  /// Compares what is there with what was planned.
  private mutating func judge() {
    guard let plan else { return end(.ended(outcome)) }
    for write in outcome.written where !map.isOrder(write.address) {
      guard let held = seen.block(write.block), held != write.new else { continue }
      guard held == write.old, map.mode != nil else { continue }
      if outcome.failure == nil {
        outcome.failure = .notKept(write.address)
        outcome.failed = write
      }
      outcome.undone.append(write)
    }
    if outcome.failure != nil {
      for write in outcome.written where !outcome.undone.contains(write) {
        outcome.notUndone.append(write)
      }
      return end(.ended(outcome))
    }
    for address in plan.target.addresses where map.isSetting(address) {
      guard let held = seen.cell(address) else { continue }
      if held != plan.target.cell(address) { outcome.unexpected.append(address) }
    }
    end(.ended(outcome))
  }

  /// Puts the first of `undo` back, or ends the job when there is none left.
  private mutating func putBack(attempt: Int = 1) {
    guard let first = firstToUndo() else { return end(.ended(outcome)) }
    phase = .undoing(attempt: attempt)
    session.enqueue(map.writes(first.address, first.old))
  }

  /// Reads the first of `undo` before it is put back: perhaps the device has forgotten it already.
  mutating func recheckFirst() {
    guard firstToUndo() != nil else { return end(.ended(outcome)) }
    recheck(0, nil)
  }

  private mutating func firstToUndo() -> SettingsPlan.Write? {
    while let first = undo.first, map.isOrder(first.address) {
      outcome.notUndone.append(first)
      undo.removeFirst()
    }
    return undo.first
  }

  mutating func recheck(_ attempt: Int, _ doubt: Doubt?) {
    guard let first = undo.first else { return }
    phase = .rechecking(attempt: attempt, doubt: doubt)
    session.enqueue(map.reading(first.address))
  }

  mutating func rechecked(_ attempt: Int, _ doubt: Doubt?, _ frame: [UInt8]) {
    guard let first = undo.first, let words = words(first.block, frame) else { return }
    if words == first.old {
      outcome.undone.append(first)
      news.append(.undone(first))
    } else if attempt < Self.tries {
      return putBack(attempt: attempt + 1)
    } else {
      outcome.notUndone.append(first)
    }
    undo.removeFirst()
    if map.mode != nil, attempt == 0 { recheckFirst() } else { putBack() }
  }
}
