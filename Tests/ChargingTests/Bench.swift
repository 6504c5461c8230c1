// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// A charge control with a made-up battery in front of it, and a clock that a test turns.
struct Bench {
  var control: ChargeControl
  var snapshot = Snapshot()
  var now: Int64 = 1000
  /// Cells in millivolts.
  var cells: [Int]
  var milliamperes: Int? = 0
  var soc: Int? = 50
  /// Sensors in degrees Celsius.
  var temperatures: [Int?] = [25, 25]
  var switches: Int?
  var chargeEnabled: Bool?
  var dischargeEnabled: Bool?
  var alarms: AlarmSet = []
  var cutoffs = Bench.cutoffs
  var cellCount: Int?
  var reported: (volts: Int?, charge: Int?, discharge: Int?) = (nil, nil, nil)
  var ampereHours: Int? = 100

  /// What a TinyBMS on an LFP pack might be set to.
  static let cutoffs: Cutoffs = {
    var cutoffs = Cutoffs()
    cutoffs.cellOvervoltage = .millivolts(3650)
    cutoffs.cellUndervoltage = .millivolts(2500)
    cutoffs.chargeOvercurrent = .amperes(100)
    cutoffs.dischargeOvercurrent = .amperes(200)
    return cutoffs
  }()

  init(_ settings: ChargeSettings = .lfp, cells: [Int] = Array(repeating: 3300, count: 16)) {
    control = ChargeControl(settings)
    self.cells = cells
    cellCount = cells.count
  }

  /// All cells alike.
  init(_ settings: ChargeSettings = .lfp, at millivolts: Int, count: Int = 16) {
    self.init(settings, cells: Array(repeating: millivolts, count: count))
  }

  /// The reading of this moment.
  var reading: Reading {
    var reading = Reading()
    for cell in cells { reading.cells.append(.millivolts(cell)) }
    for temperature in temperatures {
      reading.temperatures.append(temperature.map { .degrees($0) })
    }
    reading.set(.voltage, Voltage.millivolts(cells.reduce(0, +)))
    reading.set(.current, milliamperes.map { Current.milliamperes($0) })
    reading.set(.soc, soc.map { Percent.percent($0) })
    reading.set(.nominal, ampereHours.map { Charge.ampereHours($0) })
    reading.set(.mosfetTemperature, switches.map { Temperature.degrees($0) })
    reading.set(.chargeVoltageLimit, reported.volts.map { Voltage.millivolts($0 * 1000) })
    reading.set(.chargeCurrentLimit, reported.charge.map { Current.amperes($0) })
    reading.set(.dischargeCurrentLimit, reported.discharge.map { Current.amperes($0) })
    reading[.cellCount] = cellCount.map(Int64.init)
    reading[.chargeEnabled] = chargeEnabled.map { $0 ? 1 : 0 }
    reading[.dischargeEnabled] = dischargeEnabled.map { $0 ? 1 : 0 }
    reading.reportsAlarms = true
    reading.alarms = alarms
    reading.cutoffs = cutoffs
    return reading
  }

  /// Takes a reading and decides, now.
  @discardableResult mutating func decide(_ freshness: Freshness = .fresh) -> Limits? {
    if freshness == .fresh { snapshot.take(reading, at: Tick(now), isLive: true) }
    return control.decide(snapshot, freshness: freshness, at: Tick(now))
  }

  /// Lets `seconds` pass, deciding once a second, and returns the last limits.
  @discardableResult mutating func run(_ seconds: Int, _ freshness: Freshness = .fresh) -> Limits? {
    var limits: Limits?
    for _ in 0..<seconds {
      now += 1000
      limits = decide(freshness)
    }
    return limits
  }

  /// As `run`, with limits that there must be; 0 seconds decide now.
  @discardableResult mutating func limits(
    _ seconds: Int, _ freshness: Freshness = .fresh
  ) throws -> Limits {
    let limits = seconds == 0 ? decide(freshness) : run(seconds, freshness)
    return try #require(limits, "silent: \(control.silence?.description ?? "?")")
  }

  /// Sets every cell to the same voltage.
  mutating func level(_ millivolts: Int) { cells = cells.map { _ in millivolts } }
}

/// Numbers from a seed, the same everywhere (SplitMix64).
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func happens(oneIn count: Int) -> Bool { roll(1...count) == 1 }
}

extension Limits {
  var volts: Int { Int(chargeVoltage.value.raw) }
  var charge: Int { Int(chargeCurrent.value.raw) }
  var discharge: Int { Int(dischargeCurrent.value.raw) }
}
