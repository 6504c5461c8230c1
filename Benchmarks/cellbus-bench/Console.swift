// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard output and error.
enum Console {
  /// Writes to standard output.
  static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes to standard error.
  static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 || errno == EINTR else { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }
}
