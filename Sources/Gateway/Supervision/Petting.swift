// SPDX-License-Identifier: Apache-2.0

package import Machine
import Quantities
import Synchronization

/// Pets the machine's own watchdog while control cycles are completed, on a thread of its own.
///
/// The device is armed once the first cycle is complete, so that settings with which nothing ever works
/// do not restart the machine for ever.
package final class Petting: Sendable {
  /// How long a device is trusted to wait that does not tell its time-out, in milliseconds.
  private static let unknown: Int64 = 2000
  /// How often it is looked whether the first cycle is complete, in milliseconds.
  private static let pace: Int64 = 100

  private struct State {
    var fault: String?
    var isClosed = false
  }

  private let state = Mutex(State())
  private let waker: Waker
  private let thread = Mutex<DedicatedThread?>(nil)

  /// Starts to pet the device at `path`, which is asked for a time-out in seconds.
  package init(path: String, timeout: Int64, pulse: Pulse, log: Log) throws(SystemError) {
    waker = try Waker()
    let worker = try DedicatedThread(name: "watchdog") { [self] in
      run(path, timeout, pulse, log)
    }
    thread.withLock { $0 = worker }
  }

  /// Why the device is not petted; `nil` while it is.
  package var fault: String? { state.withLock { $0.fault } }

  /// Disarms the device and ends: an end in good order must not restart the machine.
  package func close() {
    state.withLock { $0.isClosed = true }
    waker.wake()
    thread.withLock { $0.take() }?.join()
  }

  private func run(_ path: String, _ timeout: Int64, _ pulse: Pulse, _ log: Log) {
    var device: WatchdogDevice?
    var vigil = Vigil(timeout: Self.unknown, cycles: 0, at: MonotonicClock.now())
    var backoff = Backoff()
    while !state.withLock({ $0.isClosed }) {
      let now = MonotonicClock.now()
      let cycles = pulse.cycles
      do throws(SystemError) {
        if device == nil, cycles > 0, now >= backoff.due {
          let opened = try WatchdogDevice(path: path, timeout: timeout)
          log.write(.info, "watchdog", Self.text(path, timeout, opened))
          vigil = Vigil(
            timeout: opened.timeout.map { $0 * 1000 } ?? Self.unknown, cycles: cycles, at: now)
          device = consume opened
          backoff.started(at: now)
          state.withLock { $0.fault = nil }
        }
        if vigil.isDue(cycles: cycles, at: now), try device?.pet() != nil {
          vigil.petted(cycles: cycles, at: now)
        }
      } catch {
        // Closed without a word it stays armed, and is opened again.
        device = nil
        backoff.failed(at: now)
        state.withLock { $0.fault = "\(path): \(error); the machine is not guarded" }
      }
      let isOpen = device != nil
      let next = isOpen ? vigil.next(at: now) : max(now + Self.pace, min(backoff.due, now + 1000))
      _ = try? waitReadable([waker.descriptor], milliseconds: Int32(clamping: next - now))
      waker.clear()
    }
    do throws(SystemError) {
      try device.take()?.disarm()
    } catch {
      log.write(.error, "watchdog", "\(path): \(error); it may restart the machine")
    }
  }

  private static func text(_ path: String, _ wanted: Int64, _ device: borrowing WatchdogDevice)
    -> String
  {
    let told = device.refusal.map { "; it cannot be told a time-out: \($0)" } ?? ""
    guard let timeout = device.timeout else {
      return "\(path): armed; it does not tell its time-out\(told)"
    }
    let asked = timeout == wanted ? "" : " instead of \(wanted) s"
    return
      "\(path): armed; it restarts the machine after \(timeout) s\(asked) without control\(told)"
  }
}
