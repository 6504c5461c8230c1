// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension FieldRow {
  /// The bytes of the field, lowest first; `nil` when its value is not known or not to be told.
  func bits(_ picture: InverterPicture, _ profile: InverterProfile) -> UInt64? {
    guard !isOmitted else { return nil }
    switch source {
    case .point(let point): return number(picture.value(point))
    case .limit(let point): return number(picture.limits?.value(point))
    case .name(let name): return characters(picture.text(name))
    case .fixed(let text): return characters(text)
    case .other: return code?(picture, profile)
    }
  }

  /// A value in steps of the field; `nil` where there is none, or where the field cannot say it.
  func steps(_ value: Int64?) -> Int64? {
    guard var value else { return nil }
    var divisor = divisor
    if scale != Self.unit {
      // Multiplied first and divided once, so that nothing is rounded twice.
      let (product, overflow) = value.multipliedReportingOverflow(by: scale)
      guard !overflow else { return nil }
      value = product
      divisor *= Self.unit
    }
    let steps = offsetSteps + rounding.quotient(value, divisor)
    switch beyond {
    case .held: return min(max(steps, range.lowerBound), range.upperBound)
    case .heldAbove: return steps < range.lowerBound ? nil : min(steps, range.upperBound)
    case .unknown: return range.contains(steps) ? steps : nil
    case .wraps: return steps < range.lowerBound ? nil : steps % (range.upperBound + 1)
    }
  }

  private func number(_ value: Int64?) -> UInt64? {
    steps(value).map { UInt64(bitPattern: $0) & (.max >> UInt64(64 - 8 * length)) }
  }

  private func characters(_ text: Label) -> UInt64? {
    text.isEmpty ? nil : UInt64(text, from: Int(start), padding: padding)
  }
}

extension FieldRow.Rounding {
  /// The quotient as a whole number; the divisor is positive.
  fileprivate func quotient(_ value: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    switch self {
    case .down, .exact: return remainder < 0 ? quotient - 1 : quotient
    case .up: return remainder > 0 ? quotient + 1 : quotient
    case .nearest: return value.dividedRounding(by: divisor)
    }
  }
}

extension InverterPicture {
  /// The value of a point as a field may tell it: nothing measured once the battery is silent.
  func value(_ point: Point) -> Int64? {
    switch point {
    case .soh:
      let reported = snapshot.reading.amount(.soh, as: PercentScale.self)
      return (reported ?? identity.health).map { Int64($0.raw) }
    case .full, .nominal, .cycles, .cellCount, .energyCharged, .energyDischarged, .chargeCharged,
      .chargeDischarged:
      // These do not grow old: they stand until the battery says otherwise.
      return snapshot.reading[point]
    default: return freshness < .stale ? recent(point) : nil
    }
  }

  /// A text by which the battery introduces itself; empty when there is none.
  func text(_ name: InverterName) -> Label {
    let known = snapshot.reading.identity
    switch name {
    case .manufacturer: return identity.manufacturer
    case .family: return identity.family
    case .model: return identity.model.isEmpty ? known.model ?? Label() : identity.model
    case .serial:
      return (identity.serial.isEmpty ? known.serial ?? Label() : identity.serial).end(of: 16)
    }
  }
}

extension Limits {
  /// The limit with the name of a point; a discharge voltage of 0 is none.
  fileprivate func value(_ point: Point) -> Int64? {
    switch point {
    case .chargeVoltageLimit: Int64(chargeVoltage.value.raw)
    case .chargeCurrentLimit: Int64(chargeCurrent.value.raw)
    case .dischargeCurrentLimit: Int64(dischargeCurrent.value.raw)
    case .dischargeVoltageLimit where dischargeVoltage.raw > 0: Int64(dischargeVoltage.raw)
    default: nil
    }
  }
}
