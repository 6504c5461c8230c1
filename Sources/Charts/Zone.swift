// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

/// By which clock on the wall a time is told.
package struct Zone: Sendable {
  /// Seconds that the clock is ahead of UTC at a moment, in seconds since 1970.
  let offset: @Sendable (Int64) -> Int64
  /// What the clock is called at a moment.
  let name: @Sendable (Int64) -> String

  /// A clock that is always so many seconds ahead of UTC, or differs by season.
  package init(
    offset: @escaping @Sendable (Int64) -> Int64, name: @escaping @Sendable (Int64) -> String
  ) {
    self.offset = offset
    self.name = name
  }

  /// Coordinated universal time.
  package static let utc = Zone(offset: { _ in 0 }, name: { _ in "UTC" })

  /// The clock of this machine: `TZ`, or else `/etc/localtime`.
  package static let local = Zone(
    offset: { unsafe Int64(parts($0).tm_gmtoff) },
    name: { second in
      let parts = unsafe parts(second)
      return unsafe parts.tm_zone.map { unsafe String(cString: $0) } ?? "local time"
    })

  private static func parts(_ second: Int64) -> tm {
    var time = time_t(second)
    var parts = unsafe tm()
    _ = unsafe localtime_r(&time, &parts)
    return unsafe parts
  }

  /// Seconds on the wall since the start of 1970 there.
  func wall(_ second: Int64) -> Int64 { second + offset(second) }

  /// When the wall shows this; `nil` where the clock leaps over it.
  func second(wall: Int64) -> Int64? {
    let guess = wall - offset(wall)
    for second in [wall - offset(guess), guess] where self.wall(second) == wall { return second }
    return nil
  }

  /// The day and the seconds within it.
  func civil(_ second: Int64) -> (date: CivilDate, second: Int64) {
    let wall = wall(second)
    let day = wall.floored(86_400)
    return (CivilDate(daysSince1970: day), wall - day * 86_400)
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity; `divisor` must be positive.
  func floored(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
