// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine
package import Wire

/// A log in the form of `candump -L`, heard as if it were a bus.
///
/// At its end it vanishes.
package final class CandumpReplay: FrameLink {
  /// How fast the frames come.
  package enum Pace: Hashable, Sendable {
    /// As fast as they are taken.
    case immediate
    /// With the gaps between their time stamps.
    case recorded
  }

  /// The log's path.
  package let name: String
  /// How fast the frames come.
  package let pace: Pace
  package private(set) var counters = LinkCounters()
  private let interface: String?
  private var lines: LineReader?
  private var timer: Descriptor?
  /// The frame that comes next, and when on the monotonic clock, in nanoseconds.
  private var next: CANFrame?
  private var due: Int64 = 0
  /// The last frame's time stamp.
  private var stamp: Int64?

  /// A log that is not open yet; only the frames of `interface`, if one is named.
  package init(path: String, interface: String? = nil, pace: Pace = .recorded) {
    name = path
    self.interface = interface
    self.pace = pace
  }

  package var health: CANHealth? { nil }
  package var descriptor: Int32? { timer?.number }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    do throws(SystemError) {
      lines = LineReader(try Descriptor.open(name, O_RDONLY), longest: 4_096)
      timer = try Descriptor { clinux_timerfd() }
    } catch {
      counters.errors += 1
      close()
      throw .opening(name, error)
    }
    counters.opens += 1
    stamp = nil
    arm(MonotonicClock.nanoseconds())
  }

  package func close() {
    lines = nil
    timer = nil
    next = nil
  }

  package func receive() throws(LinkError) -> CANFrame? {
    guard descriptor != nil else { throw .closed(path: name) }
    if next == nil { try advance() }
    guard let frame = next, pace == .immediate || due <= MonotonicClock.nanoseconds() else {
      return nil
    }
    next = nil
    counters.framesIn += 1
    return frame
  }

  package func send(_ frame: CANFrame) throws(LinkError) {
    guard descriptor != nil else { throw .closed(path: name) }
    counters.errors += 1
    throw .unsupported(path: name, what: "send: it is a recording")
  }

  /// Reads up to the next frame and sets the timer to it.
  ///
  /// Passes over a bounded number of other lines.
  private func advance() throws(LinkError) {
    for _ in 0..<256 {
      let text: [UInt8]?
      do throws(SystemError) {
        text = try lines?.next()
      } catch {
        counters.errors += 1
        close()
        throw .system(path: name, error)
      }
      guard let text else {
        close()
        throw .vanished(path: name)
      }
      counters.bytesIn += UInt64(text.count + 1)
      guard let line = CandumpLine(text: text) else {
        counters.errors += 1
        continue
      }
      if let interface, line.interface != interface { continue }
      // A clock that was set back while recording makes no gap.
      let gap = stamp.map { max(0, line.microseconds - $0) } ?? 0
      let (nanoseconds, overflow) = gap.multipliedReportingOverflow(by: 1_000)
      due = stamp == nil ? MonotonicClock.nanoseconds() : due &+ (overflow ? 0 : nanoseconds)
      stamp = line.microseconds
      next = line.frame
      if pace == .recorded { arm(due) }
      return
    }
  }

  /// Makes the descriptor readable from this moment on.
  private func arm(_ nanoseconds: Int64) {
    if let number = descriptor { _ = clinux_timerfd_set(number, nanoseconds) }
  }
}
