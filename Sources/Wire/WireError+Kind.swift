// SPDX-License-Identifier: Apache-2.0

extension WireError {
  /// The kinds, without their particulars: what is wrong with bytes.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case truncated, badChecksum, unexpected, refused, exception, notAReading, implausible

    /// The name that machine-readable output uses.
    public var name: StaticString {
      switch self {
      case .truncated: "truncated"
      case .badChecksum: "bad_checksum"
      case .unexpected: "unexpected"
      case .refused: "refused"
      case .exception: "exception"
      case .notAReading: "not_a_reading"
      case .implausible: "implausible"
      }
    }

    /// One plain sentence on what it means.
    public var meaning: StaticString {
      switch self {
      case .truncated: "The bytes end before the frame does."
      case .badChecksum: "The checksum in the frame is not that of its bytes."
      case .unexpected: "A byte that no frame of the protocol has at its place."
      case .refused: "The device refused a command and said why in its own code."
      case .exception: "A Modbus gateway answered in the device's place that it could not ask it."
      case .notAReading: "A well-formed exchange that carries no battery values."
      case .implausible: "The checksum holds, but no battery can be like this."
      }
    }
  }
}
