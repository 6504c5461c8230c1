// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Synchronization

/// A thread of the system that runs one closure, apart from the pool that Swift's tasks share.
package final class DedicatedThread: Sendable {
  private let thread: Mutex<pthread_t?>

  private final class Start {
    let name: String
    let body: () -> Void
    init(name: String, body: sending @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts `body` on a thread of its own.
  ///
  /// `name` is what `top` and debuggers show; its first 15 bytes count.
  package init(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = unsafe clinux_name_thread(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      unsafe start.release()
      throw SystemError(code)
    }
    self.thread = Mutex(thread)
  }

  deinit {
    thread.withLock { thread in
      if let running = thread.take() { pthread_detach(running) }
    }
  }

  /// Waits until the closure has ended; only the first call waits.
  package func join() {
    guard let running = thread.withLock({ $0.take() }) else { return }
    pthread_join(running, nil)
  }
}
