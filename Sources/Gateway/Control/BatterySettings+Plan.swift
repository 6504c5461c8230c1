// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Quantities

extension BatterySettings {
  /// How it is polled or visited.
  var rates: PollRates {
    isLowPower ? PollRates(visitPeriod: pollPeriod) : PollRates(livePeriod: pollPeriod)
  }

  /// Whether it is read too rarely to drive an inverter: on the low-power plan, or more slowly than every 10 s.
  var isSlow: Bool { isLowPower || pollPeriod > PollRates.livePeriods.upperBound }

  /// The ages at which the stages end, where the owner chose none.
  var usualBounds: Freshness.Bounds {
    isLowPower
      ? Freshness.Bounds(visitPeriod: rates.livePeriod)
      : Freshness.Bounds(period: rates.livePeriod)
  }

  /// How patient it is with its doors.
  var doorTerms: DoorChoice.Terms {
    let probe = probeRates.livePeriod
    let bounds = Freshness.Bounds(self)
    // Where a checksum is weak the first reading must be seen twice.
    let isWeak = doors.contains { $0.language().trust.check.isWeak }
    let usual = isWeak ? min(2 * bounds.fresh, bounds.aging - 1000) : bounds.fresh
    return DoorChoice.Terms(
      fallback: fallback ?? usual, proof: max(10_000, 3 * probe),
      longestGap: 3 * probe)
  }

  /// How a better door is asked while another is in use: enough to see that it is well.
  var probeRates: PollRates { PollRates(livePeriod: max(rates.livePeriod, 2000)) }

  /// What the gateway's own accounts go by.
  var accountTerms: Accounts.Terms {
    Accounts.Terms(
      capacity: charging.capacity, float: charging.float, floor: charging.cellFloor)
  }

  /// Up to which age a single value is stored, in milliseconds: what is asked for most rarely comes once a minute, in visits
  /// sixty times more rarely, and may be missed once.
  var oldestValue: Int64 {
    guard isLowPower else { return 180_000 }
    return 2 * (60_000 * PollRates.visitThrift + rates.livePeriod)
  }
}
