// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Every number of the charge control.
///
/// Voltages are of one cell unless said otherwise, times are milliseconds. A fresh value holds what is the same for all chemistries; start from a preset and change it. What
/// a preset leaves `nil` and `validate()` asks for must be entered by the owner, because no source
/// gives a number for it.
public struct ChargeSettings: Sendable, Hashable {
  // MARK: The pack

  /// Cells in series; `nil` takes what the battery reports.
  public var cells: Int?
  /// Capacity from which the tail current is reckoned; `nil` takes what the battery reports.
  public var capacity: Charge?
  /// The owner's highest charge current; `nil` leaves it to the battery.
  public var maxChargeCurrent: Current?
  /// The owner's highest discharge current, positive; `nil` leaves it to the battery.
  public var maxDischargeCurrent: Current?

  // MARK: Voltages of one cell

  /// Target of charging: CVL in BULK is this times the cells.
  public var absorption: CellVoltage?
  /// The lowest target that makes sense for the chemistry.
  public var lowestAbsorption = CellVoltage.millivolts(1500)
  /// The highest target that makes sense for the chemistry.
  public var highestAbsorption = CellVoltage.millivolts(4350)
  /// Voltage at which a full pack is held; the lowest CVL that the control itself asks for.
  public var float: CellVoltage?
  /// CVL is never below this times the cells, whatever the battery asks for; `nil` is `float`.
  public var lowestFloat: CellVoltage?
  /// From here up the spread of the cells tells of balance; `nil` is `float`.
  public var topRegion: CellVoltage?
  /// A cell at or above this stops charging.
  public var cellCeiling: CellVoltage?
  /// How far the highest cell must fall below the ceiling before charging goes on.
  public var cellCeilingHysteresis = CellVoltage.millivolts(30)
  /// A lowest cell at or below this enters SUSTAIN.
  public var sustainCell: CellVoltage?
  /// A lowest cell at or above this may leave SUSTAIN.
  public var sustainRelease: CellVoltage?
  /// A lowest cell at or below this stops discharging.
  public var cellFloor: CellVoltage?
  /// How far the lowest cell must rise above the floor before discharging goes on.
  public var cellFloorHysteresis = CellVoltage.millivolts(100)

  // MARK: Distance from the battery's own cutoffs

  /// Share of the battery's over-current cutoffs that may be used: they are trip points, not limits.
  public var cutoffShare = Percent.percent(90)
  /// CVL stays this far, per cell, below the battery's overvoltage cutoff.
  public var overvoltageMargin = CellVoltage.millivolts(50)
  /// The ceiling of a cell stays this far below the battery's overvoltage cutoff.
  public var ceilingMargin = CellVoltage.millivolts(10)
  /// The floor of a cell stays this far above the battery's undervoltage cutoff.
  public var undervoltageMargin = CellVoltage.millivolts(50)
  /// Charging stops this far inside the battery's temperature cutoffs.
  public var temperatureMargin = Temperature.degrees(1)

  // MARK: Curves of current

  /// Charge current over the highest cell; `nil` falls from `float` to `cellCeiling`.
  public var chargeCellCurve: Curve<CellVoltageScale>?
  /// Discharge current over the lowest cell; `nil` rises from `cellFloor` to `sustainRelease`.
  public var dischargeCellCurve: Curve<CellVoltageScale>?
  /// Charge current over temperature; the coldest and the hottest sensor both count.
  public var chargeTemperatureCurve = Curve<TemperatureScale>([
    .init(.degrees(0), .zero), .init(.degrees(2), .percent(25)), .init(.degrees(5), .percent(50)),
    .init(.degrees(10), .percent(100)), .init(.degrees(40), .percent(100)),
    .init(.degrees(45), .percent(50)), .init(.degrees(50), .percent(25)),
    .init(.degrees(55), .zero),
  ])
  /// Discharge current over temperature; the coldest and the hottest sensor both count.
  public var dischargeTemperatureCurve = Curve<TemperatureScale>([
    .init(.degrees(-10), .zero), .init(.degrees(0), .percent(25)),
    .init(.degrees(5), .percent(50)), .init(.degrees(10), .percent(100)),
    .init(.degrees(40), .percent(100)), .init(.degrees(45), .percent(50)),
    .init(.degrees(50), .percent(25)), .init(.degrees(55), .zero),
  ])
  /// Both currents over the temperature of the battery's switches.
  public var switchTemperatureCurve = Curve<TemperatureScale>([
    .init(.degrees(70), .percent(100)), .init(.degrees(80), .percent(25)),
    .init(.degrees(90), .zero),
  ])
  /// How far inside a curve's zero a temperature must come before current flows again.
  public var temperatureHysteresis = Temperature.degrees(3)
  /// Share of the charge current while no temperature at all is known.
  public var unknownTemperatureShare = Percent.percent(25)
  /// Curves never narrow charging below this while they allow any; only hard faults send 0.
  public var chargeFloor = Current.amperes(1)
  /// Curves never narrow discharging below this while they allow any.
  public var dischargeFloor = Current.amperes(1)

  // MARK: The end of absorption

  /// How long a condition must hold before it enters TRANSITION, IMBALANCE_HOLD or SUSTAIN.
  public var entryHold: Int64 = 10_000
  /// The target counts as reached this far below it.
  public var targetTolerance = CellVoltage.millivolts(20)
  /// TRANSITION is abandoned when the highest cell falls this far below the target.
  public var abandonDrop = CellVoltage.millivolts(31)
  /// How long it must stay there.
  public var abandonHold: Int64 = 300_000
  /// Cells this close together count as balanced.
  public var balancedSpread = CellVoltage.millivolts(10)
  /// Beyond `balancedSpread` and this, the dwell starts again.
  public var balancedHysteresis = CellVoltage.millivolts(3)
  /// Balanced at the target for this long: full.
  public var absorptionDwell: Int64 = 900_000
  /// A current up to this share of the capacity, per hour, is a tail current.
  public var tailRate = Percent.percent(5)
  /// At the target with a tail current for this long: full.
  public var tailHold: Int64 = 1_800_000
  /// Absorption never lasts longer than this.
  public var absorptionLongest: Int64 = 7_200_000

  // MARK: Back to bulk

  /// The state of charge below which a pack may be charged anew, where its cells agree.
  public var rebulkSOC = Percent.percent(80)
  /// Cells this far below float agree that the pack is no longer full; nor do they contradict a state
  /// of charge at its floor.
  public var rebulkDrop = CellVoltage.millivolts(50)
  /// The highest cell this far below float charges anew, whatever the state of charge.
  public var rebulkDropAlone = CellVoltage.millivolts(150)
  /// How long it must stay there.
  public var rebulkAloneHold: Int64 = 600_000
  /// How long the other reasons to charge anew must hold.
  public var rebulkHold: Int64 = 60_000
  /// Cells this far apart while full charge anew, so that they are balanced.
  public var rebulkSpread = CellVoltage.millivolts(80)
  /// A pack that was full for this long is charged anew.
  public var rebulkInterval: Int64 = 10 * 86_400_000

  // MARK: Imbalance

  /// A spread above this in the top region enters IMBALANCE_HOLD.
  public var imbalanceLimit = CellVoltage.millivolts(100)
  /// A spread of at most this leaves it.
  public var imbalanceRelease = CellVoltage.millivolts(50)
  /// The highest cell this far below the top region leaves it too.
  public var topRegionHysteresis = CellVoltage.millivolts(25)
  /// How long a reason to leave must hold.
  public var imbalanceReleaseHold: Int64 = 300_000
  /// Charge current while waiting for the balancers.
  public var holdCurrent = Current.amperes(2)

  // MARK: Near empty

  /// A state of charge at or below this enters SUSTAIN, unless the cells contradict.
  public var sustainSOC = Percent.percent(5)
  /// A state of charge at or above this may leave it.
  public var sustainReleaseSOC = Percent.percent(8)
  /// How long a reason to leave SUSTAIN must hold.
  public var sustainReleaseHold: Int64 = 300_000
  /// Discharge current in SUSTAIN.
  public var sustainCurrent = Current.amperes(5)
  /// How long the lowest cell must be at its floor before discharging stops.
  public var floorHold: Int64 = 5000
  /// How long it must be above it, with the hysteresis, before discharging goes on.
  public var floorReleaseHold: Int64 = 60_000

  // MARK: Cells above the target

  /// Share of the highest cell's overshoot that CVL loses each second.
  public var integralRate = Percent.percent(10)
  /// Overshoot up to this is left to the penalty alone.
  public var integralBand = CellVoltage.millivolts(10)

  // MARK: How fast limits rise

  /// A higher CVL must be allowed for this long before it rises.
  public var voltageHold: Int64 = 60_000
  /// How much CVL rises in a second, and falls from bulk to float; of the whole pack.
  public var voltageRamp = Voltage.millivolts(1)
  /// A higher current must be allowed for this long before it rises.
  public var currentHold: Int64 = 30_000
  /// How much a current limit rises in a second.
  public var currentRamp = Current.amperes(5)
  /// Rises up to this share of the highest current are not worth making.
  public var currentStep = Percent.centipercent(150)

  // MARK: Ages

  /// Values that are told more rarely than cells are believed for this long.
  public var valueAge: Int64 = 60_000

  /// The numbers that are the same for all chemistries; the voltages of a cell must be entered.
  public init() {}
}
