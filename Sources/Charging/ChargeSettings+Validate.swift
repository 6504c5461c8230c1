// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension ChargeSettings {
  /// One number that cannot be used, and why.
  public struct Problem: Sendable, CustomStringConvertible {
    /// The property's name.
    public let field: StaticString
    /// What is wrong with it: what was found, and what was expected.
    public let message: String

    /// The field and what is wrong with it, in one line.
    public var description: String { "\(field) \(message)" }
  }

  /// What keeps these settings from being used; empty when nothing does.
  public func validate() -> [Problem] {
    var check = Check()
    checkPack(&check)
    checkCells(&check)
    checkMargins(&check)
    checkCurves(&check)
    checkAbsorption(&check)
    checkSpreads(&check)
    checkEmpty(&check)
    checkRamps(&check)
    return check.problems
  }

  private func checkPack(_ check: inout Check) {
    if let cells, !(1...Cells.capacity).contains(cells) {
      check.fail("cells", "is \(cells): must lie between 1 and \(Cells.capacity)")
    }
    if let capacity, capacity <= .zero { check.fail("capacity", "must be above 0 Ah") }
    if let maxChargeCurrent { check.positive("maxChargeCurrent", maxChargeCurrent) }
    if let maxDischargeCurrent { check.positive("maxDischargeCurrent", maxDischargeCurrent) }
  }

  private func checkCells(_ check: inout Check) {
    check.within(
      "lowestAbsorption", lowestAbsorption, .millivolts(1000), .millivolts(5000),
      "no cell that is known charges there")
    check.within(
      "highestAbsorption", highestAbsorption, lowestAbsorption, .millivolts(5000),
      "no cell that is known charges there")
    let absorption = check.entered("absorption", absorption)
    let float = check.entered("float", float)
    let ceiling = check.entered("cellCeiling", cellCeiling)
    let floor = check.entered("cellFloor", cellFloor)
    let sustain = check.entered("sustainCell", sustainCell)
    let release = check.entered("sustainRelease", sustainRelease)
    check.positive("cellCeilingHysteresis", cellCeilingHysteresis)
    check.positive("cellFloorHysteresis", cellFloorHysteresis)
    guard let absorption, let float, let ceiling, let floor, let sustain, let release else {
      return
    }
    check.within(
      "absorption", absorption, lowestAbsorption, highestAbsorption, "that is the chemistry's range"
    )
    check.within("float", float, .millivolts(1000), absorption, "float is not above absorption")
    check.within(
      "cellCeiling", ceiling, absorption + cellCeilingHysteresis, .millivolts(5000),
      "with its hysteresis it stays above absorption")
    check.within("cellFloor", floor, .millivolts(500), sustain, "the floor is below sustainCell")
    check.within("sustainCell", sustain, floor, release, "it is below sustainRelease")
    check.within(
      "sustainRelease", release, sustain + .decimillivolts(1), float - rebulkDropAlone,
      "it lies below all voltages of a full pack")
    check.within(
      "cellFloorHysteresis", floor + cellFloorHysteresis, floor, float - rebulkDropAlone,
      "with the floor it lies below all voltages of a full pack")
    if let lowestFloat {
      check.within("lowestFloat", lowestFloat, .millivolts(1000), float, "it is not above float")
    }
    if let topRegion {
      check.within(
        "topRegion", topRegion, float, absorption, "it lies between float and absorption")
    }
  }

  private func checkMargins(_ check: inout Check) {
    check.within("cutoffShare", cutoffShare, .percent(10), .percent(100), "1 is the trip point")
    check.within(
      "overvoltageMargin", overvoltageMargin, ceilingMargin + .decimillivolts(1), .millivolts(500),
      "it is wider than ceilingMargin")
    check.positive("ceilingMargin", ceilingMargin)
    check.within(
      "undervoltageMargin", undervoltageMargin, .zero, .millivolts(1000), "wider leaves no charge")
    check.within(
      "temperatureMargin", temperatureMargin, .zero, .degrees(20), "wider leaves no room")
  }

  private func checkCurves(_ check: inout Check) {
    check.curve("chargeCellCurve", chargeCellCurve)
    check.curve("dischargeCellCurve", dischargeCellCurve)
    check.curve("chargeTemperatureCurve", chargeTemperatureCurve)
    check.curve("dischargeTemperatureCurve", dischargeTemperatureCurve)
    check.curve("switchTemperatureCurve", switchTemperatureCurve)
    check.within(
      "temperatureHysteresis", temperatureHysteresis, .zero, .degrees(20), "wider never releases")
    check.within(
      "unknownTemperatureShare", unknownTemperatureShare, .zero, .percent(100), "it is a share")
    check.positive("chargeFloor", chargeFloor)
    check.positive("dischargeFloor", dischargeFloor)
  }

  private func checkAbsorption(_ check: inout Check) {
    check.time("entryHold", entryHold)
    check.positive("targetTolerance", targetTolerance)
    check.within(
      "abandonDrop", abandonDrop, targetTolerance + .decimillivolts(1), .millivolts(1000),
      "it is more than targetTolerance")
    check.time("abandonHold", abandonHold)
    check.time("absorptionDwell", absorptionDwell)
    check.within("tailRate", tailRate, .zero, .percent(100), "it is a share of the capacity")
    check.time("tailHold", tailHold)
    check.time("absorptionLongest", absorptionLongest)
    check.within("rebulkSOC", rebulkSOC, sustainReleaseSOC, .percent(100), "above SUSTAIN")
    check.positive("rebulkDrop", rebulkDrop)
    check.within(
      "rebulkDropAlone", rebulkDropAlone, rebulkDrop, .millivolts(1000),
      "it is not less than rebulkDrop")
    check.time("rebulkAloneHold", rebulkAloneHold)
    check.time("rebulkHold", rebulkHold)
    check.time("rebulkInterval", rebulkInterval)
  }

  private func checkSpreads(_ check: inout Check) {
    check.positive("balancedSpread", balancedSpread)
    check.within(
      "balancedHysteresis", balancedHysteresis, .zero, .millivolts(100), "wider means nothing")
    check.within(
      "rebulkSpread", rebulkSpread, balancedSpread + balancedHysteresis, .millivolts(1000),
      "it is more than what counts as balanced")
    check.within(
      "imbalanceRelease", imbalanceRelease, balancedSpread, imbalanceLimit,
      "it lies between balancedSpread and imbalanceLimit")
    check.within(
      "imbalanceLimit", imbalanceLimit, imbalanceRelease + .decimillivolts(1), .millivolts(1000),
      "it is more than imbalanceRelease")
    check.positive("topRegionHysteresis", topRegionHysteresis)
    check.time("imbalanceReleaseHold", imbalanceReleaseHold)
    check.positive("holdCurrent", holdCurrent)
  }

  private func checkEmpty(_ check: inout Check) {
    check.within("sustainSOC", sustainSOC, .zero, sustainReleaseSOC, "below sustainReleaseSOC")
    check.within(
      "sustainReleaseSOC", sustainReleaseSOC, sustainSOC, .percent(50), "higher is not near empty")
    check.time("sustainReleaseHold", sustainReleaseHold)
    check.positive("sustainCurrent", sustainCurrent)
    check.time("floorHold", floorHold)
    check.time("floorReleaseHold", floorReleaseHold)
  }

  private func checkRamps(_ check: inout Check) {
    check.within("integralRate", integralRate, .zero, .percent(100), "it is a share")
    check.within("integralBand", integralBand, .zero, .millivolts(1000), "wider does nothing")
    check.time("voltageHold", voltageHold)
    check.positive("voltageRamp", voltageRamp)
    check.time("currentHold", currentHold)
    check.positive("currentRamp", currentRamp)
    check.within("currentStep", currentStep, .zero, .percent(20), "larger steps are jolts")
    check.time("valueAge", valueAge)
  }
}
