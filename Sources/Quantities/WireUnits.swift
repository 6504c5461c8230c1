// SPDX-License-Identifier: Apache-2.0

// The units that wires use, each converted once, here. A constructor is named for what the wire counts.

extension Quantity where S == CellVoltageScale {
  /// Whole millivolts.
  @inlinable public static func millivolts(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10)
  }
  /// Tenths of a millivolt.
  @inlinable public static func decimillivolts(_ count: some BinaryInteger) -> Self {
    Self(clamping: count)
  }
}

extension Quantity where S == VoltageScale {
  /// Whole millivolts.
  @inlinable public static func millivolts(_ count: some BinaryInteger) -> Self {
    Self(clamping: count)
  }
  /// Hundredths of a volt.
  @inlinable public static func centivolts(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10)
  }
  /// Tenths of a volt.
  @inlinable public static func decivolts(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 100)
  }
  /// Volts as the wire's IEEE float, rounded half away from zero; `nil` when it is not a number or beyond the scale.
  @inlinable public static func volts(_ bits: Binary32) -> Self? {
    bits.scaled(by: 1000).map(Self.init(raw:))
  }
}

extension Quantity where S == CurrentScale {
  /// Whole milliamperes.
  @inlinable public static func milliamperes(_ count: some BinaryInteger) -> Self {
    Self(clamping: count)
  }
  /// Tenths of an ampere.
  @inlinable public static func deciamperes(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 100)
  }
  /// Whole amperes.
  @inlinable public static func amperes(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 1000)
  }
  /// Amperes as the wire's IEEE float, rounded half away from zero; `nil` when it is not a number or beyond the scale.
  @inlinable public static func amperes(_ bits: Binary32) -> Self? {
    bits.scaled(by: 1000).map(Self.init(raw:))
  }
}

extension Quantity where S == TemperatureScale {
  /// Hundredths of a degree Celsius.
  @inlinable public static func centidegrees(_ count: some BinaryInteger) -> Self {
    Self(clamping: count)
  }
  /// Tenths of a degree Celsius.
  @inlinable public static func decidegrees(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10)
  }
  /// Whole degrees Celsius.
  @inlinable public static func degrees(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 100)
  }
  /// Tenths of a kelvin.
  @inlinable public static func decikelvin(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10 - 27315)
  }
}

extension Quantity where S == PercentScale {
  /// Millionths of a percent.
  @inlinable public static func micropercent(_ count: some BinaryInteger) -> Self {
    Self(clamping: count)
  }
  /// Steps of 0.002 %, as TinyBMS counts.
  @inlinable public static func doubleMillipercent(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 2000)
  }
  /// Hundredths of a percent.
  @inlinable public static func centipercent(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10_000)
  }
  /// Whole percent.
  @inlinable public static func percent(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 1_000_000)
  }
}

extension Quantity where S == ChargeScale {
  /// Hundredths of an ampere-hour.
  @inlinable public static func centiampereHours(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 10)
  }
  /// Whole ampere-hours.
  @inlinable public static func ampereHours(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 1000)
  }
}

extension Quantity where S == EnergyScale {
  /// Whole watt-hours.
  @inlinable public static func wattHours(_ count: some BinaryInteger) -> Self {
    Self(clamping: Int64(count) * 1000)
  }
}
