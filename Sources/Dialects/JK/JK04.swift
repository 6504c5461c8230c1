// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The frames of the first boards, which are balancers rather than battery management systems: IEEE
/// numbers, and neither current, charge, temperatures nor alarms.
///
/// Source: captures of JK-B2A16S with software 3.3.0.
enum JK04 {
  static let capacity = 24
  /// What one step of a cell is in a volt.
  private static let steps: Int64 = 10_000

  /// How many cells a frame names.
  static func cellCount(_ frame: JKFrame) -> Int? {
    JKLayout.count(frame.double(214)).flatMap { $0 <= capacity ? $0 : nil }
  }

  /// Whether a frame of cells makes sense in this form.
  static func fits(_ frame: JKFrame) -> Bool {
    guard let count = cellCount(frame) else { return false }
    var sum: Int64 = 0
    for index in 0..<capacity {
      guard let cell = frame.float(6 + 4 * index).scaled(by: steps) else { return false }
      guard index < count ? isPossible(cell) : cell == 0 else { return false }
      sum += Int64(cell)
    }
    guard sum > 0, let average = frame.float(202).scaled(by: steps) else { return false }
    // The board leaves cells that are not connected out of its average.
    return Int64(average) * Int64(count) * 20 >= sum * 19
  }

  private static func isPossible(_ cell: Int32) -> Bool {
    cell == 0 || (3000...55_000).contains(cell)
  }

  /// Takes the values of a frame of cells over; the pack's voltage is the sum of its cells, since the
  /// board measures no other.
  static func place(_ frame: JKFrame, _ reading: inout Reading) throws(WireError) {
    guard let count = cellCount(frame) else {
      throw .implausible("its number of cells cannot be")
    }
    for index in 0..<count {
      guard let cell = frame.float(6 + 4 * index).scaled(by: steps), isPossible(cell) else {
        throw .implausible("a cell has a voltage that none has")
      }
      reading.cells.place(.decimillivolts(cell), at: index)
    }
    reading[.cellCount] = Int64(count)
    var sum: Int64 = 0
    for index in 0..<count { sum += Int64(frame.float(6 + 4 * index).scaled(by: 1_000_000) ?? 0) }
    reading.set(.voltage, Voltage(clamping: sum.dividedRounding(by: 1000)))
    reading[.balancing] = frame.byte(220) == 0 ? 0 : 1
  }

  /// What a frame of cells tells beside that.
  static func details(_ frame: JKFrame) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = [
      .init("balancer_mode", .number(Int64(frame.byte(220)))),
      .init("runtime_s", .number(Int64(frame.double(286)))),
    ]
    if let current = frame.float(222).scaled(by: 1000) {
      entries.append(.init("balance_current_a", .number(Int64(current), decimals: 3)))
    }
    return entries
  }

  /// Whether a frame of settings makes sense in this form.
  static func fitsSettings(_ frame: JKFrame) -> Bool {
    guard (1...UInt32(capacity)).contains(frame.double(34)),
      let floor = frame.float(38).scaled(by: 1000)
    else { return false }
    return (500...6000).contains(floor)
  }
}
