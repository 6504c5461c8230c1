// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// A string of simulated cells with its wiring, its sensors and its surroundings.
///
/// Two packs of the same design and seed that are driven alike are alike to the last bit.
public struct SimulatedPack: Sendable {
  /// Seconds in one step of the model, unless its pace was set otherwise.
  public static let step = 0.1
  /// Milliseconds in one step of the model, unless its pace was set otherwise.
  public static let stepMilliseconds: Int64 = 100

  /// How it was built.
  public let design: Design
  /// The cells, lowest of the string first.
  public private(set) var cells: [SimulatedCell] = []
  /// Temperature around the pack, °C.
  public var surroundings: Double
  /// Bit `i` is set while cell `i`, counted from 0, is bled.
  public var balancing: UInt64 = 0

  /// Current through the string, A, positive charging.
  public private(set) var current = 0.0
  /// Voltage at the terminals, V.
  public private(set) var voltage = 0.0
  /// Ampere-seconds that have come in and gone out.
  public private(set) var charged = (in: 0.0, out: 0.0)
  /// Joules that have come in and gone out.
  public private(set) var energy = (in: 0.0, out: 0.0)
  /// Temperature of the circuit board with its switches, °C.
  public private(set) var board: Double

  /// Sensors that are taken off, by place.
  var missing: (Bool, Bool) = (false, false)
  /// Sensors that lie beside something hot: what they show at least, °C.
  var heated: (Double?, Double?) = (nil, nil)

  private let curve: OpenCircuitCurve
  private var noise: SeededRandom
  private var outside: (Double, Double)
  private var stepMilliseconds = Self.stepMilliseconds
  private var seconds = Self.step
  private var elapsed: Int64 = 0

  /// A rested pack whose cells differ as `seed` says.
  public init(_ design: Design, seed: UInt64) {
    self.design = design
    surroundings = design.surroundings
    board = design.surroundings
    outside = (design.surroundings, design.surroundings)
    curve = design.chemistry.curve
    var random = SeededRandom(seed: seed)
    noise = SeededRandom(seed: seed ^ 0x6E6F_6973_65)
    for index in 0..<design.series {
      var cell = design.cell
      cell.capacity *= 1 + design.capacitySpread * random.bell()
      let resistance = 1 + design.resistanceSpread * random.bell()
      cell.seriesResistance *= resistance
      cell.fast.resistance *= resistance
      cell.slow.resistance *= resistance
      cell.leakage *= 0.5 + random.unit()
      var soc = design.soc + design.socSpread * random.bell()
      for place in design.ahead where place.cell == index { soc += place.soc }
      var new = SimulatedCell(cell, soc: soc, temperature: design.surroundings, curve: curve)
      new.settle(design.chemistry)
      cells.append(new)
      voltage += new.voltage
    }
  }

  /// Mean state of charge of the cells, 0 to 1.
  public var soc: Double {
    var total = 0.0
    for cell in cells { total += cell.soc }
    return total / Double(cells.count)
  }

  /// What the least of the cells can still hold, Ah: the capacity of the string.
  public var capacity: Double {
    var least = cells[0].capacity
    for cell in cells where cell.capacity < least { least = cell.capacity }
    return least / 3600
  }

  /// The whole string as a source and a resistance, for this step.
  public var source: Source {
    var sum = Source(voltage: 0, resistance: design.wiring)
    for cell in cells {
      let part = cell.source
      sum.voltage += part.voltage
      sum.resistance += part.resistance
    }
    return sum
  }

  /// Makes each step this long from now on, in whole tenths of a second.
  ///
  /// Steps of a second and more are for months at a time: cells that hurry along a steep part of
  /// their curve are then a little behind.
  public mutating func setPace(milliseconds: Int64) {
    stepMilliseconds = max(1, milliseconds / Self.stepMilliseconds) * Self.stepMilliseconds
    let tenths = stepMilliseconds / Self.stepMilliseconds
    seconds = tenths == 1 ? Self.step : Double(tenths) / 10
    for index in cells.indices { cells[index].setPace(seconds) }
  }

  /// One step, of 100 ms unless its pace was set otherwise, with `current` amperes, positive
  /// charging.
  public mutating func advance(_ current: Double) {
    self.current = current
    var sum = current * design.wiring
    for index in 0..<cells.count {
      cells[index].advance(
        current, isBleeding: balancing >> UInt64(index) & 1 == 1, surroundings: surroundings,
        curve: curve)
      sum += cells[index].voltage
    }
    voltage = sum
    if current > 0 {
      charged.in += current * seconds
      energy.in += current * voltage * seconds
    } else {
      charged.out -= current * seconds
      energy.out -= current * voltage * seconds
    }
    let before = elapsed
    elapsed += stepMilliseconds
    if elapsed / 10_000 != before / 10_000 {
      for index in 0..<cells.count { cells[index].settle(design.chemistry) }
    }
    if elapsed / 1000 != before / 1000 { warm(max(1, seconds)) }
  }

  /// What is measured now; each call draws new noise.
  public mutating func sense() -> Senses {
    var senses = Senses()
    for cell in cells {
      let tenths = ((cell.voltage + design.voltageNoise * noise.bell()) * 10_000).steps
      senses.cells.append(.decimillivolts(max(0, min(65_535, tenths))))
    }
    senses.current = .milliamperes(((current + design.currentNoise * noise.bell()) * 1000).steps)
    senses.inside = measured(board)
    senses.outside = (
      missing.0 || design.sensors < 1 ? nil : measured(max(outside.0, heated.0 ?? -273)),
      missing.1 || design.sensors < 2 ? nil : measured(max(outside.1, heated.1 ?? -273))
    )
    return senses
  }

  /// Makes one cell hold `capacity` of what it should and resist `resistance` times as much, at the
  /// same state of charge; 1 and 1 cure it.
  public mutating func weaken(_ index: Int, capacity share: Double, resistance factor: Double) {
    guard cells.indices.contains(index) else { return }
    cells[index].weaken(capacity: share, resistance: factor, chemistry: design.chemistry)
  }

  private mutating func measured(_ temperature: Double) -> Temperature {
    // The unit's converter resolves tenths of a degree.
    .decidegrees(((temperature + design.temperatureNoise * noise.bell()) * 10).steps)
  }

  /// Some seconds of the sensors, which follow their cells within about half a minute, and of the
  /// board, which its switches warm.
  private mutating func warm(_ seconds: Double) {
    let places = (cells.count / 4, cells.count * 3 / 4)
    let share = seconds / (30 + seconds)
    outside.0 += (cells[places.0].temperature - outside.0) * share
    outside.1 += (cells[places.1].temperature - outside.1) * share
    let loss = current * current * 0.0005
    board += (surroundings + 2 + 1.5 * loss - board) * (seconds / (180 + seconds))
  }
}
