// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not what they should be.
public enum WireError: Error, Sendable {
  /// The bytes end before the frame does; `needed` is the whole length, where it is known.
  case truncated(got: Int, needed: Int)
  /// The checksum in the frame is not that of its bytes.
  case badChecksum(found: UInt16, computed: UInt16)
  /// A byte that no frame of this protocol has at this place.
  case unexpected(byte: UInt8, at: Int)
  /// The device refused a command and said why in its own code.
  case refused(command: UInt8, code: UInt8)
  /// A Modbus exception: the function that was asked for, and why not.
  case exception(function: UInt8, code: UInt8)
  /// A well-formed exchange that carries no battery values.
  case notAReading
  /// The checksum holds, but no battery can be like this; the text says what is wrong.
  case implausible(StaticString)

  /// The name that machine-readable output uses.
  public var kind: StaticString { category.name }

  /// Which kind it is.
  public var category: Kind {
    switch self {
    case .truncated: .truncated
    case .badChecksum: .badChecksum
    case .unexpected: .unexpected
    case .refused: .refused
    case .exception: .exception
    case .notAReading: .notAReading
    case .implausible: .implausible
    }
  }
}

extension WireError: Equatable {
  /// Whether kind and particulars are the same.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.truncated(let got, let needed), .truncated(let got2, let needed2)):
      got == got2 && needed == needed2
    case (.badChecksum(let found, let computed), .badChecksum(let found2, let computed2)):
      found == found2 && computed == computed2
    case (.unexpected(let byte, let offset), .unexpected(let byte2, let offset2)):
      byte == byte2 && offset == offset2
    case (.refused(let command, let code), .refused(let command2, let code2)):
      command == command2 && code == code2
    case (.exception(let function, let code), .exception(let function2, let code2)):
      function == function2 && code == code2
    case (.notAReading, .notAReading): true
    case (.implausible(let what), .implausible(let what2)): same(what, what2)
    default: false
    }
  }

  private static func same(_ a: StaticString, _ b: StaticString) -> Bool {
    guard a.utf8CodeUnitCount == b.utf8CodeUnitCount else { return false }
    for index in 0..<a.utf8CodeUnitCount where unsafe a.utf8Start[index] != b.utf8Start[index] {
      return false
    }
    return true
  }
}

extension WireError: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .truncated(let got, let needed): "the frame ends after \(got) of \(needed) bytes"
    case .badChecksum(let found, let computed):
      "the checksum in the frame is \(Hex.word(found)), that of its bytes is \(Hex.word(computed))"
    case .unexpected(let byte, let offset):
      "byte \(offset) is \(Hex.byte(byte)), which no frame has there"
    case .refused(let command, let code):
      "the device refused command \(Hex.byte(command)) with code \(code)"
    case .exception(let function, let code):
      "Modbus exception \(code) to function \(Hex.byte(function)): \(ModbusTCP.meaning(of: code))"
    case .notAReading: "the frame is well formed but carries no battery values"
    case .implausible(let what): "the checksum holds, but \(what)"
    }
  }
}
