// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities

// A wire that several batteries share: each conversation asks in its turn.

extension Lane {
  /// Lets a conversation ask where it is its turn, or the wire is its own.
  func takeTurn(_ line: Line, at now: Tick) {
    if line === self.line {
      controller.session.takeTurn(of: line.seat, at: now)
    } else {
      line.voice?.session.takeTurn(of: line.seat, at: now)
    }
  }

  /// Gives the turn back where the conversation has no more use for it.
  ///
  /// - Returns: when to ask for it again; `.never` on a wire of one's own.
  func endTurn(_ line: Line, at now: Tick) -> Tick {
    guard let seat = line.seat else { return .never }
    let session = line === self.line ? controller.session : line.voice?.session
    guard let session else { return .never }
    seat.line.giveBack(seat, session, at: now)
    return seat.line.due(of: seat, at: now)
  }
}

extension Session {
  fileprivate mutating func takeTurn(of seat: Seat?, at now: Tick) {
    guard let seat else {
      // A wire that others no longer name is asked as one likes.
      if sharesLine { (sharesLine, mayAsk) = (false, true) }
      return
    }
    sharesLine = true
    // What is under way goes on.
    guard !isBusy else { return }
    seat.line.giveBack(seat, self, at: now)
    mayAsk = seat.isReady && seat.line.mayAsk(seat, wish: wish, at: now)
  }
}
