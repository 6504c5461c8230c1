// SPDX-License-Identifier: Apache-2.0

import Battery
public import Inverters
public import Quantities
public import Wire

/// A Victron GX device as a battery sees it on the bus: it listens, keeps alive, and passes limits
/// on to its chargers and inverters; all in real time and without input or output of its own.
///
/// It takes a battery as present when 0x35A comes, takes limits from 0x351 alone, and stops
/// charging and discharging when 0x351 is older than 3 s (Victron CAN-bus BMS note of 2021-04-17).
/// The limits that it passes on are the smaller of its owner's and the battery's
/// (dbus-systemcalc-py `delegates/dvcc.py`).
public struct SimulatedGX: Sendable {
  /// How long limits hold after their frame, ms.
  public static let patience: Int64 = 3000
  /// How long after its last frame a battery is forgotten, ms; assumed, no document tells it.
  public static let memory: Int64 = 60_000

  /// What it does with the battery.
  public enum State: UInt8, Sendable {
    /// No battery was ever seen, or not enough of one: nothing is controlled.
    case noBattery
    /// Limits are obeyed.
    case running
    /// The limit of the charge current is 0.
    case chargeDisabled
    /// The limit of the discharge current is 0.
    case dischargeDisabled
    /// Both limits are 0.
    case disabled
    /// The limits are too old: charging and discharging stop, an alarm is raised.
    case bmsLost

    /// The name that the GX's user sees.
    public var name: StaticString {
      switch self {
      case .noBattery: "NoBattery"
      case .running: "Running"
      case .chargeDisabled: "ChargeDisabled"
      case .dischargeDisabled: "DischargeDisabled"
      case .disabled: "Disabled"
      case .bmsLost: "BmsLost"
      }
    }
  }

  /// A change of state.
  public struct Transition: Hashable, Sendable {
    /// When, in real time.
    public let at: Tick
    /// To what.
    public let state: State
  }

  /// What chargers and loads may do.
  public struct Allowance: Hashable, Sendable {
    /// CVL, or the owner's limit where that is lower.
    public var chargeVoltage: Voltage
    /// CCL, or the owner's limit where that is lower.
    public var chargeCurrent: Current
    /// DCL as it came.
    public var dischargeCurrent: Current
  }

  /// The owner's limits.
  public struct Settings: Sendable {
    /// Highest charge voltage; `nil` leaves it to the battery.
    public var chargeVoltage: Voltage?
    /// Highest charge current; `nil` leaves it to the battery.
    public var chargeCurrent: Current?

    /// No limits of its own.
    public init() {}
  }

  /// The owner's limits.
  public var settings = Settings()
  /// What it does now.
  public private(set) var state = State.noBattery
  /// Every change of state so far, oldest first.
  public private(set) var log: [Transition] = []
  /// What the battery said.
  public private(set) var reading = VictronReading()
  /// How many frames it understood.
  public private(set) var frames = 0
  /// What the battery did that no battery may do.
  public private(set) var complaints = Complaints()
  /// When 0x351 came last; `nil` before the first.
  public private(set) var limitsAt: Tick?
  /// The longest time between two 0x351 so far, ms.
  public private(set) var longestGap: Int64 = 0

  private var alarmsAt: Tick?
  private var heardAt: Tick?
  private var nextRound: Tick
  private var turn = 0

  /// What a battery did that no battery may do, counted.
  public struct Complaints: Hashable, Sendable {
    /// A charge voltage of 0, at which inverters would empty the battery.
    public var zeroVoltage = 0
    /// A limit below 0.
    public var negativeLimit = 0
    /// A frame that only a GX sends.
    public var impersonation = 0
    /// A frame of its protocol that is too short to be read.
    public var unreadable = 0

    /// Nothing to complain of.
    public init() {}
  }

  /// A GX that has just started.
  public init(at now: Tick) { nextRound = now }

  /// Whether the alarm "BMS connection lost" stands.
  public var hasLostAlarm: Bool { state == .bmsLost }

  /// What chargers and loads may do now; `nil` while nothing is controlled or the battery is lost.
  public var allowance: Allowance? {
    guard state != .noBattery, state != .bmsLost else { return nil }
    guard let voltage = limit(.chargeVoltageLimit, VoltageScale.self),
      let charge = limit(.chargeCurrentLimit, CurrentScale.self),
      let discharge = limit(.dischargeCurrentLimit, CurrentScale.self)
    else { return nil }
    return Allowance(
      chargeVoltage: min(voltage, settings.chargeVoltage ?? voltage),
      chargeCurrent: max(.zero, min(charge, settings.chargeCurrent ?? charge)),
      dischargeCurrent: max(.zero, discharge))
  }

  /// A frame came from the bus.
  public mutating func received(_ frame: CANFrame, at now: Tick) {
    if !frame.isExtended, (0x305...0x307).contains(frame.id) { complaints.impersonation += 1 }
    do throws(WireError) {
      try Victron.decode(frame, into: &reading)
    } catch {
      if error != .notAReading { complaints.unreadable += 1 }
      return advance(to: now)
    }
    frames += 1
    heardAt = now
    if frame.id == 0x351 { takeLimits(at: now) }
    if frame.id == 0x35A { alarmsAt = now }
    advance(to: now)
  }

  /// Lets time pass, so that what is too old is found out.
  public mutating func advance(to now: Tick) {
    if let heardAt, now - heardAt > Self.memory { alarmsAt = nil }
    change(to: judge(at: now), at: now)
  }

  /// The next frame to send, if one is due; called again until there is none.
  ///
  /// With a battery 0x305, 0x307 and 0x306 each second; without one 0x305 and 0x307 four times a
  /// second.
  public mutating func next(at now: Tick) -> CANFrame? {
    advance(to: now)
    guard now >= nextRound else { return nil }
    let isPresent = alarmsAt != nil
    let zeros: [UInt8] = .init(repeating: 0, count: 8)
    turn += 1
    switch turn {
    case 1: return CANFrame(id: 0x305, zeros)
    case 2: return CANFrame(id: 0x307, [0x12, 0x34, 0x56, 0x78, 0x56, 0x49, 0x43, 0x00])
    default: break
    }
    turn = 0
    let period: Int64 = isPresent ? 1000 : 250
    nextRound = now - nextRound >= period ? now + period : nextRound + period
    return isPresent ? CANFrame(id: 0x306, zeros) : nil
  }

  /// When to call `next(at:)` again.
  public var deadline: Tick { nextRound }

  private func judge(at now: Tick) -> State {
    guard let limitsAt else { return .noBattery }
    if now - limitsAt > Self.patience { return state == .noBattery ? .noBattery : .bmsLost }
    guard alarmsAt != nil else { return state == .bmsLost ? .bmsLost : .noBattery }
    let charge = reading.reading[.chargeCurrentLimit] ?? 0
    let discharge = reading.reading[.dischargeCurrentLimit] ?? 0
    switch (charge > 0, discharge > 0) {
    case (true, true): return .running
    case (false, true): return .chargeDisabled
    case (true, false): return .dischargeDisabled
    case (false, false): return .disabled
    }
  }

  private mutating func change(to new: State, at now: Tick) {
    guard new != state else { return }
    state = new
    log.append(Transition(at: now, state: new))
  }

  private mutating func takeLimits(at now: Tick) {
    if let limitsAt { longestGap = max(longestGap, now - limitsAt) }
    limitsAt = now
    if reading.reading[.chargeVoltageLimit] == 0 { complaints.zeroVoltage += 1 }
    if (reading.reading[.chargeCurrentLimit] ?? 0) < 0
      || (reading.reading[.dischargeCurrentLimit] ?? 0) < 0
    {
      complaints.negativeLimit += 1
    }
  }

  private func limit<S: Scale>(_ point: Point, _ scale: S.Type) -> Quantity<S>? {
    reading.reading.amount(point, as: scale)
  }
}
