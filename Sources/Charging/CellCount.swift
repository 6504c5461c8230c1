// SPDX-License-Identifier: Apache-2.0

import Battery

/// How many cells are in series, by all who say so.
enum CellCount: Equatable {
  /// Nobody says.
  case unknown
  /// All who say so agree.
  case agreed(Int)
  /// The owner, the battery's count and its list of cells do not agree: so many are seen.
  case differs(seen: Int)

  init(_ reading: Reading, owner: Int?) {
    let listed = reading.cells.count > 0 ? reading.cells.count : nil
    let told = reading[.cellCount].map { Int(clamping: $0) }
    guard let count = owner ?? told ?? listed else {
      self = .unknown
      return
    }
    if let listed, listed != count {
      self = .differs(seen: listed)
    } else if let told, told != count {
      self = .differs(seen: told)
    } else if !(1...Cells.capacity).contains(count) {
      self = .differs(seen: count)
    } else {
      self = .agreed(count)
    }
  }
}
