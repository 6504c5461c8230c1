// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities

/// Where programs reach a simulated battery.
protocol BenchPort: AnyObject {
  /// What people call it: "./tty", "127.0.0.1:2000".
  var title: String { get }

  /// Calls `ears` with what programs send, from now on.
  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError)

  /// Sends what the battery says.
  func send(_ bytes: [UInt8])

  /// Does what is due.
  ///
  /// - Returns: when to come back.
  func run(at now: Tick) -> Tick
}

/// Who is told of what programs do at a port.
struct BenchEars {
  /// Bytes came in.
  var received: (borrowing Span<UInt8>) -> Void
  /// A program has connected, where the link tells.
  var connected: () -> Void = {}
}

/// A pseudo-terminal in place of a serial port.
final class PtyPort: BenchPort {
  private let pty: Pty

  init(_ pty: Pty) { self.pty = pty }

  var title: String { pty.link ?? pty.path }

  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError) {
    guard let descriptor = pty.descriptor else { return }
    try reactor.watch(descriptor) { [unowned self] _ in
      var bytes: [UInt8] = []
      guard let count = try? pty.receive(into: &bytes), count > 0 else { return }
      ears.received(bytes.span)
    }
  }

  // What nobody reads is lost, as on a wire.
  func send(_ bytes: [UInt8]) { _ = try? pty.send(bytes) }

  func run(at now: Tick) -> Tick { .never }
}
