// SPDX-License-Identifier: Apache-2.0

/// A cell as an equivalent circuit: a source that follows its charge, a series resistance and two
/// resistor-capacitor pairs, with heat, leakage, a bleed resistor and ageing.
///
/// Amounts are volts, amperes (positive charging), ohms, ampere-seconds, seconds and °C. Each step
/// is one implicit Euler step of `SimulatedPack.step` seconds, unless its pace was set otherwise,
/// with sums and products alone, so that the same seed gives the same bits on every machine.
public struct SimulatedCell: Sendable {
  /// What a cell is like when new.
  public struct Design: Sendable {
    /// Charge between full and empty, Ah.
    public var capacity: Double
    /// Resistance that answers at once, Ω.
    public var seriesResistance: Double
    /// Resistance of the fast pair (charge transfer), Ω, and its time constant, s.
    public var fast: (resistance: Double, time: Double)
    /// Resistance of the slow pair (diffusion), Ω, and its time constant, s.
    public var slow: (resistance: Double, time: Double)
    /// Share of the capacity that leaks away in 30 days.
    public var leakage: Double
    /// Heat that warms the cell by one degree, J/K.
    public var heatCapacity: Double
    /// Warming above the surroundings per watt of loss, K/W.
    public var thermalResistance: Double
    /// Resistor across the cell while it is balanced, Ω.
    public var bleedResistance: Double
    /// Share of the capacity that is lost per Ah through the cell.
    public var fade: Double
    /// Share by which resistance grows per Ah through the cell.
    public var growth: Double

    /// A prismatic cell of `capacity` Ah with resistances that scale with its size.
    ///
    /// About 2.2 mΩ in all at 100 Ah, 2 % leakage a month, and 80 % of capacity left after 4000
    /// full cycles.
    public init(capacity: Double) {
      self.capacity = capacity
      seriesResistance = 0.06 / capacity
      fast = (0.04 / capacity, 20)
      slow = (0.12 / capacity, 900)
      leakage = 0.02
      heatCapacity = 20 * capacity
      thermalResistance = 200 / capacity
      bleedResistance = 22
      fade = 0.2 / (4000 * 2 * capacity)
      growth = 0.5 / (4000 * 2 * capacity)
    }
  }

  /// What the cell was like when new.
  public private(set) var design: Design
  /// Charge that it holds, ampere-seconds.
  public private(set) var charge: Double
  /// Charge that it can hold now, ampere-seconds.
  public private(set) var capacity: Double
  /// Temperature, °C.
  public var temperature: Double
  /// Voltage at its terminals, V.
  public private(set) var voltage: Double
  /// Charge that has passed through it in either direction, ampere-seconds.
  public private(set) var throughput: Double = 0

  private var fastVoltage = 0.0
  private var slowVoltage = 0.0
  private var restVoltage: Double
  private var segment = 0
  private var seriesResistance = 0.0
  private var fastResistance = 0.0
  private var slowResistance = 0.0
  private var weakness = (capacity: 1.0, resistance: 1.0)
  private var step = SimulatedPack.step
  private var fastKeep = 0.0
  private var slowKeep = 0.0
  private var heatGain = 0.0
  private var heatKeep = 0.0
  private let leakCurrent: Double

  /// A rested cell.
  ///
  /// `soc` is the share of its capacity that it holds, 0 to 1.
  public init(_ design: Design, soc: Double, temperature: Double, curve: OpenCircuitCurve) {
    self.design = design
    self.temperature = temperature
    capacity = design.capacity * 3600
    charge = soc * design.capacity * 3600
    restVoltage = curve.voltage(at: soc, from: &segment)
    voltage = restVoltage
    leakCurrent = design.leakage * design.capacity / 720
    seriesResistance = design.seriesResistance
    fastResistance = design.fast.resistance
    slowResistance = design.slow.resistance
    setPace(step)
  }

  /// Makes each step this many seconds long from now on.
  mutating func setPace(_ step: Double) {
    self.step = step
    fastKeep = 1 / (1 + step / design.fast.time)
    slowKeep = 1 / (1 + step / design.slow.time)
    let heatTime = design.heatCapacity * design.thermalResistance
    heatKeep = 1 / (1 + step / heatTime)
    heatGain = step / design.heatCapacity
  }

  /// Share of the present capacity that the cell holds; 0 is empty and 1 is full.
  public var soc: Double { charge / capacity }

  /// The voltage that it would settle at without current.
  public var openCircuitVoltage: Double { restVoltage }

  /// Voltage of the cell in this step as a source and a resistance: `emf + resistance · current`.
  var source: Source {
    Source(
      voltage: restVoltage + fastKeep * fastVoltage + slowKeep * slowVoltage,
      resistance: seriesResistance + (1 - fastKeep) * fastResistance + (1 - slowKeep)
        * slowResistance)
  }

  /// One step with `stringCurrent` through the whole string.
  mutating func advance(
    _ stringCurrent: Double, isBleeding: Bool, surroundings: Double, curve: OpenCircuitCurve
  ) {
    let current = stringCurrent - (isBleeding ? voltage / design.bleedResistance : 0) - leakCurrent
    let source = source
    voltage = source.voltage + source.resistance * current
    fastVoltage = fastKeep * fastVoltage + (1 - fastKeep) * fastResistance * current
    slowVoltage = slowKeep * slowVoltage + (1 - slowKeep) * slowResistance * current
    charge += current * step
    throughput += (current < 0 ? -current : current) * step
    restVoltage = curve.voltage(at: charge / capacity, from: &segment)
    // What the overvoltages take is heat; what sits in the pairs is nearly nothing.
    let loss = current * (seriesResistance * current + fastVoltage + slowVoltage)
    temperature =
      heatKeep * (temperature + heatGain * (loss > 0 ? loss : 0)) + (1 - heatKeep) * surroundings
  }

  /// Takes temperature and age into account; they change slowly, so this runs now and then.
  mutating func settle(_ chemistry: Chemistry) {
    let hours = throughput * (1 / 3600.0)
    let health = 1 - design.fade * hours
    capacity = design.capacity * 3600 * (health > 0.3 ? health : 0.3) * weakness.capacity
    let factor =
      chemistry.resistanceFactor(at: temperature) * (1 + design.growth * hours)
      * weakness.resistance
    seriesResistance = design.seriesResistance * factor
    fastResistance = design.fast.resistance * factor
    slowResistance = design.slow.resistance * factor
  }

  /// Makes the cell hold `capacity` of what it should and resist `resistance` times as much, at the
  /// same state of charge; 1 and 1 cure it.
  mutating func weaken(capacity share: Double, resistance factor: Double, chemistry: Chemistry) {
    let soc = soc
    weakness = (share, factor)
    settle(chemistry)
    charge = soc * capacity
  }
}

/// A voltage behind a resistance.
public struct Source: Sendable {
  /// Voltage without current, V.
  public var voltage: Double
  /// Volts more per ampere of charge current, Ω.
  public var resistance: Double

  /// The current, positive charging, at which the terminals stand at `terminals` volts.
  func current(at terminals: Double) -> Double { (terminals - voltage) / resistance }
}
