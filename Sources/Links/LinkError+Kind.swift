// SPDX-License-Identifier: Apache-2.0

extension LinkError {
  /// The kinds, without their particulars: why a link does not carry.
  package enum Kind: UInt8, CaseIterable, Sendable {
    case absent, denied, busy, down, vanished, congested, unsupported, refused, unreachable,
      timedOut,
      unknownHost, closed, system

    /// The name that machine-readable output uses.
    package var name: StaticString {
      switch self {
      case .absent: "absent"
      case .denied: "denied"
      case .busy: "busy"
      case .down: "down"
      case .vanished: "vanished"
      case .congested: "congested"
      case .unsupported: "unsupported"
      case .refused: "refused"
      case .unreachable: "unreachable"
      case .timedOut: "timed_out"
      case .unknownHost: "unknown_host"
      case .closed: "closed"
      case .system: "system"
      }
    }

    /// One plain sentence on what it means.
    package var meaning: StaticString {
      switch self {
      case .absent: "There is no such device, interface or file."
      case .denied: "This user may not use it."
      case .busy: "Another program holds it."
      case .down: "The interface is there but not up."
      case .vanished: "It was there and has gone, or its far end has hung up."
      case .congested: "The buffer of the system is full."
      case .unsupported: "It cannot do what was asked at all."
      case .refused: "The host is there, and nothing listens on that port."
      case .unreachable: "No way leads to the host."
      case .timedOut: "The host did not answer in time."
      case .unknownHost: "No address is known for this name."
      case .closed: "It is not open."
      case .system: "The system refused for another reason."
      }
    }
  }
}
