// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the supervisor pins what the status server shows of the gateway's parts.
package final class Board: Sendable {
  private struct State {
    var parts: [PartView] = []
    var reload: ReloadView?
  }

  private let state = Mutex(State())

  /// An empty board.
  package init() {}

  /// The parts in the order in which they were started.
  package var parts: [PartView] {
    get { state.withLock { $0.parts } }
    set { state.withLock { $0.parts = newValue } }
  }

  /// How the settings were last read anew; `nil` when they never were.
  package var reload: ReloadView? {
    get { state.withLock { $0.reload } }
    set { state.withLock { $0.reload = newValue } }
  }
}
