// SPDX-License-Identifier: Apache-2.0

import Quantities

/// A reading beside the last one that passed and the two that came before it, passed or not.
struct Comparison {
  let reading: Reading
  let passed: Gate.Sample?
  let last: Gate.Sample?
  let beforeLast: Gate.Sample?
  let isWeak: Bool
  let now: Tick

  /// What none of the three agrees with; `nil` when each value agrees with one of them.
  var doubt: Objection? {
    if !anyAgrees({ $0.reading.cells.count == 0 || $0.reading.cells.count == reading.cells.count }),
      reading.cells.count > 0
    {
      return Objection(.change, "the number of cells changed")
    }
    for index in 0..<reading.cells.count where !agreesOnCell(index) {
      return Objection(.jump, "a cell leapt")
    }
    for point in Point.allCases where !agrees(on: point) {
      return point.kind == .count || point.kind == .flag
        ? Objection(.change, "a state or a count changed")
        : Objection(.jump, leapt(point))
    }
    for index in 0..<reading.temperatures.count where !agreesOnSensor(index) {
      return Objection(.jump, "a temperature leapt")
    }
    return isWeak ? change : nil
  }

  /// What changed of all that seldom does.
  private var change: Objection? {
    if reading.reportsAlarms,
      !anyAgrees({
        !$0.reading.reportsAlarms
          || $0.reading.alarms == reading.alarms && $0.reading.warnings == reading.warnings
      })
    {
      return Objection(.change, "alarms changed")
    }
    if !anyAgrees({ $0.reading.cutoffs == reading.cutoffs }) {
      return Objection(.change, "a cutoff changed")
    }
    if !anyAgrees({ $0.reading.identity == reading.identity }) {
      return Objection(.change, "its name changed")
    }
    return nil
  }

  private func anyAgrees(_ test: (Gate.Sample) -> Bool) -> Bool {
    if let passed, test(passed) { return true }
    if let last, test(last) { return true }
    if let beforeLast, test(beforeLast) { return true }
    return false
  }

  private func agrees(on point: Point) -> Bool {
    guard let value = reading[point], let leap = Leap.of(point, isWeak: isWeak) else { return true }
    return anyAgrees { sample in
      guard let before = sample.reading[point] else { return !isWeak }
      return leap.allows(before, value, within: now - sample.at)
    }
  }

  private func agreesOnCell(_ index: Int) -> Bool {
    let leap = Leap.cell(isWeak: isWeak)
    let value = Int64(reading.cells[index].raw)
    return anyAgrees { sample in
      guard index < sample.reading.cells.count else { return !isWeak }
      return leap.allows(Int64(sample.reading.cells[index].raw), value, within: now - sample.at)
    }
  }

  private func agreesOnSensor(_ index: Int) -> Bool {
    guard let value = reading.temperatures[index] else { return true }
    let leap = Leap.sensor(isWeak: isWeak)
    return anyAgrees { sample in
      guard index < sample.reading.temperatures.count,
        let before = sample.reading.temperatures[index]
      else { return !isWeak }
      return leap.allows(Int64(before.raw), Int64(value.raw), within: now - sample.at)
    }
  }

  private func leapt(_ point: Point) -> StaticString {
    switch point.kind {
    case .cellVoltage: "a cell leapt"
    case .voltage: "the pack voltage leapt"
    case .current: "the current leapt"
    case .temperature: "a temperature leapt"
    case .percent: "a share leapt"
    case .charge: "a charge leapt"
    default: "a value leapt"
    }
  }
}
