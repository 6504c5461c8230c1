// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// The owner's settings made narrower by the battery's own cutoffs.
struct Plan {
  /// Cells in series.
  let count: Int
  /// Target of charging.
  let target: CellVoltage
  /// Where a full pack is held.
  let float: CellVoltage
  /// CVL is never below this.
  let lowestFloat: CellVoltage
  /// Whether the battery's overvoltage cutoff, not the settings, gives the target or float.
  let targetIsBatterys: Bool
  let floatIsBatterys: Bool
  /// Whether the battery trips below what the settings take for an uncharged pack.
  let isContradiction: Bool
  let ceiling: CellVoltage
  let ceilingRelease: CellVoltage
  let topRegion: CellVoltage
  /// Below this cells agree that the pack is not full.
  let charged: CellVoltage
  let sustain: CellVoltage
  let sustainRelease: CellVoltage
  let floor: CellVoltage
  let floorRelease: CellVoltage
  /// The highest currents, before any curve.
  let charge: Limit<CurrentScale>
  let discharge: Limit<CurrentScale>
  /// The largest tail current; `nil` where no capacity is known.
  let tail: Current?

  /// What the settings and the battery together allow.
  ///
  /// `nil` while a highest current is known from neither of them, and for settings with a gap or a battery
  /// whose overvoltage cutoff is no voltage that a cell can have.
  init?(_ settings: ChargeSettings, _ evidence: Evidence) {
    guard let absorption = settings.absorption, let float = settings.float,
      let ceiling = settings.cellCeiling, let floor = settings.cellFloor,
      let sustain = settings.sustainCell, let sustainRelease = settings.sustainRelease,
      let charge = Self.highest(
        evidence.cutoffs.chargeOvercurrent, settings.cutoffShare, evidence.chargeCurrentLimit,
        settings.maxChargeCurrent),
      let discharge = Self.highest(
        evidence.cutoffs.dischargeOvercurrent, settings.cutoffShare,
        evidence.dischargeCurrentLimit, settings.maxDischargeCurrent)
    else { return nil }
    let trip = evidence.cutoffs.cellOvervoltage ?? CellVoltage(raw: .max)
    guard trip > .millivolts(1000) else { return nil }

    count = evidence.count
    let bound = max(.millivolts(500), trip - settings.overvoltageMargin)
    target = min(absorption, bound)
    self.float = min(float, bound)
    lowestFloat = min(settings.lowestFloat ?? float, bound)
    targetIsBatterys = bound < absorption
    floatIsBatterys = bound < float
    isContradiction = bound < settings.lowestFloat ?? float
    self.ceiling = min(ceiling, trip - settings.ceilingMargin)
    ceilingRelease = self.ceiling - settings.cellCeilingHysteresis
    topRegion = min(settings.topRegion ?? float, target)
    charged = self.float - settings.rebulkDrop

    var lowest = floor
    if let trip = evidence.cutoffs.cellUndervoltage {
      lowest = max(lowest, trip + settings.undervoltageMargin)
    }
    if let empty = evidence.cutoffs.cellEmpty { lowest = max(lowest, empty) }
    self.floor = lowest
    floorRelease = lowest + settings.cellFloorHysteresis
    self.sustain = max(sustain, lowest)
    self.sustainRelease = max(sustainRelease, floorRelease)
    self.charge = charge
    self.discharge = discharge
    tail = evidence.capacity.map {
      Current(clamping: $0.scaled(by: Int64(settings.tailRate.raw), over: 100_000_000).raw)
    }
  }

  /// The pack voltage with all cells at the target.
  var bulkVoltage: Voltage { Evidence.pack(target, count) }
  /// The pack voltage with all cells at float.
  var floatVoltage: Voltage { Evidence.pack(float, count) }
  /// The pack voltage below which no limit goes.
  var lowestVoltage: Voltage { Evidence.pack(lowestFloat, count) }

  private static func highest(
    _ trip: Current?, _ share: Percent, _ reported: Current?, _ owners: Current?
  ) -> Limit<CurrentScale>? {
    var limit: Limit<CurrentScale>?
    func narrow(_ value: Current?, _ reason: Reason) {
      guard let value else { return }
      guard limit != nil else {
        limit = Limit(max(.zero, value), reason)
        return
      }
      limit?.narrow(to: max(.zero, value), reason)
    }
    narrow(trip.map { max(.zero, $0).times(share) }, .battery)
    narrow(reported, .battery)
    narrow(owners, .user)
    return limit
  }
}
