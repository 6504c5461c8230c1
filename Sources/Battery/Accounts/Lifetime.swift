// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What is kept of the whole life of a battery, as battery monitors keep it.
public struct Lifetime: Hashable, Sendable {
  /// Charge drawn, in full capacities; steps of 0.0001.
  public var cycles: Int64 = 0
  /// How often it was charged full after at least a tenth was drawn.
  public var fullCharges: Int64 = 0
  /// How often the lowest cell came down to its floor.
  public var fullDischarges: Int64 = 0
  /// The most that was ever drawn between two full charges; `nil` before the first full charge.
  public var deepest: Charge?
  /// The most that was missing at once since the last full charge; `nil` before the first one.
  public var lastDischarge: Charge?
  /// The lowest voltage; `nil` before the first reading.
  public var lowest: Voltage?
  /// The highest voltage; `nil` before the first reading.
  public var highest: Voltage?

  /// A drawn or returned tenth of the capacity makes the next full charge or discharge one of its own.
  static let share: Int64 = 10
  /// How long the lowest cell must be at its floor, in milliseconds.
  static let floorHold: Int64 = 10_000

  /// Twice mA·ms towards the next step of `cycles`.
  private var rest: Int64 = 0
  /// Twice mA·ms that came back since the lowest cell was at its floor.
  private var returned: Int64 = 0
  private var floorSince: Tick?
  private var isAtFloor = false

  /// Nothing has happened yet.
  public init() {}

  /// The charge drawn for each full charge, on average; `nil` before the first.
  public func averageDischarge(_ capacity: Charge) -> Charge? {
    guard fullCharges > 0 else { return nil }
    return capacity.scaled(by: cycles, over: fullCharges * 10_000)
  }

  /// Notes a reading's voltage.
  mutating func note(_ voltage: Voltage) {
    lowest = min(lowest ?? voltage, voltage)
    highest = max(highest ?? voltage, voltage)
  }

  /// Notes charge that flowed: twice mA·ms, positive into the battery.
  mutating func note(twice: Int64, capacity: Charge) {
    if twice < 0 {
      rest -= twice
      let step = max(1, capacity.raw * (CoulombCounter.step / 10_000))
      cycles += rest / step
      rest %= step
    } else if isAtFloor {
      returned += twice
      if returned > capacity.raw / Self.share * CoulombCounter.step { isAtFloor = false }
    }
  }

  /// Notes how much is missing now.
  mutating func note(consumed: Charge) {
    lastDischarge = max(lastDischarge ?? .zero, consumed)
    deepest = max(deepest ?? .zero, consumed)
  }

  /// The battery is full.
  mutating func noteFull(_ capacity: Charge) {
    let drawn = lastDischarge ?? .zero
    if fullCharges == 0 || drawn.raw >= capacity.raw / Self.share { fullCharges += 1 }
    lastDischarge = .zero
    deepest = deepest ?? .zero
  }

  /// Notes the lowest cell and the floor that ends a discharge.
  ///
  /// A battery that is at its floor when it is first seen was counted before, or is not to be counted.
  mutating func note(lowest cell: CellVoltage, floor: CellVoltage, isFirst: Bool, at now: Tick) {
    guard cell <= floor else { return floorSince = nil }
    if isFirst { isAtFloor = true }
    let since = floorSince ?? now
    floorSince = since
    guard !isAtFloor, now - since >= Self.floorHold else { return }
    fullDischarges += 1
    isAtFloor = true
    returned = 0
  }

  /// Forgets how long anything has held: readings were missing.
  mutating func interrupt() { floorSince = nil }
}
