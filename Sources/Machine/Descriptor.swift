// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file descriptor with one owner, closed when the owner lets go of it.
package struct Descriptor: ~Copyable, Sendable {
  /// The number that system calls take.
  package let number: Int32

  /// Takes over an open descriptor.
  package init(owning number: Int32) { self.number = number }

  /// Takes over the descriptor that a call answers; throws when it answers -1.
  package init(_ call: () -> Int32) throws(SystemError) {
    number = try checked(call)
  }

  deinit { _ = Glibc.close(number) }

  /// Gives the number away without closing it.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}

extension Descriptor {
  /// A file opened with the flags of `<fcntl.h>`; `O_CLOEXEC` is always added.
  package static func open(
    _ path: String, _ flags: Int32, mode: UInt32 = 0o644
  ) throws(SystemError) -> Descriptor {
    try Descriptor { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) }
  }

  /// Appends what can be read now, at most `limit` bytes.
  ///
  /// - Returns: How many bytes came, 0 at the end, `nil` when nothing is there yet.
  package func read(into buffer: inout [UInt8], limit: Int = 4096) throws(SystemError) -> Int? {
    try readAvailable(number, into: &buffer, limit: limit)
  }

  /// Writes as much as is taken now.
  ///
  /// - Returns: How many bytes were taken, 0 when there is no room.
  package func write(_ bytes: borrowing Span<UInt8>) throws(SystemError) -> Int {
    try writeAvailable(number, bytes)
  }

  /// Writes all of it, for files; waits for as long as that takes.
  package func writeAll(_ bytes: borrowing Span<UInt8>) throws(SystemError) {
    var start = 0
    while start < bytes.count {
      let taken = try write(bytes.extracting(start..<bytes.count))
      if taken == 0 {
        var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        try checked { unsafe poll(&entry, 1, -1) }
      }
      start += taken
    }
  }
}

/// Appends what can be read now; the call behind ``Descriptor/read(into:limit:)``.
package func readAvailable(
  _ number: Int32, into buffer: inout [UInt8], limit: Int = 4096
) throws(SystemError) -> Int? {
  var total = 0
  while total < limit {
    // 1024 bytes is the most that Swift keeps on the stack here, so reading allocates nothing.
    let wanted = min(1024, limit - total)
    let (count, code) = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: wanted) {
      chunk -> (Int, Int32) in
      var count = 0
      repeat {
        count = unsafe Glibc.read(number, chunk.baseAddress, wanted)
      } while count < 0 && errno == EINTR
      guard count > 0 else { return (count, errno) }
      unsafe buffer.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[..<count]))
      return (count, 0)
    }
    if count < 0 {
      if total > 0 { return total }
      if code == EAGAIN { return nil }
      throw SystemError(code)
    }
    total += count
    if count < wanted { return total }
  }
  return total
}

/// Writes what is taken now; the call behind ``Descriptor/write(_:)``.
package func writeAvailable(
  _ number: Int32, _ bytes: borrowing Span<UInt8>
) throws(SystemError) -> Int {
  let (count, code) = unsafe bytes.withUnsafeBufferPointer { chunk -> (Int, Int32) in
    while true {
      let count = unsafe Glibc.write(number, chunk.baseAddress, chunk.count)
      if count >= 0 { return (count, 0) }
      if errno != EINTR { return (-1, errno) }
    }
  }
  guard count < 0 else { return count }
  if code == EAGAIN { return 0 }
  throw SystemError(code)
}

/// Waits until one of these descriptors can be read, or has ended.
///
/// For tools and tests: the control path waits in a ``Reactor``.
/// - Returns: Whether one can be; false when the time is over.
package func waitReadable(_ numbers: [Int32], milliseconds: Int32) throws(SystemError) -> Bool {
  var entries = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  return try checked { unsafe poll(&entries, nfds_t(entries.count), milliseconds) } > 0
}
