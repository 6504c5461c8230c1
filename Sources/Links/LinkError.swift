// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Machine

/// Why a link does not carry.
///
/// Each case names the device or interface that it is about.
package enum LinkError: Error, Equatable, Sendable {
  /// There is no such device, interface or file.
  case absent(path: String)
  /// This user may not use it.
  case denied(path: String)
  /// Another program holds it.
  case busy(path: String)
  /// The interface is there but not up.
  case down(path: String)
  /// It was there and has gone, or its far end has hung up; the link is closed now.
  case vanished(path: String)
  /// The kernel's buffer is full; nothing of what was to be sent has gone out.
  case congested(path: String)
  /// It cannot do this at all; `what` reads on after "cannot": "carry 0 baud".
  case unsupported(path: String, what: String)
  /// The host is there, and nobody listens on the port.
  case refused(path: String)
  /// There is no way to the host.
  case unreachable(path: String)
  /// The host did not answer.
  case timedOut(path: String)
  /// No name server knows the host, or none answers.
  case unknownHost(path: String)
  /// The link is not open.
  case closed(path: String)
  /// The system refused for another reason.
  case system(path: String, SystemError)

  /// The name that machine-readable output uses.
  package var kind: StaticString { category.name }

  /// Which kind it is.
  package var category: Kind {
    switch self {
    case .absent: .absent
    case .denied: .denied
    case .busy: .busy
    case .down: .down
    case .vanished: .vanished
    case .congested: .congested
    case .unsupported: .unsupported
    case .refused: .refused
    case .unreachable: .unreachable
    case .timedOut: .timedOut
    case .unknownHost: .unknownHost
    case .closed: .closed
    case .system: .system
    }
  }

  /// The meaning of a refusal while opening.
  static func opening(_ path: String, _ error: SystemError) -> LinkError {
    switch error.code {
    case ENOENT, ENXIO, ENODEV, ENOTDIR: .absent(path: path)
    case EACCES, EPERM: .denied(path: path)
    case EBUSY, EWOULDBLOCK: .busy(path: path)
    // A terminal whose far end has just hung up.
    case EIO: .vanished(path: path)
    default: .system(path: path, error)
    }
  }

  /// The meaning of a refusal while connecting.
  static func connecting(_ path: String, _ error: SystemError) -> LinkError {
    switch error.code {
    case ECONNREFUSED, ECONNRESET: .refused(path: path)
    case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL:
      .unreachable(path: path)
    case ETIMEDOUT, EHOSTDOWN: .timedOut(path: path)
    default: .opening(path, error)
    }
  }
}

extension LinkError: CustomStringConvertible {
  /// One sentence for people: what, and where there is one the next step.
  package var description: String {
    switch self {
    case .absent(let path): "\(path): not there; check the cable and the name"
    case .denied(let path):
      path.hasPrefix("/dev/")
        ? "\(path): permission denied; add the user to the group dialout"
        : "\(path): permission denied"
    case .busy(let path): "\(path): in use by another program"
    case .down(let path):
      "\(path): the interface is down; run: ip link set \(path) up type can bitrate 500000"
    case .vanished(let path): "\(path): has gone, or its far end has hung up"
    case .congested(let path): "\(path): the send buffer is full; nobody takes what is sent"
    case .unsupported(let path, let what): "\(path): cannot \(what)"
    case .refused(let path):
      "\(path): connection refused; check the port, and that the server runs and is not taken"
    case .unreachable(let path):
      "\(path): there is no way to it; check the network and the address"
    case .timedOut(let path): "\(path): does not answer; check the address and that it is on"
    case .unknownHost(let path):
      "\(path): no such name is known; check how it is written, or give the address"
    case .closed(let path): "\(path): not open"
    case .system(let path, let error): "\(path): \(error)"
    }
  }
}
