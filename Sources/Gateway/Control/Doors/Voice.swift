// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Dialects
package import Quantities

/// A conversation by a door that is not in use: what it tells is kept aside, and no limit comes from it.
package struct Voice: Sendable {
  /// What to do next.
  package enum Step: Sendable {
    /// Send these bytes by the door.
    case send([UInt8])
    /// A whole live reading has come.
    case live
    /// Nothing before this moment, unless something is received.
    case wait(until: Tick)
  }

  /// The language as it is shown.
  package var dialect: Dialect
  /// The conversation.
  package var session: Session
  /// What the door has told since it was opened.
  package var snapshot = Snapshot()
  /// The newest live reading.
  package var newest: Reading?

  /// A conversation by a door.
  package init(_ door: DoorSettings, password: Secret?, rates: PollRates) {
    dialect = door.language(password)
    session = door.makeSession(dialect, rates: rates)
  }

  /// The door was opened, or opened again.
  package mutating func linkOpened(at now: Tick) {
    session.linkOpened(at: now)
    snapshot = Snapshot()
    newest = nil
  }

  /// Whether it has told all that limits are decided from.
  package var isWhole: Bool {
    snapshot.liveAt != nil && (!dialect.tellsCutoffs || snapshot.cutoffsAt != nil)
  }

  /// What to do next; called until it answers `wait`.
  package mutating func next(at now: Tick) -> Step {
    while true {
      switch session.next(at: now) {
      case .send(let bytes): return .send(bytes)
      case .reading(let reading, let isLive):
        snapshot.take(reading, at: now, isLive: isLive)
        guard isLive else { continue }
        newest = reading
        return .live
      case .answered, .fault: continue
      case .wait(let until): return .wait(until: until)
      }
    }
  }
}

extension DoorSettings {
  /// A conversation in a language, as the wire of this door carries it.
  func makeSession(_ dialect: Dialect, rates: PollRates) -> Session {
    let language = link.isModbusOnly ? dialect.overModbus ?? dialect : dialect
    var session =
      isListening ? Session(listening: language, rates: rates) : Session(language, rates: rates)
    session.linkDelay = link.delay
    return session
  }
}
