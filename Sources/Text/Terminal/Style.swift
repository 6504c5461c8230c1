// SPDX-License-Identifier: Apache-2.0

/// Bold and colours for a terminal, or nothing at all where they would only be noise.
package struct Style: Hashable, Sendable {
  /// Whether anything is marked.
  package var isOn: Bool

  /// A style that marks or one that does not.
  package init(isOn: Bool) { self.isOn = isOn }

  /// The style for an output.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the output is a terminal.
  ///   - noColor: the environment's `NO_COLOR`; any text but an empty one turns marks off.
  ///   - term: the environment's `TERM`; `dumb` turns marks off.
  package init(isTerminal: Bool, noColor: String?, term: String? = nil) {
    isOn = isTerminal && (noColor ?? "").isEmpty && term != "dumb"
  }

  /// Marks nothing.
  package static let plain = Style(isOn: false)

  /// The text in bold.
  package func bold(_ text: String) -> String { marked(text, 1) }
  /// The text in a fainter shade.
  package func dim(_ text: String) -> String { marked(text, 2) }
  /// The text in red: what needs somebody now.
  package func red(_ text: String) -> String { marked(text, 31) }
  /// The text in green: what is well.
  package func green(_ text: String) -> String { marked(text, 32) }
  /// The text in yellow: what should be looked at.
  package func yellow(_ text: String) -> String { marked(text, 33) }

  private func marked(_ text: String, _ code: Int) -> String {
    guard isOn, !text.isEmpty else { return text }
    // Marks inside end with a reset of everything, after which this one must begin again.
    let inner = text.split(separator: "\u{1B}[0m", omittingEmptySubsequences: false)
    let whole = inner.joined(separator: "\u{1B}[0m\u{1B}[\(code)m")
    return "\u{1B}[\(code)m\(whole)\u{1B}[0m"
  }
}
