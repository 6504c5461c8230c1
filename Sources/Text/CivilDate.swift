// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, carried on before its introduction and without end.
package struct CivilDate: Hashable, Sendable {
  /// The year; 0 is the year before year 1.
  package var year: Int64
  /// The month, 1 to 12.
  package var month: Int
  /// The day of the month, from 1.
  package var day: Int

  /// A day from its parts, or `nil` when there is no such day.
  package init?(year: Int64, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that lies `days` after the first of January 1970.
  /// - Precondition: `days` lies within 10^15 of zero.
  package init(daysSince1970 days: Int64) {
    // Years begin in March here, so that the leap day ends one; a cycle of 400 years is 146,097 days.
    let sinceMarch0 = days + 719_468
    let cycle = sinceMarch0.flooredQuotient(146_097)
    var rest = sinceMarch0 - cycle * 146_097
    let centuries = min(3, rest / 36_524)
    rest -= centuries * 36_524
    let fours = rest / 1461
    rest -= fours * 1461
    let years = min(3, rest / 365)
    rest -= years * 365
    // The lengths from March on repeat every five months: 31 30 31 30 31, 153 days together.
    let monthFromMarch = (rest * 5 + 2) / 153
    day = Int(rest - (monthFromMarch * 153 + 2) / 5 + 1)
    month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    year = cycle * 400 + centuries * 100 + fours * 4 + years + (month <= 2 ? 1 : 0)
  }

  /// How many days after the first of January 1970 this is; negative before.
  package var daysSince1970: Int64 {
    let year = month <= 2 ? year - 1 : year
    let cycle = year.flooredQuotient(400)
    let inCycle = year - cycle * 400
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let inYear = (monthFromMarch * 153 + 2) / 5 + Int64(day) - 1
    return cycle * 146_097 + inCycle * 365 + inCycle / 4 - inCycle / 100 + inYear - 719_468
  }

  /// How many days a month has.
  package static func days(in month: Int, of year: Int64) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity.
  /// - Precondition: `divisor` is positive.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
