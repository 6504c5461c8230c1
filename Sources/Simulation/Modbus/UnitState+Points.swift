// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension UnitState {
  /// What the unit knows of a point, in steps of its kind; `nil` where it knows nothing.
  func value(_ point: Point) -> Int64? {
    switch point {
    case .voltage: Int64(voltage.raw)
    case .current: Int64(current.raw)
    case .power: Int64((voltage * current).raw)
    case .soc: Int64(soc.raw)
    case .soh: Int64(health.raw)
    case .remaining: remaining.raw
    case .full, .nominal: full.raw
    case .cycles: cycles
    case .cellCount: Int64(cells.count)
    case .cellMin: cells.extremes.map { Int64(cells[$0.lowest].raw) }
    case .cellMax: cells.extremes.map { Int64(cells[$0.highest].raw) }
    case .cellDelta:
      cells.extremes.map { Int64(cells[$0.highest].raw) - Int64(cells[$0.lowest].raw) }
    case .cellAverage: cells.average.map { Int64($0.raw) }
    case .cellMinNumber: cells.extremes.map { Int64($0.lowest + 1) }
    case .cellMaxNumber: cells.extremes.map { Int64($0.highest + 1) }
    case .temperatureMin: temperatures.extremes.map { Int64($0.coldest.raw) }
    case .temperatureMax: temperatures.extremes.map { Int64($0.hottest.raw) }
    case .mosfetTemperature: Int64(board.raw)
    case .chargeEnabled: isChargeOn ? 1 : 0
    case .dischargeEnabled: isDischargeOn ? 1 : 0
    case .balancing: cells.balancing == 0 ? 0 : 1
    case .status: current > .zero ? 1 : current < .zero ? 2 : 0
    default: nil
    }
  }
}
