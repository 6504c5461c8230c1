// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine

extension SerialLink {
  /// The port, claimed and set.
  func prepare() throws(LinkError) -> Descriptor {
    if baud == 0 { throw .unsupported(path: name, what: "carry 0 baud") }
    let port: Descriptor
    do throws(SystemError) {
      port = try claim()
    } catch {
      switch error.code {
      case ENOTTY:
        throw .unsupported(path: name, what: "be used as a serial port: it is not a terminal")
      case EINVAL: throw .unsupported(path: name, what: "carry \(baud) baud")
      default: throw .opening(name, error)
      }
    }
    var actual: UInt32 = 0
    // A UART samples in the middle of the tenth bit: 3 % is as far off as two ends may be.
    if unsafe clinux_serial_baud(port.number, &actual) == 0,
      abs(Int64(actual) - Int64(baud)) * 100 > Int64(baud) * 3
    {
      throw .unsupported(path: name, what: "carry \(baud) baud; the nearest is \(actual)")
    }
    if let rs485 { try turnRound(port.number, rs485) }
    return port
  }

  /// Has the driver turn the transceiver round, and believes it only when it says so itself.
  private func turnRound(_ number: Int32, _ rs485: RS485) throws(LinkError) {
    var accepted = clinux_rs485()
    do throws(SystemError) {
      try checked { unsafe clinux_serial_rs485(number, rs485.wish, &accepted) }
    } catch {
      switch error.code {
      case ENOTTY, EINVAL, EOPNOTSUPP:
        throw .unsupported(
          path: name,
          what: "turn an RS485 transceiver round: its driver knows no RS485. Adapters on USB turn "
            + "themselves: leave the setting out")
      default: throw .opening(name, error)
      }
    }
    if let refused = rs485.refused(accepted) {
      throw .unsupported(
        path: name,
        what: "\(refused): its driver took the rest of the RS485 setting; leave that out")
    }
  }

  private func claim() throws(SystemError) -> Descriptor {
    let port = try Descriptor.open(name, O_RDWR | O_NOCTTY | O_NONBLOCK)
    let (number, baud) = (port.number, baud)
    guard isatty(number) == 1 else { throw SystemError(ENOTTY) }
    // The claim comes first, so that the settings of a port that another program uses are not
    // touched.
    try checked { clinux_lock(number) }
    // TIOCEXCL outlives its holder on a pseudo-terminal whose other end stays open, and would lock
    // out the next run; the lock above does not.
    if clinux_is_pseudo_terminal(number) == 0 { try checked { clinux_tty_exclusive(number) } }
    try checked { clinux_serial_configure(number, baud) }
    _ = clinux_serial_low_latency(number)
    return port
  }
}
