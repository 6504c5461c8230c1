// SPDX-License-Identifier: Apache-2.0
package import Machine
import Synchronization
package import Wire

/// CAN frames written to a file as `candump -L` writes them, by a thread of its own.
///
/// Recording never waits for the disk. Frames for which there is no room, or that the disk refuses,
/// are counted and given up. A crash loses at most the last second.
package final class CandumpLog: Sendable {
  /// When to begin a new file.
  package struct Rotation: Hashable, Sendable {
    /// The most bytes in one file.
    package var bytes: Int64
    /// How many older files are kept, as `path.1`, `path.2` and so on.
    package var keep: Int

    /// A rule for beginning new files.
    package init(bytes: Int64, keep: Int = 3) {
      self.bytes = bytes
      self.keep = keep
    }
  }

  /// Where the log is written.
  package let path: String
  private let queue: BoundedQueue<CandumpLine>
  private let tally: Tally
  private let writer: DedicatedThread

  private final class Tally: Sendable {
    let written = Atomic<UInt64>(0)
    let lost = Atomic<UInt64>(0)
    let errors = Atomic<UInt64>(0)
    let fault = Mutex<String?>(nil)
  }

  /// Starts a log that grows at the end of the file `path`.
  ///
  /// The file is opened with the first frames, and again after each error. At most `capacity`
  /// frames wait to be written, for `milliseconds`. `onFault` is told of the first failure, on the
  /// writing thread, and again only when the log has worked in between.
  package init(
    path: String, rotation: Rotation? = nil, capacity: Int = 8192, milliseconds: Int = 1_000,
    onFault: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SystemError) {
    let queue = try BoundedQueue<CandumpLine>(capacity: capacity, threshold: capacity / 2)
    let tally = Tally()
    self.path = path
    self.queue = queue
    self.tally = tally
    writer = try DedicatedThread(name: "candump log") {
      Self.write(
        queue, to: CandumpFile(path: path, rotation: rotation), every: milliseconds, tally, onFault)
    }
  }

  deinit { close() }

  /// Records a frame; answers at once.
  ///
  /// `interface` is one word, such as "can0"; the time is in microseconds since the start of 1970
  /// (UTC).
  package func record(
    _ frame: CANFrame, on interface: String, at microseconds: Int64 = WallClock.microseconds()
  ) {
    queue.tryPush(CandumpLine(microseconds: microseconds, interface: interface, frame))
  }

  /// Frames that are in the file.
  package var written: UInt64 { tally.written.load(ordering: .relaxed) }

  /// Frames that were given up: no room, or an error of the disk.
  package var lost: UInt64 { tally.lost.load(ordering: .relaxed) + queue.drops }

  /// Errors of the disk.
  package var errors: UInt64 { tally.errors.load(ordering: .relaxed) }

  /// Why nothing can be written now; `nil` while it can.
  package var fault: String? { tally.fault.withLock { $0 } }

  /// Writes what waits and ends the log; may be called again.
  package func close() {
    queue.close()
    writer.join()
  }

  private static func write(
    _ queue: BoundedQueue<CandumpLine>, to file: consuming CandumpFile, every milliseconds: Int,
    _ tally: Tally, _ onFault: (String) -> Void
  ) {
    var lines: [CandumpLine] = []
    var text: [UInt8] = []
    var isFaulty = false
    while true {
      // Asked before popping: what was pushed before the close is then in this last round.
      let isLast = queue.isClosed
      queue.popAll(into: &lines, waitMilliseconds: milliseconds)
      for line in lines { line.append(to: &text) }
      if !text.isEmpty {
        do throws(SystemError) {
          try file.append(text.span)
          tally.written.add(UInt64(lines.count), ordering: .relaxed)
          tally.fault.withLock { $0 = nil }
          isFaulty = false
        } catch {
          tally.errors.add(1, ordering: .relaxed)
          tally.lost.add(UInt64(lines.count), ordering: .relaxed)
          let fault = "\(file.path): \(error.message); the CAN log is incomplete from here"
          tally.fault.withLock { $0 = fault }
          if !isFaulty { onFault(fault) }
          isFaulty = true
        }
      }
      lines.removeAll(keepingCapacity: true)
      text.removeAll(keepingCapacity: true)
      if isLast { return }
    }
  }
}
