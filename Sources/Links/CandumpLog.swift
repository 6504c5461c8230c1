// SPDX-License-Identifier: Apache-2.0
package import Machine
package import Wire

/// CAN frames written to a file as `candump -L` writes them, by a thread of its own.
///
/// Recording never waits for the disk. Frames for which there is no room, or that the disk refuses,
/// are counted and given up: the form of candump has no place for a note where they are missing. A
/// crash loses at most the last second.
package final class CandumpLog: Sendable {
  private let file: QueuedFile<CandumpLine>

  /// Starts a log that grows at the end of the file `path`.
  ///
  /// The file is opened with the first frames, and again after each error. At most `capacity`
  /// frames wait to be written, for `milliseconds`. `tell` is told, on the writing thread, when
  /// writing begins to fail and when it goes on.
  package init(
    path: String, rotation: Rotation = .none, capacity: Int = 8192, milliseconds: Int = 1_000,
    tell: @escaping @Sendable (FileNews) -> Void = { _ in }
  ) throws(SystemError) {
    file = try QueuedFile(
      path: path, rotation: rotation, name: "candump log",
      format: .init(line: { line, text in line.append(to: &text) }),
      capacity: capacity, milliseconds: milliseconds, tell: tell)
  }

  /// Records a frame; answers at once.
  ///
  /// `interface` is one word, such as "can0"; the time is in microseconds since the start of 1970
  /// (UTC).
  package func record(
    _ frame: CANFrame, on interface: String, at microseconds: Int64 = WallClock.microseconds()
  ) {
    file.append(CandumpLine(microseconds: microseconds, interface: interface, frame))
  }

  /// Where the log is written.
  package var path: String { file.path }

  /// Frames that are in the file.
  package var written: UInt64 { file.written }

  /// Frames that were given up: no room, or an error of the disk.
  package var lost: UInt64 { file.lost }

  /// Errors of the disk.
  package var errors: UInt64 { file.errors }

  /// Why nothing can be written now; `nil` while it can.
  package var fault: FileNews? { file.fault }

  /// Writes what waits and ends the log; may be called again.
  ///
  /// A log that is merely let go of ends by itself, and nobody waits for it.
  package func close() { file.close() }
}
