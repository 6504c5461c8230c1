// SPDX-License-Identifier: Apache-2.0

/// One physical kind at one resolution: what a whole number of a `Quantity` stands for.
///
/// Each kind has exactly one scale in all of Cellbus, the finest that any supported battery management
/// system sends, so that no resolution is lost between the wire and an output.
public protocol Scale: Sendable {
  /// The integer that holds an amount.
  associatedtype Raw: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable
  /// How many decimals of the unit one step resolves: 3 means a step of 0.001 units.
  static var decimals: Int { get }
  /// The unit that people read, as written after the number.
  static var unit: StaticString { get }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Cell voltage in steps of 0.1 mV.
public enum CellVoltageScale: Scale {
  public typealias Raw = Int32
  public static var decimals: Int { 4 }
  public static var unit: StaticString { "V" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Pack voltage in steps of 1 mV.
public enum VoltageScale: Scale {
  public typealias Raw = Int32
  public static var decimals: Int { 3 }
  public static var unit: StaticString { "V" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Current in steps of 1 mA; positive charges the battery.
public enum CurrentScale: Scale {
  public typealias Raw = Int32
  public static var decimals: Int { 3 }
  public static var unit: StaticString { "A" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Power in steps of 1 mW; positive charges the battery.
public enum PowerScale: Scale {
  public typealias Raw = Int64
  public static var decimals: Int { 3 }
  public static var unit: StaticString { "W" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Temperature in steps of 0.01 °C.
public enum TemperatureScale: Scale {
  public typealias Raw = Int32
  public static var decimals: Int { 2 }
  public static var unit: StaticString { "°C" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// A share of a whole in steps of 0.000001 %.
public enum PercentScale: Scale {
  public typealias Raw = Int32
  public static var decimals: Int { 6 }
  public static var unit: StaticString { "%" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Electric charge in steps of 1 mAh.
public enum ChargeScale: Scale {
  public typealias Raw = Int64
  public static var decimals: Int { 3 }
  public static var unit: StaticString { "Ah" }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Energy in steps of 1 mWh.
public enum EnergyScale: Scale {
  public typealias Raw = Int64
  public static var decimals: Int { 3 }
  public static var unit: StaticString { "Wh" }
}

/// One cell's voltage, 0.1 mV steps.
public typealias CellVoltage = Quantity<CellVoltageScale>
/// A pack's voltage, 1 mV steps.
public typealias Voltage = Quantity<VoltageScale>
/// A current, 1 mA steps, positive charging.
public typealias Current = Quantity<CurrentScale>
/// A power, 1 mW steps, positive charging.
public typealias Power = Quantity<PowerScale>
/// A temperature, 0.01 °C steps.
public typealias Temperature = Quantity<TemperatureScale>
/// A percentage, 0.000001 % steps.
public typealias Percent = Quantity<PercentScale>
/// An electric charge, 1 mAh steps.
public typealias Charge = Quantity<ChargeScale>
/// An energy, 1 mWh steps.
public typealias Energy = Quantity<EnergyScale>
