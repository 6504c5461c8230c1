// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Counts energy and charge in and out of a battery from its own voltage and current.
///
/// Exact: what does not make a whole step stays in the remainder. Between two readings the earlier
/// reading's power and the later one's count half each. Over a gap longer than `longestGap` nothing is counted, because
/// what was not seen is not known.
public struct EnergyMeter: Sendable {
  /// The longest time between two readings that is counted, in milliseconds.
  public var longestGap: Int64

  private var charged = Counter()
  private var discharged = Counter()
  private var last: (at: Tick, power: Int64, current: Int64)?

  /// One direction: whole steps and the remainders towards the next.
  private struct Counter: Sendable {
    var energy: Int64 = 0  // mWh
    var charge: Int64 = 0  // mAh
    var energyRest: Int64 = 0  // mW·ms·2
    var chargeRest: Int64 = 0  // mA·ms·2

    /// 2 · 3,600,000 ms: twice the milliseconds of an hour, since means are kept as sums of two.
    static let hour: Int64 = 7_200_000

    mutating func add(power: Int64, current: Int64, milliseconds: Int64) {
      energyRest += power * milliseconds
      chargeRest += current * milliseconds
      energy += energyRest / Self.hour
      energyRest %= Self.hour
      charge += chargeRest / Self.hour
      chargeRest %= Self.hour
    }
  }

  /// Begins at what was counted before, so that counters survive a restart.
  public init(
    energyCharged: Energy = .zero, energyDischarged: Energy = .zero, chargeCharged: Charge = .zero,
    chargeDischarged: Charge = .zero, longestGap: Int64 = 10_000
  ) {
    self.longestGap = longestGap
    charged.energy = energyCharged.raw
    charged.charge = chargeCharged.raw
    discharged.energy = energyDischarged.raw
    discharged.charge = chargeDischarged.raw
  }

  /// Energy that went in.
  public var energyCharged: Energy { Energy(raw: charged.energy) }
  /// Energy that came out.
  public var energyDischarged: Energy { Energy(raw: discharged.energy) }
  /// Charge that went in.
  public var chargeCharged: Charge { Charge(raw: charged.charge) }
  /// Charge that came out.
  public var chargeDischarged: Charge { Charge(raw: discharged.charge) }

  /// Counts up to a reading received at `now`.
  public mutating func count(_ voltage: Voltage, _ current: Current, at now: Tick) {
    let power = (voltage * current).raw
    let amperes = Int64(current.raw)
    if let last, now > last.at, now - last.at <= longestGap {
      let time = now - last.at
      // A half whose sign differs belongs to the other direction.
      for (power, current) in [(last.power, last.current), (power, amperes)] {
        if power >= 0 {
          charged.add(power: power, current: current, milliseconds: time)
        } else {
          discharged.add(power: -power, current: -current, milliseconds: time)
        }
      }
    }
    last = (now, power, amperes)
  }
}
