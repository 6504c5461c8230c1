// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// Writing, reading back, and undoing.

extension SettingsJob {
  /// Writes word `n` of the plan, or looks at everything once more when there is none left.
  mutating func write(_ number: Int, attempt: Int = 1) {
    guard let plan, number < plan.writes.count else { return look() }
    let write = plan.writes[number]
    news.append(
      attempt == 1
        ? .writing(write, step: number + 1, of: plan.writes.count) : .again(write))
    hasWritten = attempt > 1
    phase = .writing(number, attempt: attempt)
    session.enqueue(map.writing(write.address, write.to))
  }

  mutating func check(_ number: Int, _ attempt: Int, _ doubt: Doubt?) {
    guard let plan else { return }
    phase = .checking(number, attempt: attempt, doubt: doubt)
    session.enqueue(map.reading(plan.writes[number].address))
  }

  mutating func checked(_ number: Int, _ attempt: Int, _ doubt: Doubt?, _ word: UInt16?) {
    guard let plan, let word else { return }
    let write = plan.writes[number]
    let isOrder = map.isOrder(write.address)
    if isOrder ? doubt == nil : word == write.to {
      outcome.written.append(write)
      news.append(.confirmed(write))
      return self.write(number + 1)
    }
    if doubt == .silence || doubt == .damage, isOrder || word == write.from, attempt < Self.tries {
      return self.write(number, attempt: attempt + 1)
    }
    let failure: SettingsFailure =
      switch doubt {
      case .refusal(let code): .refused(code: code)
      case .silence, .damage: word == write.from ? .unacknowledged : .holds(word)
      case nil: .holds(word)
      }
    outcome.failure = failure
    outcome.failed = write
    news.append(.undoing(failure))
    undo = outcome.written.reversed()
    if word != write.from, !isOrder {
      undo.insert(.init(address: write.address, from: write.from, to: word, breaks: 0), at: 0)
    }
    putBack()
  }

  /// Reads all settings once more: a word may have changed another.
  mutating func look() {
    guard let question = current else { return phase = .over(.ended(outcome)) }
    phase = .looking
    news.append(.reading(.current))
    session.enqueue(question)
  }

  /// The question for the settings that this device answers.
  private var current: Request? {
    for question in map.questions where question.part == .current {
      return question.instead ?? question.request
    }
    return nil
  }

  mutating func looked(_ frame: [UInt8]) {
    if let plan, let request = current, let words = map.words(request, frame) {
      let found = SettingsWords(base: plan.target.base, words)
      for index in plan.target.words.indices {
        let address = plan.target.base &+ UInt16(truncatingIfNeeded: index)
        guard !map.isOrder(address), let word = found[address] else { continue }
        if word != plan.target[address] { outcome.unexpected.append(address) }
      }
    }
    phase = .over(.ended(outcome))
  }

  /// Puts the first of `undo` back, or ends the job when there is none left.
  private mutating func putBack(attempt: Int = 1) {
    while let first = undo.first, map.isOrder(first.address) {
      outcome.notUndone.append(first)
      undo.removeFirst()
    }
    guard let first = undo.first else { return phase = .over(.ended(outcome)) }
    phase = .undoing(attempt: attempt)
    session.enqueue(map.writing(first.address, first.from))
  }

  mutating func recheck(_ attempt: Int, _ doubt: Doubt?) {
    guard let first = undo.first else { return }
    phase = .rechecking(attempt: attempt, doubt: doubt)
    session.enqueue(map.reading(first.address))
  }

  mutating func rechecked(_ attempt: Int, _ doubt: Doubt?, _ word: UInt16?) {
    guard let first = undo.first, let word else { return }
    if word == first.from {
      outcome.undone.append(first)
      news.append(.undone(first))
    } else if attempt < Self.tries {
      return putBack(attempt: attempt + 1)
    } else {
      outcome.notUndone.append(first)
    }
    undo.removeFirst()
    putBack()
  }
}
