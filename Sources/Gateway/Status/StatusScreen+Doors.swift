// SPDX-License-Identifier: Apache-2.0

import Text

extension StatusScreen {
  /// By which of several doors a battery is read, and what is wrong with the others.
  func doors(_ battery: JSONValue) -> [String] {
    guard let doors = battery["doors"]?.array, let current = battery["door"]?.int64 else {
      return []
    }
    return doors.enumerated().map { index, door in
      let name = "\(door["dialect"]?.string ?? "") on \(door["link"]?.string ?? "")"
      let isUsed = Int64(index) + 1 == current
      let trouble = door["other_battery"]?.string.map { "another battery: \($0)" }
      let words = trouble ?? door["fault"]?.string
      let mark = isUsed ? (index == 0 ? style.green("in use") : style.yellow("in use")) : "spare"
      return "         door \(index + 1)  \(name)  \(mark)"
        + (words.map { "  " + style.red($0) } ?? "")
    }
  }
}
