// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

/// The numbers of `docs/charging.md` for one battery, in volts and amperes: written from the document, not
/// from the code.
struct Bounds {
  /// Cells.
  var n: Double
  /// Target A, float F, lowest float, ceiling, floor.
  var target, float, lowest, ceiling, floor: Double
  var topRegion, sustain, sustainRelease: Double
  /// The highest currents.
  var charge, discharge: Double
  /// Where the battery trips below what the settings take for an uncharged pack.
  var isContradiction: Bool

  init(_ settings: ChargeSettings, _ reading: Reading) {
    func volts(_ voltage: CellVoltage?) -> Double? { voltage.map { Double($0.raw) / 10_000 } }
    func amperes(_ current: Current?) -> Double? { current.map { Double($0.raw) / 1000 } }
    let cutoffs = reading.cutoffs
    let trip = volts(cutoffs.cellOvervoltage) ?? 100
    n = Double(reading[.cellCount] ?? Int64(reading.cells.count))
    target = min(volts(settings.absorption) ?? 0, trip - 0.05)
    float = min(volts(settings.float) ?? 0, trip - 0.05)
    let wished = volts(settings.lowestFloat ?? settings.float) ?? 0
    lowest = min(wished, trip - 0.05)
    isContradiction = trip - 0.05 < wished
    ceiling = min(volts(settings.cellCeiling) ?? 0, trip - 0.01)
    topRegion = min(volts(settings.topRegion ?? settings.float) ?? 0, target)
    floor = max(
      volts(settings.cellFloor) ?? 0, (volts(cutoffs.cellUndervoltage) ?? 0) + 0.05,
      volts(cutoffs.cellEmpty) ?? 0)
    sustain = max(volts(settings.sustainCell) ?? 0, floor)
    sustainRelease = max(
      volts(settings.sustainRelease) ?? 0, floor + (volts(settings.cellFloorHysteresis) ?? 0))
    charge = min(
      (amperes(cutoffs.chargeOvercurrent) ?? 1e9) * 0.9, amperes(settings.maxChargeCurrent) ?? 1e9,
      reading[.chargeCurrentLimit].map { max(0, Double($0) / 1000) } ?? 1e9)
    discharge = min(
      (amperes(cutoffs.dischargeOvercurrent) ?? 1e9) * 0.9,
      amperes(settings.maxDischargeCurrent) ?? 1e9,
      reading[.dischargeCurrentLimit].map { max(0, Double($0) / 1000) } ?? 1e9)
  }

  /// A straight line between the two corners around a place, as a share of 1.
  static func share(_ corners: [(Double, Double)], at place: Double) -> Double {
    guard let first = corners.first, let last = corners.last else { return 1 }
    if place <= first.0 { return first.1 }
    if place >= last.0 { return last.1 }
    for (a, b) in zip(corners, corners.dropFirst()) where place <= b.0 {
      return a.1 + (b.1 - a.1) * (place - a.0) / (b.0 - a.0)
    }
    return last.1
  }

  /// The curves of the document.
  enum Curves {
    static let chargeTemperature = [
      (0.0, 0.0), (2, 0.25), (5, 0.5), (10, 1), (40, 1), (45, 0.5), (50, 0.25), (55, 0),
    ]
    static let dischargeTemperature = [
      (-10.0, 0.0), (0, 0.25), (5, 0.5), (10, 1), (40, 1), (45, 0.5), (50, 0.25), (55, 0),
    ]
    static let switches = [(70.0, 1.0), (80, 0.25), (90, 0)]
    static let chargeLFP = [
      (3.375, 1.0), (3.4, 0.25), (3.425, 0.05), (3.45, 0.005), (3.5, 0),
    ]
    static let dischargeLFP = [
      (2.8, 0.0), (2.9, 0.005), (3.0, 0.05), (3.1, 0.25), (3.19, 1),
    ]
    static let chargeLTO = [(2.4, 1.0), (2.5, 0.1), (2.6, 0)]
    static let dischargeLTO = [(1.9, 0.0), (2.0, 0.05), (2.1, 1)]
    /// The shape of a curve that is not entered, over the way from all to nothing.
    static let shape = [(0.0, 1.0), (0.25, 0.9411), (0.5, 0.7797), (0.75, 0.4886), (1, 0)]
  }
}
