// SPDX-License-Identifier: Apache-2.0

/// Something that stands on the command line by name, such as `--config FILE` or `--json`.
package struct Option: Sendable {
  /// The long name without its dashes, also for asking `Parsed`.
  package var name: String
  /// The letter after a single dash.
  package var short: Unicode.Scalar?
  /// What stands for the value in help, such as `FILE`; empty for a flag.
  package var placeholder: String
  /// What the value may be; `nil` for a flag, which has none.
  package var kind: ValueKind?
  /// What it is for, in a few words without a full stop.
  package var summary: String
  /// The text taken when the option is not given.
  package var defaultText: String?
  /// Whether it must be given.
  package var isRequired: Bool
  /// Whether it may be given more than once.
  package var repeats: Bool

  /// An option with a value.
  package init(
    _ name: String, short: Unicode.Scalar? = nil, _ placeholder: String, _ summary: String,
    _ kind: ValueKind = .text, default defaultText: String? = nil, isRequired: Bool = false,
    repeats: Bool = false
  ) {
    self.name = name
    self.short = short
    self.placeholder = placeholder
    self.kind = kind
    self.summary = summary
    self.defaultText = defaultText
    self.isRequired = isRequired
    self.repeats = repeats
  }

  /// An option without a value, which is on when given.
  package init(flag name: String, short: Unicode.Scalar? = nil, _ summary: String) {
    self.name = name
    self.short = short
    placeholder = ""
    kind = nil
    self.summary = summary
    defaultText = nil
    isRequired = false
    repeats = true
  }
}
