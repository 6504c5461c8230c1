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
    return port
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
