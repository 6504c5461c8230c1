// SPDX-License-Identifier: Apache-2.0

public import Quantities
public import Wire

/// A whole bench in one value: pack, TinyBMS, charger, loads and a GX, joined by one clock, without
/// input or output of its own.
///
/// Two times run in it. The world's time is that of the `Tick`s that are handed in: serial latency,
/// the unit's sleep, frames and time-outs on the bus follow it. The battery's time runs `speed`
/// times as fast in steps of 100 ms: chemistry, heat, charger and load control, coulomb counting,
/// protections with their recovery, the unit's lifetime clock and its events follow that. So at a
/// speed of 60 a limit on the bus holds for a minute of the battery's time, and a GX still loses
/// its battery after three seconds of silence.
///
/// Two rigs of the same scenario and seed that are driven by the same calls are alike to the last
/// bit.
public struct Rig: Sendable {
  /// What it began with.
  public let scenario: Scenario
  /// The pack.
  public private(set) var pack: SimulatedPack
  /// The unit on the pack.
  public internal(set) var unit: TinyBMSUnit
  /// The charger.
  public private(set) var charger: Charger
  /// The GX on the bus.
  public var gx: SimulatedGX
  /// How many seconds of the battery's time go by in one of the world's; at least 1.
  public private(set) var speed: Int64
  /// Battery's time since the start, ms.
  public private(set) var elapsed: Int64 = 0

  /// What was ordered over the wire in another language than a TinyBMS's, which knows no such orders.
  var orders = UnitOrders()
  /// What a bank of packs in parallel drives through it; `nil` where it stands alone.
  var imposed: (current: Double, hasCharger: Bool)?
  var order: Charger.Order?
  var loadWatts = 0.0
  var supplyWatts = 0.0
  var loadCurrent = 0.0
  var push = (charge: 0.0, load: 0.0)
  var windows: [FaultWindow]

  private var lineIn: SimulatedLine
  private var lineOut: SimulatedLine
  private var echoes = false
  private var echo: [UInt8] = []
  private let seed: UInt64
  private let started: Tick
  private var anchor: (world: Tick, battery: Int64)
  private var weakened: Int?

  /// A bench at the beginning of a scenario.
  ///
  /// `speed` is how many seconds of the battery's time go by in one of the world's; below 1 counts
  /// as 1. `now` is the world's time.
  public init(_ scenario: Scenario, seed: UInt64, speed: Int64 = 1, at now: Tick = Tick(0)) {
    self.scenario = scenario
    self.seed = seed
    self.speed = max(1, speed)
    pack = SimulatedPack(scenario.pack, seed: seed)
    let soc = Percent(clamping: (pack.soc * 100_000_000).steps) + scenario.socError
    unit = TinyBMSUnit(scenario.unit, settings: scenario.settings, soc: soc, seed: seed, at: now)
    charger = Charger(scenario.charger)
    gx = SimulatedGX(at: now)
    windows = scenario.faults
    lineIn = SimulatedLine(seed: seed ^ 0x696E)
    lineOut = SimulatedLine(seed: seed ^ 0x6F75_74)
    started = now
    anchor = (now, 0)
    followLineFaults(at: now)
    eachSecond()
    unit.measure(sense(), at: now)
  }

  /// Lets time pass up to `now`.
  public mutating func advance(to now: Tick) {
    followLineFaults(at: now)
    let target = anchor.battery + (now - anchor.world) * speed
    while elapsed + SimulatedPack.stepMilliseconds <= target {
      elapsed += SimulatedPack.stepMilliseconds
      step(at: anchor.world + (elapsed - anchor.battery + speed - 1) / speed)
    }
    gx.advance(to: now)
  }

  /// Runs the battery's time faster or slower from now on.
  public mutating func setSpeed(_ speed: Int64, at now: Tick) {
    advance(to: now)
    // What is left of a step is begun anew, so that the battery's time never runs back.
    anchor = (now, elapsed)
    self.speed = max(1, speed)
  }

  /// Makes something go wrong from now on, for `milliseconds` of the time that the fault follows.
  public mutating func begin(_ fault: SimulatedFault, for milliseconds: Int64 = .max, at now: Tick)
  {
    advance(to: now)
    let start = fault.isOnLine ? now - started : elapsed
    let (end, overflow) = start.addingReportingOverflow(milliseconds)
    windows.append(FaultWindow(fault, from: start, to: overflow ? .max : end))
    followLineFaults(at: now)
    eachSecond()
  }

  /// Puts everything right that went wrong or was to go wrong.
  public mutating func endFaults(at now: Tick) {
    advance(to: now)
    windows = []
    followLineFaults(at: now)
    eachSecond()
  }

  // MARK: - The serial port

  /// Bytes for the unit came in.
  public mutating func serialReceived(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    advance(to: now)
    let arrived = arriving(bytes.copy(0, bytes.count))
    unit.received(arrived.span, at: now)
  }

  /// What arrives at the unit of bytes that were sent to it; an adapter may send them back too.
  mutating func arriving(_ bytes: [UInt8]) -> [UInt8] {
    if echoes { echo += bytes }
    return lineIn.pass(bytes)
  }

  /// What arrives of bytes that the unit sends.
  mutating func leaving(_ bytes: [UInt8]) -> [UInt8] { lineOut.pass(bytes) }

  /// What the adapter sends back, once.
  mutating func takeEcho() -> [UInt8]? {
    guard !echo.isEmpty else { return nil }
    defer { echo = [] }
    return echo
  }

  /// What the serial port does next; called again after each `.send`.
  public mutating func serialNext(at now: Tick) -> UnitStep {
    advance(to: now)
    if let echo = takeEcho() { return .send(echo) }
    while true {
      guard case .send(let bytes) = unit.next(at: now) else { break }
      let arrived = leaving(bytes)
      if !arrived.isEmpty { return .send(arrived) }
    }
    return .wait(until: unit.deadline)
  }

  // MARK: - The bus

  /// A frame came from the bus.
  public mutating func canReceived(_ frame: CANFrame, at now: Tick) {
    advance(to: now)
    gx.received(frame, at: now)
  }

  /// The next frame that the GX sends, if one is due; called again until there is none.
  public mutating func canNext(at now: Tick) -> CANFrame? {
    advance(to: now)
    return gx.next(at: now)
  }

  /// When to call again, unless something comes in before.
  public var deadline: Tick { min(gx.deadline, unit.deadline) }

  // MARK: - The battery's time

  private mutating func step(at now: Tick) {
    if elapsed % 1000 == 0 { eachSecond() }
    if scenario.control == .bus {
      gx.advance(to: now)
      // Chargers are told new limits every 3 s, as DVCC does; that they may no longer charge, at
      // once.
      let allowance = gx.allowance
      if allowance == nil { order = nil } else if elapsed % 3000 == 0 || order == nil { obey() }
    }
    // In a bank there is one charger and one set of loads for all packs, and it is not here.
    let isLoadOn = isDischargeOn && mayDischarge && imposed == nil
    let battery = pack.source
    let volts = battery.voltage > 1 ? battery.voltage : 1
    loadCurrent = isLoadOn ? loadWatts / volts + push.load : 0
    charger.advance(
      imposed == nil ? order : nil, battery: battery, load: loadCurrent, supply: supplyWatts,
      isConnected: isChargeOn)
    var current = charger.current - loadCurrent
    if isChargeOn { current += push.charge }
    if let imposed { current = imposed.current }
    if let soc = orders.soc {
      unit.setCharge(soc)
      orders.soc = nil
    }
    pack.advance(current)
    unit.measure(sense(), at: now)
    pack.balancing = orders.stopsBalancing ? 0 : unit.balancing
  }

  /// Whether the charge switch is closed.
  var isChargeOn: Bool { unit.isChargerOn && !orders.opensCharge }

  /// Whether the discharge switch is closed.
  var isDischargeOn: Bool { unit.isLoadOn && !orders.opensDischarge }

  private var mayDischarge: Bool {
    guard scenario.control == .bus else { return true }
    guard gx.state != .bmsLost else { return false }
    guard let allowance = gx.allowance else { return true }
    return allowance.dischargeCurrent > .zero
  }

  private mutating func obey() {
    guard let allowance = gx.allowance else { return }
    order = Charger.Order(
      voltage: Double(allowance.chargeVoltage.raw) / 1000,
      current: Double(allowance.chargeCurrent.raw) / 1000)
  }

  private mutating func sense() -> Senses {
    var senses = pack.sense()
    senses.hasCharger = imposed?.hasCharger ?? charger.hasSupply(supplyWatts)
    for window in windows where window.holds(at: elapsed) && window.fault == .currentSensorLost {
      senses.hasCurrentSensor = false
    }
    return senses
  }

  /// What changes slowly: the time of day, and faults of the battery.
  private mutating func eachSecond() {
    let second = scenario.startSecond + elapsed / 1000
    loadWatts = scenario.load.watts(at: second, seed: seed)
    supplyWatts = charger.design.supply?.watts(at: second, seed: seed ^ 0x73_75_6E) ?? 1e9
    if scenario.control == .own {
      order = Charger.Order(voltage: charger.design.voltage, current: charger.design.current)
    }
    followBatteryFaults()
  }

  private mutating func followBatteryFaults() {
    push = (0, 0)
    pack.missing = (false, false)
    pack.heated = (nil, nil)
    pack.surroundings = scenario.pack.surroundings
    var weak: (cell: Int, percent: Int)?
    for window in windows where window.holds(at: elapsed) {
      switch window.fault {
      case .weakCell(let cell, let percent): weak = (cell, max(10, percent))
      case .hotSensor(let place, let celsius):
        if place == 0 { pack.heated.0 = Double(celsius) } else { pack.heated.1 = Double(celsius) }
      case .missingSensor(let place):
        if place == 0 { pack.missing.0 = true } else { pack.missing.1 = true }
      case .surroundings(let celsius): pack.surroundings = Double(celsius)
      case .dischargeOvercurrent(let amperes): push.load += Double(amperes)
      case .chargeOvercurrent(let amperes): push.charge += Double(amperes)
      case .regeneration(let amperes):
        push.load -= Double(amperes)
        supplyWatts = 0
      case .noCharger: supplyWatts = 0
      default: break
      }
    }
    guard weak?.cell != weakened else { return }
    if let weakened { pack.weaken(weakened, capacity: 1, resistance: 1) }
    if let weak { pack.weaken(weak.cell, capacity: Double(weak.percent) / 100, resistance: 3) }
    weakened = weak?.cell
  }

  private mutating func followLineFaults(at now: Tick) {
    lineIn.garbled = 0
    lineIn.dropped = 0
    echoes = false
    unit.quirks = []
    for window in windows where window.fault.isOnLine && window.holds(at: now - started) {
      switch window.fault {
      case .garbled(let permille): lineIn.garbled = permille
      case .droppedBytes(let permille): lineIn.dropped = permille
      case .echo: echoes = true
      case .silent: unit.quirks.insert(.silent)
      case .asleep: unit.quirks.insert(.asleep)
      case .broadcast: unit.quirks.insert(.broadcasting)
      case .endless: unit.quirks.insert(.endless)
      case .wrongChecksum: unit.quirks.insert(.wrongChecksum)
      case .refusing: unit.quirks.insert(.refusing)
      case .lostFrames: unit.quirks.insert(.losingFrames)
      case .strayBytes: unit.quirks.insert(.straying)
      default: break
      }
    }
    lineOut.garbled = lineIn.garbled
    lineOut.dropped = lineIn.dropped
  }
}
