// SPDX-License-Identifier: Apache-2.0

public import Quantities

extension TinyBMS {
  /// The text that the unit sends by itself when setting 342 is not 0 and setting 343 is 1: the
  /// only place where it tells the state of its switches.
  ///
  /// The text carries no checksum. Source: Tiny BMS User Manual Rev D, p. 54–55.
  public struct Broadcast: Equatable, Sendable {
    /// A sensor place that a line has told about; nothing may be connected there.
    public struct Sensor: Equatable, Sendable {
      /// The temperature; `nil` when nothing is connected.
      public var temperature: Temperature?

      /// A sensor place.
      public init(_ temperature: Temperature?) { self.temperature = temperature }
    }

    /// BPV: pack voltage.
    public var voltage: Voltage?
    /// MINCV: lowest cell.
    public var cellMin: CellVoltage?
    /// MAXCV: highest cell.
    public var cellMax: CellVoltage?
    /// BPC: pack current, positive charging.
    public var current: Current?
    /// SOC: state of charge.
    public var soc: Percent?
    /// BMST: temperature of the unit itself.
    public var inside: Sensor?
    /// EXT1: first external sensor.
    public var external1: Sensor?
    /// EXT2: second external sensor.
    public var external2: Sensor?
    /// OS: what the unit is doing, as in register 50.
    public var status: UInt16?
    /// CB: which cells are being balanced, the first digit in bit 0; whether the first digit is the
    /// first cell, no document says.
    public var balancing: UInt16?
    /// LST, LSS, CST, CSS: the load and charger switches of a dual port unit.
    public var dual: Dual?
    /// ST, SS: the switch of a single port unit.
    public var single: Switch?

    /// A switch: what drives it, and whether it is closed.
    public struct Switch: Equatable, Sendable {
      /// 0 the unit's own transistors, 1 an external switch.
      public var kind: UInt8
      /// Whether it is closed.
      public var isOn: Bool

      /// A switch.
      public init(kind: UInt8 = 0, isOn: Bool) {
        self.kind = kind
        self.isOn = isOn
      }
    }

    /// The two switches of a dual port unit.
    public struct Dual: Equatable, Sendable {
      /// Towards the load.
      public var load: Switch
      /// Towards the charger.
      public var charger: Switch

      /// Two switches.
      public init(load: Switch, charger: Switch) {
        self.load = load
        self.charger = charger
      }
    }

    /// A line that says nothing yet.
    public init() {}

    /// Whether the unit lets itself be charged, by its switches; `nil` when the line does not tell.
    public var chargeEnabled: Bool? { dual?.charger.isOn ?? single?.isOn }
    /// Whether the unit lets itself be discharged, by its switches; `nil` when the line does not
    /// tell.
    public var dischargeEnabled: Bool? { dual?.load.isOn ?? single?.isOn }
  }
}
