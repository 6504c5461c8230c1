// SPDX-License-Identifier: Apache-2.0

package import Battery
import Charging
import Dialects
import Quantities

// What is believed of a battery, and whether it is the one that it was.

extension Controller {
  /// What was received and not believed.
  package var rejections: Rejections { session.rejections }

  /// Takes what a reading tells of who the battery is.
  mutating func recognise(_ reading: Reading, isLive: Bool, at now: Tick) {
    guard let change = recognition.take(reading, isLive: isLive, at: now) else { return }
    events.append(.changed(change))
    changes.append(change)
  }

  /// The limits at a stage of age; none, after a while, where another battery may be there.
  mutating func decided(_ stage: Freshness, at now: Tick) -> Limits? {
    charge.decide(
      snapshot, freshness: stage, isOtherBattery: recognition.isDoubted, at: now)
  }

  /// The changes that are not stored yet; none is left afterwards.
  mutating func takeChanges() -> [Recognition.Change] {
    defer { changes.removeAll() }
    return changes
  }
}

extension Recognition.Change {
  /// One sentence for people.
  package var text: String {
    switch self {
    case .serial(let before, let now):
      "it has the serial number \(now.string), and had \(before.string) before: another battery?"
    case .cells(let before, let now):
      "it has \(now) cells, and had \(before) before: another battery?"
    }
  }
}
