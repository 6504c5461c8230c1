// SPDX-License-Identifier: Apache-2.0
package import Machine
package import Wire

/// Every byte on a wire, written to a file by a thread of its own; the form is told in
/// docs/recordings.md.
///
/// Recording never waits for the disk. Lines for which there is no room, or that the disk refuses,
/// are given up, and a line in the file says where and how many. A crash loses at most the last
/// second.
package final class TrafficLog: Sendable {
  private let file: QueuedFile<TrafficLine>
  private let wire: String

  /// Starts a recording that grows at the end of the file `path`.
  ///
  /// - Parameters:
  ///   - path: the file; it is opened with the first bytes, and again after each error.
  ///   - link: the whole name of the wire.
  ///   - dialect: the language that is spoken on it; `nil` when it is only listened to.
  ///   - rotation: when the file is put aside and a new one begun.
  ///   - capacity: how many lines may wait to be written.
  ///   - milliseconds: how long they may wait.
  ///   - tell: told, on the writing thread, when writing begins to fail and when it goes on.
  /// - Throws: where the system has no thread or descriptor left.
  package init(
    path: String, link: String, dialect: String?, rotation: Rotation = .none,
    capacity: Int = 4096, milliseconds: Int = 1_000,
    tell: @escaping @Sendable (FileNews) -> Void = { _ in }
  ) throws(SystemError) {
    let wire = link.wireWord
    self.wire = wire
    let format = QueuedFile<TrafficLine>.Format(
      heading: {
        var text: [UInt8] = []
        TrafficHeader(
          link: link, dialect: dialect, wall: WallClock.microseconds(),
          monotonic: MonotonicClock.nanoseconds() / 1000
        ).append(to: &text)
        return text
      },
      line: { line, text in line.append(to: &text) },
      hole: { count, next, text in
        TrafficLine(
          wall: next?.wall ?? WallClock.microseconds(),
          monotonic: next?.monotonic ?? MonotonicClock.nanoseconds() / 1000, wire: wire,
          .lost(count)
        ).append(to: &text)
      })
    file = try QueuedFile(
      path: path, rotation: rotation, name: "traffic log", format: format, capacity: capacity,
      milliseconds: milliseconds, tell: tell)
  }

  /// Records what happened now and answers at once.
  ///
  /// For one thread.
  package func record(_ event: TrafficLine.Event) {
    file.append(
      TrafficLine(
        wall: WallClock.microseconds(), monotonic: MonotonicClock.nanoseconds() / 1000,
        wire: wire, event))
  }

  /// Where the recording is written.
  package var path: String { file.path }

  /// Lines that are in the file.
  package var written: UInt64 { file.written }

  /// Lines that were given up.
  package var lost: UInt64 { file.lost }

  /// Why nothing can be written now; `nil` while it can.
  package var fault: FileNews? { file.fault }

  /// Writes what waits and ends the recording; may be called again.
  ///
  /// A recording that is merely let go of ends by itself, and nobody waits for it.
  ///
  /// - Returns: Whether it ended in time; where the disk hangs, its writer is left behind.
  @discardableResult
  package func close() -> Bool { file.close() }
}
