// SPDX-License-Identifier: Apache-2.0

extension Fault {
  /// The kinds, without their particulars: what a conversation met.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case silent, garbled, refused, asleep

    /// The name that machine-readable output uses.
    public var name: StaticString {
      switch self {
      case .silent: "silent"
      case .garbled: "garbled"
      case .refused: "refused"
      case .asleep: "asleep"
      }
    }

    /// One plain sentence on what it means.
    public var meaning: StaticString {
      switch self {
      case .silent: "No answer came to any sending of a request."
      case .garbled: "Answers came, but none was whole and believable."
      case .refused: "The battery refused a command with a code of its own."
      case .asleep: "The first call went unanswered; the battery is called again."
      }
    }
  }
}
