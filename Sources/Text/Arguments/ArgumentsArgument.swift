// SPDX-License-Identifier: Apache-2.0

/// Something that stands on the command line by position.
package struct Argument: Sendable {
  /// The name for help and for asking `Parsed`, in capitals such as `FILE`.
  package var name: String
  /// What may stand there.
  package var kind: ValueKind
  /// What it is for, in a few words without a full stop.
  package var summary: String
  /// The text taken when there is none; one with a default may be left out.
  package var defaultText: String?
  /// Whether it may be left out.
  package var isOptional: Bool
  /// Whether it takes all that is left; only for the last.
  package var repeats: Bool

  /// An argument from its parts.
  package init(
    _ name: String, _ summary: String, _ kind: ValueKind = .text,
    default defaultText: String? = nil, isOptional: Bool = false, repeats: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.defaultText = defaultText
    self.isOptional = isOptional || defaultText != nil
    self.repeats = repeats
  }
}
