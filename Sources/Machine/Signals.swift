// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A wish that the system or a person sends to the process.
package enum Signal: Int32, CaseIterable, Sendable {
  /// SIGHUP: the terminal has gone; by custom, read the settings again.
  case hangup = 1
  /// SIGINT: Ctrl-C.
  case interrupt = 2
  /// SIGTERM: stop in good order.
  case terminate = 15
  /// SIGWINCH: the terminal's window has another size.
  case resize = 28
}

/// Signals as something to read, instead of something that interrupts.
package final class Signals {
  private let source: Descriptor

  /// Blocks these signals and collects them from now on; SIGPIPE is ignored altogether, so that a
  /// reader that goes away is an error of the write.
  ///
  /// Make it before any other thread starts: threads inherit what is blocked.
  package init(_ wanted: [Signal] = Signal.allCases) throws(SystemError) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in wanted { unsafe sigaddset(&set, signal.rawValue) }
    let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    if code != 0 { throw SystemError(code) }
    signal(SIGPIPE, SIG_IGN)
    source = try Descriptor { unsafe clinux_signalfd(&set) }
  }

  /// What to watch: readable while a signal waits.
  package var descriptor: Int32 { source.number }

  /// The next signal; `nil` when none waits.
  package func next() -> Signal? { Signal(rawValue: clinux_signal_next(source.number)) }
}
