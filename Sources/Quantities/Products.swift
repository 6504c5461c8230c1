// SPDX-License-Identifier: Apache-2.0

extension Quantity where S == VoltageScale {
  /// Power of this voltage at a current.
  @inlinable public static func * (voltage: Self, current: Current) -> Power {
    // mV · mA = µW.
    Power(clamping: (Int64(voltage.raw) * Int64(current.raw)).dividedRounding(by: 1000))
  }

  /// The pack voltage of `count` cells in series, each at `cell`; exact below 1 mV only for even sums.
  @inlinable public init(_ cell: CellVoltage, times count: Int) {
    self.init(clamping: (Int64(cell.raw) * Int64(count)).dividedRounding(by: 10))
  }
}

extension Quantity where S == CellVoltageScale {
  /// One cell's share of a pack voltage over `count` cells in series.
  /// - Precondition: `count` is positive.
  @inlinable public init(_ pack: Voltage, over count: Int) {
    self.init(clamping: (Int64(pack.raw) * 10).dividedRounding(by: Int64(count)))
  }
}
