// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// The cells of a pack in the order of its battery management system.
@frozen public struct Cells: BitwiseCopyable, Sendable {
  /// The most cells that a reading holds.
  public static let capacity = 48

  /// How many cells there are.
  public private(set) var count = 0
  /// Bit `i` is set while the cell at place `i`, counted from 0, is being balanced.
  public var balancing: UInt64 = 0
  /// Whether the battery reported which cells are being balanced at all.
  public var reportsBalancing = false

  private var steps: [48 of UInt16] = .init(repeating: 0)

  /// No cells.
  public init() {}

  /// The voltage of the cell at `index`, counted from 0, in steps of 0.1 mV.
  public subscript(index: Int) -> CellVoltage { CellVoltage(raw: Int32(steps[index])) }

  /// Adds a cell after the last; what lies beyond `capacity` or outside 0–6.5535 V is not kept.
  public mutating func append(_ voltage: CellVoltage) {
    guard count < Self.capacity, let step = UInt16(exactly: voltage.raw) else { return }
    steps[count] = step
    count += 1
  }

  /// Puts a cell at a place counted from 0, for batteries that tell their cells page by page.
  ///
  /// Places before it that nothing was put at yet read 0 V: tell nobody of the cells before all pages
  /// are there. What lies beyond `capacity` or outside 0–6.5535 V is not kept.
  public mutating func place(_ voltage: CellVoltage, at index: Int) {
    guard (0..<Self.capacity).contains(index), let step = UInt16(exactly: voltage.raw) else {
      return
    }
    steps[index] = step
    count = max(count, index + 1)
  }

  /// Places, counted from 0, of the lowest and the highest cell, the first of equals; `nil` without cells.
  public var extremes: (lowest: Int, highest: Int)? {
    guard count > 0 else { return nil }
    var lowest = 0
    var highest = 0
    for index in 1..<max(1, count) {
      if steps[index] < steps[lowest] { lowest = index }
      if steps[index] > steps[highest] { highest = index }
    }
    return (lowest, highest)
  }

  /// The sum of all cells, 1 mV steps.
  public var sum: Voltage {
    var total: Int64 = 0
    for index in 0..<count { total += Int64(steps[index]) }
    return Voltage(clamping: total.dividedRounding(by: 10))
  }

  /// The mean of all cells; `nil` without cells.
  public var average: CellVoltage? {
    guard count > 0 else { return nil }
    var total: Int64 = 0
    for index in 0..<count { total += Int64(steps[index]) }
    return CellVoltage(clamping: total.dividedRounding(by: Int64(count)))
  }
}

/// The temperature sensors of a pack in the order of its battery management system.
@frozen public struct Temperatures: BitwiseCopyable, Sendable {
  /// The most sensors that a reading holds.
  public static let capacity = 16

  /// How many sensor places there are, connected or not.
  public private(set) var count = 0

  private var steps: [16 of Int32] = .init(repeating: .min)

  /// No sensors.
  public init() {}

  /// The temperature at a sensor place, counted from 0; `nil` when nothing is connected there.
  public subscript(index: Int) -> Temperature? {
    steps[index] == .min ? nil : Temperature(raw: steps[index])
  }

  /// Adds a sensor place after the last; `nil` when nothing is connected there.
  public mutating func append(_ temperature: Temperature?) {
    guard count < Self.capacity else { return }
    steps[count] = temperature?.raw ?? .min
    count += 1
  }

  /// Puts a sensor at a place counted from 0; places before it that nothing was put at stay absent.
  public mutating func place(_ temperature: Temperature?, at index: Int) {
    guard (0..<Self.capacity).contains(index) else { return }
    steps[index] = temperature?.raw ?? .min
    count = max(count, index + 1)
  }

  /// The coldest and the hottest connected sensor; `nil` when none is connected.
  public var extremes: (coldest: Temperature, hottest: Temperature)? {
    var coldest = Int32.max
    var hottest = Int32.min
    for index in 0..<count where steps[index] != .min {
      coldest = min(coldest, steps[index])
      hottest = max(hottest, steps[index])
    }
    return hottest == .min ? nil : (Temperature(raw: coldest), Temperature(raw: hottest))
  }
}
