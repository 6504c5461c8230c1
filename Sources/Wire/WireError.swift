// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not what they should be.
public enum WireError: Error, Equatable, Sendable {
  /// The bytes end before the frame does; `needed` is the whole length, where it is known.
  case truncated(got: Int, needed: Int)
  /// The checksum in the frame is not that of its bytes.
  case badChecksum(found: UInt16, computed: UInt16)
  /// A byte that no frame of this protocol has at this place.
  case unexpected(byte: UInt8, at: Int)
  /// The device refused a command and said why in its own code.
  case refused(command: UInt8, code: UInt8)
  /// A well-formed exchange that carries no battery values.
  case notAReading

  /// The name that machine-readable output uses.
  public var kind: StaticString {
    switch self {
    case .truncated: "truncated"
    case .badChecksum: "bad_checksum"
    case .unexpected: "unexpected"
    case .refused: "refused"
    case .notAReading: "not_a_reading"
    }
  }
}

extension WireError: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .truncated(let got, let needed): "the frame ends after \(got) of \(needed) bytes"
    case .badChecksum(let found, let computed):
      "the checksum in the frame is \(Hex.word(found)), that of its bytes is \(Hex.word(computed))"
    case .unexpected(let byte, let offset): "byte \(offset) is \(Hex.byte(byte)), which no frame has there"
    case .refused(let command, let code):
      "the device refused command \(Hex.byte(command)) with code \(code)"
    case .notAReading: "the frame is well formed but carries no battery values"
    }
  }
}
