// SPDX-License-Identifier: Apache-2.0

/// What a simulated Daly board is set to: ratings, and thresholds of two levels, of which the first
/// warns and the second protects.
///
/// The classic language reads them and has no public way to write them.
public struct DalySettings: Sendable {
  /// A threshold of each level.
  public struct Pair: Hashable, Sendable {
    /// Where it warns.
    public var warning: UInt16
    /// Where it protects.
    public var protection: UInt16

    /// Two thresholds.
    public init(_ warning: UInt16, _ protection: UInt16) {
      self.warning = warning
      self.protection = protection
    }
  }

  /// Capacity when new, mAh.
  public var rated: UInt32
  /// Nominal voltage of a cell, mV.
  public var cellReference: UInt16 = 3200
  /// Chemistry: 0 LFP, 1 NMC, 2 LTO.
  public var kind: UInt8 = 0
  /// Charge that went in and came out before it was switched on, Ah.
  public var totals: (charged: UInt32, discharged: UInt32) = (0, 0)
  /// High cells, mV.
  public var cellHigh = Pair(3600, 3650)
  /// Low cells, mV.
  public var cellLow = Pair(2700, 2500)
  /// High packs, 0.1 V.
  public var packHigh = Pair(576, 584)
  /// Low packs, 0.1 V.
  public var packLow = Pair(432, 400)
  /// Charge currents, 0.1 A.
  public var chargeCurrent = Pair(1000, 1200)
  /// Discharge currents, 0.1 A.
  public var dischargeCurrent = Pair(1000, 1200)
  /// Heat while charging, °C.
  public var chargeHot = Pair(50, 55)
  /// Heat while discharging, °C.
  public var dischargeHot = Pair(55, 60)
  /// Cold while charging and discharging, °C: both levels.
  public var cold: (charge: (Int8, Int8), discharge: (Int8, Int8)) = ((5, 0), (-10, -20))
  /// High states of charge, 0.1 %.
  public var chargeHigh = Pair(1001, 1001)
  /// Low states of charge, 0.1 %.
  public var chargeLow = Pair(100, 50)
  /// Spreads of the cells, mV.
  public var cellDifference = Pair(300, 500)
  /// Spreads of the sensors, °C.
  public var temperatureDifference = Pair(15, 20)
  /// Cells below this are not balanced, mV.
  public var balanceStart: UInt16 = 3400
  /// Cells closer together are not balanced, mV.
  public var balanceDelta: UInt16 = 20
  /// A current above it is a short circuit, A.
  public var shortCircuit: UInt16 = 600
  /// The shunt, µΩ.
  public var shunt: UInt16 = 333

  /// A board for 16 cells of LFP and 100 Ah.
  public init() { rated = 100_000 }

  /// A board that is set as the unit of a scenario.
  public init(_ scenario: Scenario) {
    let set = scenario.settings
    let series = UInt32(scenario.pack.series)
    rated = UInt32((scenario.pack.cell.capacity * 1000).clamped(0, 4e9).steps)
    (kind, cellReference) =
      switch scenario.pack.chemistry {
      case .lfp: (0, 3200)
      case .nmc: (1, 3600)
      case .lto: (2, 2300)
      }
    cellHigh = Pair(set[315] - 50, set[315])
    cellLow = Pair(set[316] + 200, set[316])
    packHigh = Pair(
      UInt16(clamping: (UInt32(cellHigh.warning) * series + 50) / 100),
      UInt16(clamping: (UInt32(cellHigh.protection) * series + 50) / 100))
    packLow = Pair(
      UInt16(clamping: (UInt32(cellLow.warning) * series + 50) / 100),
      UInt16(clamping: (UInt32(cellLow.protection) * series + 50) / 100))
    chargeCurrent = Pair(set[318] * 9, set[318] * 10)
    dischargeCurrent = Pair(set[317] * 9, set[317] * 10)
    chargeHot = Pair(set[319] - 5, set[319])
    dischargeHot = chargeHot
    let coldest = Int8(truncatingIfNeeded: set[320])
    cold = ((coldest + 5, coldest), (coldest - 10, coldest - 20))
    balanceStart = set[303]
    balanceDelta = set[308]
  }
}
