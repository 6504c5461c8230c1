// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A watchdog of the machine, which restarts it when nobody pets it in time (linux/watchdog.h).
///
/// It is armed from opening to ``disarm()``. Let go of in any other way, it stays armed: so it also
/// acts when the program dies.
package struct WatchdogDevice: ~Copyable {
  /// Its time-out in seconds; `nil` where it does not tell.
  package let timeout: Int64?
  /// Why it could not be told the time-out that was asked for; `nil` where it could.
  package let refusal: SystemError?
  private let device: Descriptor

  /// Opens and so arms the device, and asks it for a time-out in seconds.
  ///
  /// Many devices know a few times only and take the nearest; some can be told nothing.
  package init(path: String, timeout: Int64) throws(SystemError) {
    let device = try Descriptor { unsafe clinux_watchdog_open(path) }
    var seconds = Int32(clamping: timeout)
    var refusal: SystemError?
    if unsafe clinux_watchdog_timeout(device.number, &seconds) != 0 {
      refusal = .last
      seconds = 0
      if unsafe clinux_watchdog_ask(device.number, &seconds) != 0 { seconds = 0 }
    }
    self.timeout = seconds > 0 ? Int64(seconds) : nil
    self.refusal = refusal
    self.device = device
  }

  /// Puts the restart off for another time-out.
  package func pet() throws(SystemError) { try write(0) }

  /// Disarms and closes it, for an end in good order.
  ///
  /// A driver that was told never to stop (`nowayout`) ignores it and restarts the machine unless the next
  /// run pets it in time.
  package consuming func disarm() throws(SystemError) {
    // The magic character of linux/Documentation/watchdog/watchdog-api.rst.
    try write(UInt8(ascii: "V"))
  }

  private func write(_ byte: UInt8) throws(SystemError) {
    let bytes = [byte]
    // A device takes its byte at once; where there is no room it was not petted.
    guard try device.write(bytes.span) == 1 else { throw SystemError(EAGAIN) }
  }
}
