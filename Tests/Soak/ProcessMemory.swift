// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine

/// What this process occupies.
enum ProcessMemory {
  /// Resident memory that is not of a file, KiB; 0 where the system does not tell.
  static var resident: Int64 {
    var bytes: [UInt8] = []
    guard let file = try? Descriptor.open("/proc/self/status", O_RDONLY) else { return 0 }
    while let count = try? file.read(into: &bytes), count > 0 {}
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("RssAnon:") {
      return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int64($0) } ?? 0
    }
    return 0
  }
}
