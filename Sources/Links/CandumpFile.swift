// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine

/// A log on disk that grows at its end and may be kept within a size.
struct CandumpFile: ~Copyable {
  let path: String
  let rotation: CandumpLog.Rotation?
  private var file: Descriptor?
  private var size: Int64 = 0

  init(path: String, rotation: CandumpLog.Rotation?) {
    self.path = path
    self.rotation = rotation
  }

  /// Appends whole lines; when the disk takes only a part, that part is taken back.
  mutating func append(_ lines: borrowing Span<UInt8>) throws(SystemError) {
    if file == nil { try open() }
    if let rotation, size > 0, size + Int64(lines.count) > rotation.bytes {
      try rotate(rotation)
      try open()
    }
    do throws(SystemError) {
      try file?.writeAll(lines)
      size += Int64(lines.count)
    } catch {
      if let number = file?.number { ftruncate(number, off_t(size)) }
      // Opened anew next time: the disk may have been exchanged.
      file = nil
      throw error
    }
  }

  private mutating func open() throws(SystemError) {
    let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_APPEND)
    var info = stat()
    try checked { unsafe fstat(file.number, &info) }
    size = Int64(info.st_size)
    // A crash may have left half a line; it must not run into the next.
    var last: UInt8 = 10
    if size > 0, unsafe pread(file.number, &last, 1, off_t(size - 1)) == 1, last != 10 {
      try file.writeAll([10].span)
      size += 1
    }
    self.file = consume file
  }

  /// `log` becomes `log.1`, `log.1` becomes `log.2`; the oldest is lost.
  private mutating func rotate(_ rotation: CandumpLog.Rotation) throws(SystemError) {
    file = nil
    for number in stride(from: rotation.keep, to: 1, by: -1) {
      _ = unsafe rename("\(path).\(number - 1)", "\(path).\(number)")
    }
    let path = path
    if rotation.keep > 0 {
      try checked { unsafe rename(path, "\(path).1") }
    } else {
      try checked { unsafe unlink(path) }
    }
  }
}
