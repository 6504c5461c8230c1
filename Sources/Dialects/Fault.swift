// SPDX-License-Identifier: Apache-2.0

public import Wire

/// What went wrong in a conversation; the session carries on by itself after each.
public enum Fault: Equatable, Sendable {
  /// No answer came to any sending of a request.
  case silent(request: UInt32)
  /// Answers came, but none was whole and believable; the last reason.
  case garbled(WireError)
  /// The battery refused a command with a code of its own.
  case refused(command: UInt8, code: UInt8)
  /// The first call went unanswered: the battery may be asleep and is called again.
  case asleep

  /// The name that machine-readable output uses.
  public var kind: StaticString { category.name }

  /// Which kind it is.
  public var category: Kind {
    switch self {
    case .silent: .silent
    case .garbled: .garbled
    case .refused: .refused
    case .asleep: .asleep
    }
  }
}

extension Fault: CustomStringConvertible {
  /// One sentence for people, with the next step where there is one.
  public var description: String {
    switch self {
    case .silent(let request):
      "no answer to request \(Hex.word(UInt16(truncatingIfNeeded: request >> 16))): "
        + "check power, wiring and that no other program uses the port"
    case .garbled(.exception(let function, let code)):
      "the gateway refuses: \(WireError.exception(function: function, code: code))"
    case .garbled(let error): "the answer cannot be believed: \(error)"
    case .refused(let command, let code):
      "the battery refused command \(Hex.byte(command)) with code \(code)"
    case .asleep: "no answer to the first call: the battery may be asleep and is being woken"
    }
  }
}
