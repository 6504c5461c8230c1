// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine

/// What this thread has written to files since it began, as Linux counts it.
struct Wear: Hashable, Sendable {
  /// Bytes handed to the system.
  var written: Int64 = 0
  /// Bytes of whole memory pages that the system must put on the disk for them.
  ///
  /// Nearest to what a flash card sees. Several writes to one page before it is put there count
  /// once.
  var stored: Int64 = 0

  /// Nothing written.
  init() {}

  /// The counts until now; `nil` where the kernel does not count.
  static func now() -> Wear? {
    guard let file = try? Descriptor.open("/proc/thread-self/io", O_RDONLY) else { return nil }
    var bytes: [UInt8] = []
    guard (try? file.read(into: &bytes)) != nil else { return nil }
    var wear = Wear()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard words.count == 2, let number = Int64(decimal: words[1]) else { continue }
      if words[0].elementsEqual("wchar".utf8) { wear.written = number }
      if words[0].elementsEqual("write_bytes".utf8) { wear.stored = number }
    }
    return wear
  }

  static func += (total: inout Wear, more: Wear) {
    total.written += more.written
    total.stored += more.stored
  }

  static func - (later: Wear, earlier: Wear) -> Wear {
    var difference = Wear()
    difference.written = later.written - earlier.written
    difference.stored = later.stored - earlier.stored
    return difference
  }
}

extension Int64 {
  fileprivate init?(decimal digits: some Sequence<UInt8>) {
    self = 0
    for digit in digits where digit != UInt8(ascii: " ") {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      self = self &* 10 &+ Int64(digit - UInt8(ascii: "0"))
    }
  }
}
