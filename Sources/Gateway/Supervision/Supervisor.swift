// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// Keeps the parts of the gateway going, on the main thread: none that fails stops another.
package final class Supervisor {
  /// How often parts are looked after at least, in milliseconds.
  package static let pace: Int64 = 1000

  private let board: Board
  private var parts: [Part] = []

  /// No parts yet; how they fare is pinned on the board.
  package init(board: Board) { self.board = board }

  /// Adds a part and starts it.
  package func add(_ part: Part, at now: Tick) {
    parts.append(part)
    step(at: now)
  }

  /// Ends a part, where there is one of this name.
  package func remove(_ name: String) {
    parts.removeAll { part in
      guard part.view.name == name else { return false }
      part.stop()
      return true
    }
    board.parts = parts.map(\.view)
  }

  /// Starts what is due and looks after the rest.
  ///
  /// - Returns: when to come back at the latest.
  @discardableResult
  package func step(at now: Tick) -> Tick {
    var next = now + Self.pace
    for part in parts { next = min(next, part.step(at: now)) }
    board.parts = parts.map(\.view)
    return max(next, now)
  }

  /// Ends all parts in the order in which they were added.
  package func stop() {
    for part in parts { part.stop() }
    parts.removeAll()
  }
}
