// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
package import Quantities

/// A file of lines that grows at its end and is put aside by size and age: `log` becomes `log.1`,
/// that becomes `log.2`, and the oldest goes.
///
/// It belongs to one thread, which waits for the disk. A file that was moved or removed from
/// outside is begun anew.
package struct RotatingFile: ~Copyable {
  /// Where it stands.
  package let path: String
  /// When it is put aside; may be changed at any time.
  package var rotation: Rotation
  private let heading: @Sendable () -> [UInt8]
  private var file: Descriptor?
  private var size: Int64 = 0
  /// When the first of its lines was written.
  private var began = Tick(0)
  private var needsHeading = true
  private var isRegular = false
  private var place = (device: dev_t(0), number: ino_t(0))

  /// A file that is opened with the first lines.
  ///
  /// - Parameters:
  ///   - path: where it stands.
  ///   - rotation: when it is put aside.
  ///   - heading: the lines that come first each time a file is begun or gone on with.
  package init(
    path: String, rotation: Rotation = Rotation(),
    heading: @escaping @Sendable () -> [UInt8] = { [] }
  ) {
    self.path = path
    self.rotation = rotation
    self.heading = heading
  }

  /// Appends whole lines; when the disk takes only a part, that part is taken back.
  ///
  /// After it has thrown, the next call tries with the file opened anew.
  package mutating func append(
    _ lines: borrowing Span<UInt8>, at now: Tick = MonotonicClock.now()
  ) throws(SystemError) {
    if file != nil, hasMoved { file = nil }
    if file == nil { try open(at: now) }
    var head = needsHeading ? heading() : []
    if isFull(by: head.count + lines.count) {
      try putAside()
    } else if isOld(at: now) {
      // Where it cannot be put aside it may still grow, as long as it is not too large.
      do throws(SystemError) { try putAside() } catch {}
    }
    if file == nil {
      try open(at: now)
      head = heading()
    }
    if size == 0 { began = now }
    do throws(SystemError) {
      if !head.isEmpty { try file?.writeAll(head.span) }
      try file?.writeAll(lines)
      needsHeading = false
      size += Int64(head.count + lines.count)
    } catch {
      if isRegular, let number = file?.number { ftruncate(number, off_t(size)) }
      // Opened anew next time: the disk may have been exchanged.
      file = nil
      throw error
    }
  }

  /// Closes the file; the next lines open it again.
  package mutating func close() { file = nil }

  private func isFull(by count: Int) -> Bool {
    isRegular && size > 0 && size + Int64(count) > rotation.largest
  }

  private func isOld(at now: Tick) -> Bool {
    guard isRegular, size > 0, let longest = rotation.longest else { return false }
    return now - began >= longest
  }

  /// Whether the path leads elsewhere by now, or nowhere.
  private var hasMoved: Bool {
    var info = stat()
    guard unsafe fstatat(AT_FDCWD, path, &info, 0) == 0 else { return true }
    return info.st_dev != place.device || info.st_ino != place.number
  }

  private mutating func open(at now: Tick) throws(SystemError) {
    let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_APPEND)
    var info = stat()
    try checked { unsafe fstat(file.number, &info) }
    isRegular = info.st_mode & S_IFMT == S_IFREG
    size = isRegular ? Int64(info.st_size) : 0
    place = (info.st_dev, info.st_ino)
    needsHeading = true
    // A clock that was wrong then or is wrong now makes no age of less than nothing.
    let made = clinux_birth(file.number)
    let written = Int64(info.st_mtim.tv_sec) * 1000
    began = now + min(0, (made >= 0 ? made : written) - WallClock.now())
    // A crash may have left half a line; it must not run into the next.
    var last: UInt8 = 10
    if size > 0, unsafe pread(file.number, &last, 1, off_t(size - 1)) == 1, last != 10 {
      try file.writeAll([10].span)
      size += 1
    }
    self.file = consume file
  }

  /// Moves the file to `path.1` and those before it one further, from the oldest on, so that a
  /// crash in between leaves a gap in the numbers and loses nothing; a gap is filled the next time.
  private mutating func putAside() throws(SystemError) {
    let kept = max(0, rotation.kept)
    // A number beyond: fewer may be kept than before.
    var surplus = kept + 1
    while unsafe unlink(name(surplus)) == 0 { surplus += 1 }
    if kept == 0 {
      let path = path
      try checked { unsafe unlink(path) }
    } else {
      var free = 1
      while free < kept, unsafe access(name(free), F_OK) == 0 { free += 1 }
      for number in stride(from: free, to: 0, by: -1) {
        let (from, to) = (name(number - 1), name(number))
        try checked { unsafe rename(from, to) }
      }
    }
    file = nil
  }

  private func name(_ number: Int) -> String { number == 0 ? path : "\(path).\(number)" }
}
