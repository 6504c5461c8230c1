// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Entries on their way to a file, which a thread of its own writes: who adds one never waits.
///
/// Entries for which there is no room, or that the disk refuses, are counted and given up. A crash
/// loses at most what came since the last writing.
package final class QueuedFile<Entry: Sendable>: Sendable {
  /// How entries become lines.
  package struct Format: Sendable {
    let heading: @Sendable () -> [UInt8]
    let line: @Sendable (Entry, inout [UInt8]) -> Void
    let hole: (@Sendable (UInt64, Entry?, inout [UInt8]) -> Void)?

    /// A format.
    ///
    /// - Parameters:
    ///   - heading: the lines that come first each time a file is begun or gone on with.
    ///   - line: appends the line of an entry.
    ///   - hole: appends a line where so many entries are missing, before the next one where there
    ///     is one.
    package init(
      heading: @escaping @Sendable () -> [UInt8] = { [] },
      line: @escaping @Sendable (Entry, inout [UInt8]) -> Void,
      hole: (@Sendable (UInt64, Entry?, inout [UInt8]) -> Void)? = nil
    ) {
      self.heading = heading
      self.line = line
      self.hole = hole
    }
  }

  private struct Numbered: Sendable {
    let number: UInt64
    let entry: Entry
  }

  /// Where it stands.
  package let path: String
  private let queue: BoundedQueue<Numbered>
  private let tally = FileTally()
  private let ended: Waker
  private let writer: DedicatedThread

  /// A file at whose end entries are added; it is opened with the first, and again after each
  /// error.
  ///
  /// - Parameters:
  ///   - path: where it stands.
  ///   - rotation: when it is put aside.
  ///   - name: what the thread is called.
  ///   - format: how entries become lines.
  ///   - capacity: how many may wait.
  ///   - milliseconds: how long one may wait.
  ///   - tell: told on the writing thread when writing begins to fail, and when it goes on.
  /// - Throws: where the system has no thread or descriptor left.
  package init(
    path: String, rotation: Rotation, name: String, format: Format, capacity: Int,
    milliseconds: Int, tell: @escaping @Sendable (FileNews) -> Void
  ) throws(SystemError) {
    let queue = try BoundedQueue<Numbered>(capacity: capacity, threshold: max(1, capacity / 2))
    let ended = try Waker()
    let tally = tally
    self.path = path
    self.queue = queue
    self.ended = ended
    writer = try DedicatedThread(name: name) {
      let file = RotatingFile(path: path, rotation: rotation, heading: format.heading)
      Self.run(queue, file, format, tally, milliseconds, tell)
      ended.wake()
    }
  }

  // The writer is not waited for: nobody who lets go of a log may wait for a disk.
  deinit { queue.close() }

  /// Adds an entry and answers at once.
  ///
  /// For one thread.
  package func append(_ entry: Entry) {
    let number = tally.given.add(1, ordering: .relaxed).oldValue
    queue.tryPush(Numbered(number: number, entry: entry))
  }

  /// Entries that are in the file.
  package var written: UInt64 { tally.written.load(ordering: .relaxed) }

  /// Entries that were given up: no room, or an error of the disk.
  package var lost: UInt64 { tally.refused.load(ordering: .relaxed) + queue.drops }

  /// Errors of the disk.
  package var errors: UInt64 { tally.errors.load(ordering: .relaxed) }

  /// Why nothing can be written now; `nil` while it can.
  package var fault: FileNews? { tally.fault.withLock { $0 } }

  /// Writes what waits and ends; may be called again.
  ///
  /// - Returns: Whether it ended in time; where the disk hangs, the writer is left behind.
  @discardableResult
  package func close(milliseconds: Int32 = 5_000) -> Bool {
    queue.close()
    let hasEnded = (try? waitReadable([ended.descriptor], milliseconds: milliseconds)) ?? false
    if hasEnded { writer.join() }
    return hasEnded
  }

  private static func run(
    _ queue: BoundedQueue<Numbered>, _ file: consuming RotatingFile, _ format: Format,
    _ tally: FileTally, _ milliseconds: Int, _ tell: (FileNews) -> Void
  ) {
    var waiting: [Numbered] = []
    var text: [UInt8] = []
    // The number of the next entry in the file, were none missing.
    var next: UInt64 = 0
    var failedAt: UInt64?
    while true {
      // Asked before popping: what was added before the close is then in this last round.
      let isLast = queue.isClosed
      queue.popAll(into: &waiting, waitMilliseconds: milliseconds)
      var end = next
      for item in waiting {
        if item.number > end { format.hole?(item.number - end, item.entry, &text) }
        format.line(item.entry, &text)
        end = item.number + 1
      }
      let given = tally.given.load(ordering: .relaxed)
      if isLast, given > end {
        format.hole?(given - end, nil, &text)
        end = given
      }
      if !text.isEmpty {
        do throws(SystemError) {
          try file.append(text.span)
          tally.written.add(UInt64(waiting.count), ordering: .relaxed)
          next = end
          tally.fault.withLock { $0 = nil }
          if let first = failedAt {
            let missing = (waiting.first?.number ?? end) - first
            tell(.healed(path: file.path, lost: missing))
          }
          failedAt = nil
        } catch {
          tally.errors.add(1, ordering: .relaxed)
          tally.refused.add(UInt64(waiting.count), ordering: .relaxed)
          let fault = FileNews.failing(path: file.path, error)
          tally.fault.withLock { $0 = fault }
          if failedAt == nil { tell(fault) }
          failedAt = next
        }
      }
      waiting.removeAll(keepingCapacity: true)
      text.removeAll(keepingCapacity: true)
      if isLast { return }
    }
  }
}

/// What a writing thread has counted.
private final class FileTally: Sendable {
  let given = Atomic<UInt64>(0)
  let written = Atomic<UInt64>(0)
  let refused = Atomic<UInt64>(0)
  let errors = Atomic<UInt64>(0)
  let fault = Mutex<FileNews?>(nil)
}
