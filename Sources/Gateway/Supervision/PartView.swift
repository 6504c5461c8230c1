// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// How one part of the gateway fares, as it is shown.
package struct PartView: Sendable, Hashable {
  /// What a part is doing.
  package enum State: String, Sendable {
    /// It works.
    case running
    /// It runs, but cannot do its work; it goes on trying by itself.
    case failing
    /// It does not run, and is started again after a while.
    case waiting
  }

  /// Its name, such as "history".
  package var name: String
  /// What it is doing.
  package var state = State.running
  /// Why it does not work; `nil` while it does.
  package var fault: String?
  /// How often it was started again after it had ended.
  package var restarts: UInt64 = 0
  /// Since when it does that.
  package var since: Tick

  /// A part that works since a moment.
  package init(name: String, since: Tick) {
    self.name = name
    self.since = since
  }
}

/// How the settings were last read anew, as it is shown.
package struct ReloadView: Sendable {
  /// When.
  package var at: Tick
  /// What was wrong with the settings; empty when they were taken over.
  package var problems: [String]
  /// What is different now; empty when nothing is.
  package var changes: [String]

  /// What a reload found.
  package init(at: Tick, problems: [String] = [], changes: [String] = []) {
    self.at = at
    self.problems = problems
    self.changes = changes
  }
}
