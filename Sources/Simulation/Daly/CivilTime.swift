// SPDX-License-Identifier: Apache-2.0

/// Date and time of a simulated clock, from the year 2000 on.
struct CivilTime: Hashable, Sendable {
  var year: UInt8
  var month: UInt8
  var day: UInt8
  var hour: UInt8 = 0
  var minute: UInt8 = 0
  var second: UInt8 = 0

  /// The time so many seconds later.
  ///
  /// What is no date runs on like one, month after month of its own reckoning, as a cheap clock does.
  func after(seconds: Int64) -> CivilTime {
    var time = self
    let total = Int64(second) + seconds
    time.second = UInt8(truncatingIfNeeded: total % 60)
    let minutes = Int64(minute) + total / 60
    time.minute = UInt8(truncatingIfNeeded: minutes % 60)
    let hours = Int64(hour) + minutes / 60
    time.hour = UInt8(truncatingIfNeeded: hours % 24)
    for _ in 0..<max(0, hours / 24) { time.turnDay() }
    return time
  }

  private mutating func turnDay() {
    day &+= 1
    guard day > Self.days(in: month, of: year) else { return }
    day = 1
    month &+= 1
    guard month > 12 else { return }
    month = 1
    year &+= 1
  }

  private static func days(in month: UInt8, of year: UInt8) -> UInt8 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 ? 29 : 28
    default: 31
    }
  }
}
