// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Where the battery management system itself would open a switch: ceilings that no limit may exceed.
///
/// These are settings of the battery, never records of what once happened.
@frozen public struct Cutoffs: Hashable, BitwiseCopyable, Sendable {
  /// A cell above this stops charging.
  public var cellOvervoltage: CellVoltage?
  /// A cell below this stops discharging.
  public var cellUndervoltage: CellVoltage?
  /// A cell at this is fully charged, in the battery's own judgement.
  public var cellFull: CellVoltage?
  /// A cell at this is fully discharged, in the battery's own judgement.
  public var cellEmpty: CellVoltage?
  /// A charge current above this stops charging; positive.
  public var chargeOvercurrent: Current?
  /// A discharge current above this stops discharging; positive.
  public var dischargeOvercurrent: Current?
  /// A temperature above this stops both.
  public var overtemperature: Temperature?
  /// A temperature below this stops charging.
  public var chargeUndertemperature: Temperature?

  /// Nothing known.
  public init() {}

  /// Takes over what `other` knows.
  public mutating func merge(_ other: Cutoffs) {
    cellOvervoltage = other.cellOvervoltage ?? cellOvervoltage
    cellUndervoltage = other.cellUndervoltage ?? cellUndervoltage
    cellFull = other.cellFull ?? cellFull
    cellEmpty = other.cellEmpty ?? cellEmpty
    chargeOvercurrent = other.chargeOvercurrent ?? chargeOvercurrent
    dischargeOvercurrent = other.dischargeOvercurrent ?? dischargeOvercurrent
    overtemperature = other.overtemperature ?? overtemperature
    chargeUndertemperature = other.chargeUndertemperature ?? chargeUndertemperature
  }
}

/// Who a battery is, in its own words.
@frozen public struct Identity: Hashable, BitwiseCopyable, Sendable {
  /// Serial number.
  public var serial: Label?
  /// Model.
  public var model: Label?
  /// Manufacturer.
  public var manufacturer: Label?
  /// Firmware version.
  public var firmware: Label?
  /// Hardware version.
  public var hardware: Label?

  /// Nothing known.
  public init() {}

  /// Takes over what `other` knows.
  public mutating func merge(_ other: Identity) {
    serial = other.serial ?? serial
    model = other.model ?? model
    manufacturer = other.manufacturer ?? manufacturer
    firmware = other.firmware ?? firmware
    hardware = other.hardware ?? hardware
  }
}
