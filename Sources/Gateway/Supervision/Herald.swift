// SPDX-License-Identifier: Apache-2.0

package import Machine
import Quantities
import Synchronization

/// Tells the service manager how the gateway fares, and pets its watchdog, on a thread of its own.
///
/// It watches the control thread's pulse, so that the control thread itself tells nobody anything; and it
/// touches no disk, so that a disk which hangs does not look like a control that hangs.
package final class Herald: Sendable {
  /// Something to tell, in its turn.
  private enum Word {
    /// The gateway works, by the settings with this number; told once that is so.
    case ready(settings: UInt64)
    /// The settings are read anew; with the moment, in microseconds of the monotonic clock.
    case reloading(Int64)
    case stopping
  }

  private struct State {
    var words: [Word] = [.ready(settings: 0)]
    var fault: SystemError?
    var isClosed = false
  }

  /// How often something that is not told yet is tried again, in milliseconds.
  private static let retry: Int64 = 50

  private let state = Mutex(State())
  private let waker: Waker
  private let thread = Mutex<DedicatedThread?>(nil)

  /// Starts to tell the manager at `address`; it is told that the gateway is ready when the first control
  /// cycle is complete.
  ///
  /// Its watchdog acts after `timeout` milliseconds, where it has one. `waker` is the one of the pulse.
  package init(address: String, timeout: Int64?, pulse: Pulse, waker: Waker) throws(SystemError) {
    self.waker = waker
    let socket = NotifySocket(address: address)
    let worker = try DedicatedThread(name: "herald") { [self] in
      run(socket, pulse, timeout)
    }
    thread.withLock { $0 = worker }
  }

  /// Why the manager cannot be told anything now; `nil` while it can.
  package var fault: SystemError? { state.withLock { $0.fault } }

  /// The settings are about to be read anew.
  package func tellReloading() { add(.reloading(MonotonicClock.nanoseconds() / 1000)) }

  /// The gateway is ready again once it works by the settings with this number.
  package func tellReady(settings: UInt64) { add(.ready(settings: settings)) }

  /// Tells that the gateway ends.
  package func tellStopping() { add(.stopping) }

  /// Tells what is still to be told, once, and ends.
  package func close() {
    state.withLock { $0.isClosed = true }
    waker.wake()
    thread.withLock { $0.take() }?.join()
  }

  private func add(_ word: Word) {
    state.withLock { $0.words.append(word) }
    waker.wake()
  }

  private func run(_ socket: NotifySocket, _ pulse: Pulse, _ timeout: Int64?) {
    var vigil = timeout.map { Vigil(timeout: $0, cycles: 0, at: MonotonicClock.now()) }
    var status: String?
    while true {
      let isLast = state.withLock { $0.isClosed }
      let now = MonotonicClock.now()
      let isAllTold = tellWords(socket, pulse)
      status = pulse.words.take() ?? status
      if let text = status, tell(socket, "STATUS=\(text)") { status = nil }
      let cycles = pulse.cycles
      if vigil?.isDue(cycles: cycles, at: now) == true, tell(socket, "WATCHDOG=1") {
        vigil?.petted(cycles: cycles, at: now)
      }
      if isLast { return }
      var next = vigil?.next(at: now) ?? now + 60_000
      if !isAllTold || status != nil { next = min(next, now + Self.retry) }
      _ = try? waitReadable([waker.descriptor], milliseconds: Int32(clamping: next - now))
      waker.clear()
    }
  }

  /// Tells the words in their turn, as far as their time has come; answers whether none is left.
  private func tellWords(_ socket: NotifySocket, _ pulse: Pulse) -> Bool {
    while let word = state.withLock({ $0.words.first }) {
      switch word {
      case .ready(let settings):
        guard pulse.cycles > 0, pulse.settings >= settings, tell(socket, "READY=1") else {
          // An end is told also where the start never came to one.
          guard state.withLock({ $0.isClosed }) else { return false }
          break
        }
      case .reloading(let moment):
        guard tell(socket, "RELOADING=1\nMONOTONIC_USEC=\(moment)") else { return false }
      case .stopping:
        guard tell(socket, "STOPPING=1") else { return false }
      }
      state.withLock { _ = $0.words.removeFirst() }
    }
    return true
  }

  private func tell(_ socket: NotifySocket, _ text: String) -> Bool {
    do throws(SystemError) {
      try socket.tell(text)
      state.withLock { $0.fault = nil }
      return true
    } catch {
      state.withLock { $0.fault = error }
      return false
    }
  }
}
