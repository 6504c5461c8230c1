// SPDX-License-Identifier: Apache-2.0

import Battery

/// The frame with the board's log: a count, and for each entry the seconds since it was first switched on
/// with a code.
enum JKLog {
  private static let first = 11
  private static let size = 5

  /// The entries.
  static func entries(_ frame: JKFrame) -> [Exchange.Entry] {
    let count = frame.double(6)
    var entries: [Exchange.Value] = []
    for index in 0..<Int(min(count, UInt32((JKFrame.length - 1 - first) / size))) {
      let offset = first + size * index
      entries.append(
        .list([.number(Int64(frame.double(offset))), .number(Int64(frame.byte(offset + 4)))]))
    }
    return [
      .init("log_count", .number(Int64(count))), .init("entries", .list(entries)),
    ]
  }
}
