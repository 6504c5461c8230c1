// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// A simulated TinyBMS: measures, counts, protects, balances, and answers on its serial port as the
/// real unit does, without input or output of its own.
///
/// Two clocks drive it. Each call of `measure` is 100 ms of the battery's time: coulomb counting,
/// protections, recovery and the lifetime clock follow it, so that they may run faster than the
/// world. The serial port lives in real time, by the `Tick`s that are handed in: latency, sleep
/// after 10 s without traffic, the silence after a write and the broadcast period.
///
/// Behaviour: TinyBMS User Manual Rev D; commands and registers: TinyBMS Communication Protocols
/// Rev D. Where both are silent, the comment at the place says what was assumed.
public struct TinyBMSUnit: Sendable {
  /// What kind of unit it is.
  public struct Design: Sendable {
    /// Whether it is the 150 A type, whose activity threshold is 800 mA instead of 80 mA.
    public var isHighPower = true
    /// The current sensor: 0 resistor, 1 internal Hall, 2 external.
    public var sensor: UInt16 = 1
    /// Hardware version, and its changes.
    public var hardware: (version: UInt8, changes: UInt8) = (2, 1)
    /// Public and internal firmware version.
    public var firmware: (open: UInt8, inside: UInt16) = (3, 254)
    /// Bootloader and register map version.
    public var bootloader: (version: UInt8, map: UInt8) = (24, 4)
    /// Lifetime clock when it is switched on, s.
    public var lifetime: UInt32 = 5_184_000

    /// A 150 A unit with an internal Hall sensor and firmware 2.3.254.
    public init() {}
  }

  /// What charging has come to.
  enum ChargePhase: Sendable, Equatable {
    /// No charger.
    case absent
    /// A charger was connected; its switch closes at this moment of the lifetime clock, ms.
    case starting(Int64)
    /// The charge switch is closed.
    case charging
    /// Charging is done; the switch opens at this moment of the lifetime clock, ms.
    case finishing(Int64)
    /// Charging is done and the switch is open.
    case done
  }

  /// What it is.
  public let design: Design
  /// Its settings.
  public internal(set) var settings: TinyBMSSettings
  /// Its event memory.
  public internal(set) var events = EventMemory()
  /// The protections that act now.
  public internal(set) var protections: TinyBMSProtections = []
  /// Cells that it bleeds now: bit `i` is cell `i` of the string, counted from 0.
  public internal(set) var balancing: UInt64 = 0
  /// Whether it sleeps.
  public internal(set) var isAsleep = false
  /// How it misbehaves on its serial port.
  public var quirks: TinyBMSQuirks = []
  /// Whether it never falls asleep: it then stands in for units of other makers.
  var staysAwake = false

  // What it measured and counted.
  var senses = Senses()
  var lifetime: Int64
  var charge: Int64 = 0
  var health: UInt16 = 50_000
  var dischargedSinceHealth: Int64 = 0
  var statistics = TinyBMSStatistics()
  var resetCause: UInt8 = 5
  var wakeCause: UInt8 = 0
  var phase = ChargePhase.absent
  var wanted: UInt64 = 0
  var clearedAt: [10 of Int64] = .init(repeating: -1)
  var overcurrentSince: Int64 = -1
  var lastActivity: Tick
  var asleepTicks = 0

  // Its serial port.
  var inbox: [UInt8] = []
  var lastByte: Tick
  var outbox: [Outgoing] = []
  /// What it goes on with when it does not end an answer, and when.
  var rant: Outgoing?
  var deafUntil: Tick
  var nextBroadcast = Tick.never
  var lastCommand: Tick
  var random: SeededRandom

  /// A unit that has just been switched on.
  ///
  /// `soc` is what its coulomb counter holds, which may well be wrong; `now` is real time.
  public init(
    _ design: Design = Design(), settings: TinyBMSSettings, soc: Percent, seed: UInt64, at now: Tick
  ) {
    self.design = design
    self.settings = settings
    lifetime = Int64(design.lifetime) * 1000
    random = SeededRandom(seed: seed ^ 0x54_69_6E_79)
    lastActivity = now
    lastByte = now
    lastCommand = now
    deafUntil = now
    setCharge(soc)
    start()
  }

  /// Lifetime clock, s.
  public var lifetimeSeconds: UInt32 { UInt32(truncatingIfNeeded: lifetime / 1000) }

  /// How many cells it was told to measure.
  var series: Int { Int(settings[307]) }

  /// Capacity of setting 306 in steps of 1 mA for 0.1 s.
  var capacity: Int64 { Int64(settings[306]) * 360_000 }

  /// State of charge by its coulomb counter.
  public var soc: Percent { Percent(clamping: charge * 100_000_000 / capacity) }

  /// State of health, 0.002 % steps: it falls evenly with the discharged charge, setting 322 full
  /// cycles long (TinyBMS User Manual Rev D, 3.6).
  var healthSteps: UInt16 {
    let chargePerStep = max(1, capacity * Int64(settings[322]) / 50_000)
    return UInt16(clamping: Int64(health) - dischargedSinceHealth / chargePerStep)
  }

  /// Current below which the pack counts as idle, either way.
  var activityThreshold: Current { .milliamperes(design.isHighPower ? 800 : 80) }

  /// Whether it has charger and load on one port.
  var isSinglePort: Bool { settings[340] & 0xFF == 1 }

  /// Sets the coulomb counter.
  mutating func setCharge(_ soc: Percent) {
    charge = (capacity / 10 * Int64(max(0, min(100_000_000, soc.raw)))) / 10_000_000
  }

  /// Leaves an event.
  mutating func note(_ id: UInt8) { events.add(id, at: lifetimeSeconds) }

  /// What happens when the unit starts; all faults are forgotten.
  mutating func start() {
    protections = []
    clearedAt = .init(repeating: -1)
    overcurrentSince = -1
    phase = .absent
    balancing = 0
    note(0x61)
    note(isSinglePort ? 0x67 : 0x66)
  }
}

/// Ways in which a simulated unit misbehaves on its serial port.
public struct TinyBMSQuirks: OptionSet, Hashable, Sendable {
  /// One bit for each way.
  public let rawValue: UInt8

  /// The ways of these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It never answers.
  public static let silent = TinyBMSQuirks(rawValue: 1)
  /// It falls asleep at once, and again after each second without traffic.
  public static let asleep = TinyBMSQuirks(rawValue: 2)
  /// The checksums of its answers are wrong.
  public static let wrongChecksum = TinyBMSQuirks(rawValue: 4)
  /// It refuses every command.
  public static let refusing = TinyBMSQuirks(rawValue: 8)
  /// It begins an answer and never ends it.
  public static let endless = TinyBMSQuirks(rawValue: 16)
  /// It sends its broadcast text five times a second, whatever setting 342 says.
  public static let broadcasting = TinyBMSQuirks(rawValue: 32)
  /// One frame of ten is lost, in units of other makers.
  public static let losingFrames = TinyBMSQuirks(rawValue: 64)
  /// Bytes of earlier answers precede an answer, in units of other makers.
  public static let straying = TinyBMSQuirks(rawValue: 128)
}
