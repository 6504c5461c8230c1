// SPDX-License-Identifier: Apache-2.0
import CLinux
import Machine

/// A recording of bytes, heard as if its battery were there: see ``RecordedUnit``.
///
/// Where nothing was asked in the recording, it vanishes at its end.
package final class ReplayLink: ByteLink {
  /// How fast it speaks.
  package enum Pace: Hashable, Sendable {
    /// Everything at once.
    case immediate
    /// So many times as fast as it was.
    case times(Int64)
  }

  /// The recording's path, of several the last.
  package let name: String
  package private(set) var counters = LinkCounters()
  /// The battery, while the link is open and after it was closed.
  package private(set) var unit: RecordedUnit?
  private let paths: [String]
  private let pace: Pace
  private var timer: Descriptor?

  /// A recording that is not open yet, from its files in the order of their time.
  package init(paths: [String], pace: Pace) {
    name = paths.last ?? ""
    self.paths = paths
    self.pace = pace
  }

  package var isReady: Bool { isOpen }
  package var descriptor: Int32? { timer?.number }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    do throws(LinkError) {
      let recording = try Recording(paths)
      let speed: Int64 = if case .times(let times) = pace { max(1, times) } else { 0 }
      unit = RecordedUnit(recording, speed: speed, at: now)
      do throws(SystemError) {
        timer = try Descriptor { clinux_timerfd() }
      } catch { throw .system(path: name, error) }
    } catch {
      counters.errors += 1
      close()
      throw error
    }
    counters.opens += 1
    arm(now)
  }

  package func close() { timer = nil }

  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    guard descriptor != nil else { throw .closed(path: name) }
    switch unit?.next(at: now) {
    case .send(let bytes):
      buffer += bytes
      counters.bytesIn += UInt64(bytes.count)
      return bytes.count
    case .wait(let until):
      if unit?.isOver == true {
        close()
        throw .vanished(path: name)
      }
      arm(until)
      return 0
    case nil: return 0
    }
  }

  package func send(_ bytes: [UInt8]) throws(LinkError) {
    guard descriptor != nil else { throw .closed(path: name) }
    counters.bytesOut += UInt64(bytes.count)
    unit?.received(bytes, at: now)
    // Readable at once: what is due is told by `receive`, which also sets the time of the next.
    arm(now)
  }

  /// The monotonic clock in microseconds.
  private var now: Int64 { MonotonicClock.nanoseconds() / 1000 }

  /// Makes the descriptor readable from this moment on; `nil` for never.
  private func arm(_ microseconds: Int64?) {
    guard let number = descriptor else { return }
    _ = clinux_timerfd_set(number, microseconds.map { max(1, $0) * 1000 } ?? 0)
  }
}
