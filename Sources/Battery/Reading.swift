// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What one exchange with a battery said: values that came in checked frames and nothing else.
///
/// A value that the battery did not send is absent. Time and quality are added by `Snapshot`, which
/// joins many readings into the present state of one battery.
@frozen public struct Reading: BitwiseCopyable, Sendable {
  /// Cells; empty when the exchange did not carry them.
  public var cells = Cells()
  /// Temperature sensors; empty when the exchange did not carry them.
  public var temperatures = Temperatures()
  /// Protections that are active now, where `reportsAlarms`.
  public var alarms: AlarmSet = []
  /// Warnings that are active now, where `reportsAlarms`.
  public var warnings: AlarmSet = []
  /// What this battery can report at all: absent from here means unknown, not fine.
  public var reportable: AlarmSet = []
  /// Whether the exchange told of alarms: an empty set then means that none is active.
  public var reportsAlarms = false
  /// The battery's own cutoffs, as far as the exchange told them.
  public var cutoffs = Cutoffs()
  /// Who the battery is, as far as the exchange told it.
  public var identity = Identity()

  private var present: UInt64 = 0
  private var values: [49 of Int64] = .init(repeating: 0)

  /// A reading that says nothing.
  public init() {}

  /// The value of a point in steps of its scale; `nil` where the exchange did not carry it.
  @inlinable public subscript(point: Point) -> Int64? {
    get { value(at: Int(point.rawValue)) }
    set { setValue(newValue, at: Int(point.rawValue)) }
  }

  /// Whether any point has a value.
  public var hasValues: Bool {
    present != 0 || cells.count > 0 || temperatures.count > 0 || reportsAlarms
  }

  @usableFromInline func value(at index: Int) -> Int64? {
    present >> UInt64(index) & 1 == 1 ? values[index] : nil
  }

  @usableFromInline mutating func setValue(_ value: Int64?, at index: Int) {
    guard let value else {
      present &= ~(1 << UInt64(index))
      return
    }
    values[index] = value
    present |= 1 << UInt64(index)
  }
}

extension Reading {
  /// The value of a point as an amount; `nil` where it is absent.
  ///
  /// The point must be of the amount's kind: `reading.amount(.voltage, as: VoltageScale.self)`.
  @inlinable public func amount<S: Scale>(_ point: Point, as scale: S.Type) -> Quantity<S>? {
    self[point].map { Quantity<S>(clamping: $0) }
  }

  /// Sets a point from an amount; `nil` makes it absent.
  @inlinable public mutating func set<S: Scale>(_ point: Point, _ amount: Quantity<S>?) {
    self[point] = amount.map { Int64($0.raw) }
  }

  /// Pack voltage, 1 mV steps.
  public var voltage: Voltage? { amount(.voltage, as: VoltageScale.self) }
  /// Pack current, 1 mA steps, positive charging.
  public var current: Current? { amount(.current, as: CurrentScale.self) }
  /// State of charge.
  public var soc: Percent? { amount(.soc, as: PercentScale.self) }
  /// Lowest cell.
  public var cellMin: CellVoltage? { amount(.cellMin, as: CellVoltageScale.self) }
  /// Highest cell.
  public var cellMax: CellVoltage? { amount(.cellMax, as: CellVoltageScale.self) }
}
