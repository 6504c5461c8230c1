// SPDX-License-Identifier: Apache-2.0

package import Battery
import Charging
package import Dialects
package import Inverters
package import Quantities
package import Wire

/// The control path of one battery without any I/O: fed with bytes, frames and time, it answers.
///
/// Poll, decide and tell the inverter happen here and nowhere else.
///
/// It runs unchanged on a real wire, in a test that simulates a month in a second, and in a benchmark.
package struct Controller {
  /// What the caller is to do next.
  package enum Action {
    /// Send these bytes to the battery.
    case serial([UInt8])
    /// Send this frame on the bus of the output with this index.
    case frame(output: Int, CANFrame)
    /// Nothing before this moment, unless something is received.
    case wait(until: Tick)
  }

  /// How long no fault must be met before a conversation counts as well again, in milliseconds: a bad
  /// cable is said once, not at each of its faults.
  private static let wellAfter: Int64 = 10_000
  /// How often limits are decided again while no reading comes, in milliseconds: ramps and ages go on.
  private static let decisionPeriod: Int64 = 250

  /// Everything known about the battery.
  package internal(set) var snapshot = Snapshot()
  /// The stage of the last checked frame's age.
  package private(set) var freshness = Freshness.lost
  /// What the inverter may do now; `nil` while that cannot be decided, and then it is told nothing.
  package private(set) var limits: Limits?
  /// How many readings of live values were accepted.
  package private(set) var liveReadings: UInt64 = 0
  /// How often limits were decided; each time there may be something new to show.
  package private(set) var decisions: UInt64 = 0
  /// What happened since this was last emptied by the caller.
  package var events: [ControlEvent] = []

  /// Changes of who the battery is that are not stored yet.
  var changes: [Recognition.Change] = []
  /// Whether it is still the battery that it was.
  package internal(set) var recognition = Recognition()
  var session: Session
  var charge: ChargeControl
  var meter: EnergyMeter
  var accounts: Accounts
  /// Whether it is read too rarely to drive an inverter or to count what flows; then it does neither.
  var isSlow: Bool
  /// What the counters stood at when the last run ended; `nil` until that is known, and until then no
  /// counter is told to anybody.
  private var earlier: Counters?
  var outputs: Outputs
  package internal(set) var bounds: Freshness.Bounds
  /// The language as it is shown, also where the wire carries another form of it.
  var dialect: Dialect
  private var nextDecision = Tick(.min)
  var isDue = false
  private var faults: UInt64 = 0
  private var lastFault: Fault?
  private var lastFaultAt = Tick(.min)

  /// Energy and charge that went in and out of a battery.
  package struct Counters: Sendable, Hashable {
    /// Energy in.
    package var energyCharged = Energy.zero
    /// Energy out.
    package var energyDischarged = Energy.zero
    /// Charge in.
    package var chargeCharged = Charge.zero
    /// Charge out.
    package var chargeDischarged = Charge.zero

    /// Counters of a battery that was never seen before.
    package init() {}
  }

  /// The control of one battery.
  package init(dialect: Dialect, battery: BatterySettings, inverters: [InverterSettings]) {
    session = battery.door.makeSession(dialect, rates: battery.rates)
    isSlow = battery.isSlow
    charge = ChargeControl(battery.charging)
    self.dialect = dialect
    bounds = Freshness.Bounds(battery)
    meter = EnergyMeter(longestGap: bounds.aging)
    accounts = Accounts(battery.accountTerms, longestGap: bounds.aging)
    outputs = Outputs(inverters, kind: (Label(dialect.title.utf8), Label(dialect.maker.utf8)))
  }

  /// Why no limits are decided, in a few words; `nil` while they are.
  package var silence: String? {
    if limits != nil { return nil }
    if isSlow { return "it is on the low-power plan, too rarely read to drive an inverter" }
    if snapshot.liveAt == nil { return "no reading yet" }
    if dialect.tellsCutoffs, snapshot.cutoffsAt == nil {
      return "the battery has not told its cutoffs yet"
    }
    return charge.silence.map { "\($0)" }
  }

  /// What the battery says it is doing, as a word; `nil` where it does not, or nobody names it.
  package var status: String? {
    snapshot.reading[.status].flatMap(dialect.statusName).map { "\($0)" }
  }

  /// How the conversation with the battery goes.
  package var statistics: SessionStatistics { session.statistics }

  /// What was heard from the inverter on an output.
  package func presence(output: Int) -> InverterPresence { outputs.all[output].presence }

  /// The wire to the battery was opened, or opened again.
  package mutating func linkOpened(at now: Tick) { session.linkOpened(at: now) }

  /// Bytes came from the battery.
  package mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    session.received(bytes, at: now)
  }

  /// A frame came from the bus of an output.
  package mutating func heard(_ frame: CANFrame, output: Int, at now: Tick) {
    if let isHeard = outputs.heard(frame, output: output, at: now) {
      events.append(.inverterHeard(isHeard))
    }
  }

  /// Whether it is still to be told what the counters stood at.
  package var needsCounters: Bool { earlier == nil }

  /// Takes over what the counters stood at when the last run ended; once.
  package mutating func resume(_ counters: Counters) {
    if earlier == nil { earlier = counters }
  }

  /// What to do next; called until it answers `wait`.
  package mutating func next(at now: Tick) -> Action {
    var wake = Tick.never
    conversation: while true {
      switch session.next(at: now) {
      case .send(let bytes): return .serial(bytes)
      case .reading(let reading, let isLive): take(reading, isLive: isLive, at: now)
      case .answered: break
      case .fault(let fault): note(fault, at: now)
      case .wait(let until):
        wake = until
        break conversation
      }
    }
    if isDue || now >= nextDecision { decide(at: now) }
    if !isSlow {
      if let (output, frame) = outputs.next(at: now) { return .frame(output: output, frame) }
      wake = min(wake, outputs.deadline)
    }
    return .wait(until: min(wake, nextDecision))
  }

  /// The frames that a stop for good sends as its last word, by output: one cycle of the stale stage.
  ///
  /// Empty where the inverter was never told anything.
  package mutating func farewell(at now: Tick) -> [[CANFrame]] {
    let wasTold = limits != nil
    let last = isSlow ? nil : charge.decide(snapshot, freshness: .stale, at: now)
    guard wasTold, let last else { return outputs.all.map { _ in [] } }
    return outputs.cycle(InverterPicture(snapshot: snapshot, freshness: .stale, limits: last))
  }

  /// How long the bus of an output is to be left alone before its farewell, in milliseconds, where its
  /// inverter asks for a time between two frames of one identifier.
  package func farewellPause(output: Int) -> Int64 { outputs.farewellPause(output) }

  mutating func take(_ reading: Reading, isLive: Bool, at now: Tick) {
    let before = snapshot.reading
    recognise(reading, isLive: isLive, at: now)
    snapshot.take(reading, at: now, isLive: isLive)
    if isLive {
      liveReadings += 1
      if !isSlow, let voltage = reading.voltage, let current = reading.current {
        meter.count(voltage, current, at: now)
        keepCounters(at: now)
        accounts.take(reading, mode: limits?.mode, into: &snapshot, at: now)
      }
    }
    if faults > 0, now - lastFaultAt >= Self.wellAfter {
      events.append(.recovered(faults: faults))
      faults = 0
      lastFault = nil
    }
    noteAlarms(before)
    if before.identity.serial == nil, snapshot.reading.identity.serial != nil {
      events.append(.identified(snapshot.reading.identity))
    }
    isDue = true
  }

  private mutating func keepCounters(at now: Tick) {
    guard let earlier else { return }
    snapshot.keep(.energyCharged, (earlier.energyCharged + meter.energyCharged).raw, at: now)
    snapshot.keep(
      .energyDischarged, (earlier.energyDischarged + meter.energyDischarged).raw, at: now)
    snapshot.keep(.chargeCharged, (earlier.chargeCharged + meter.chargeCharged).raw, at: now)
    snapshot.keep(
      .chargeDischarged, (earlier.chargeDischarged + meter.chargeDischarged).raw, at: now)
  }

  private mutating func note(_ fault: Fault, at now: Tick) {
    faults += 1
    lastFaultAt = now
    // A fault that repeats is counted, not said again; another kind is said.
    if lastFault.map({ "\($0.kind)" }) != "\(fault.kind)" { events.append(.fault(fault)) }
    lastFault = fault
  }

  mutating func noteAlarms(_ before: Reading) {
    let now = snapshot.reading
    guard before.alarms != now.alarms || before.warnings != now.warnings else { return }
    for alarm in now.alarms.subtracting(before.alarms).list { events.append(.alarmRaised(alarm)) }
    for alarm in before.alarms.subtracting(now.alarms).list { events.append(.alarmCleared(alarm)) }
    for alarm in now.warnings.subtracting(before.warnings).list {
      events.append(.warningRaised(alarm))
    }
    for alarm in before.warnings.subtracting(now.warnings).list {
      events.append(.warningCleared(alarm))
    }
  }

  /// What the inverters are to be told now.
  var picture: InverterPicture {
    InverterPicture(snapshot: snapshot, freshness: freshness, limits: limits)
  }

  private mutating func decide(at now: Tick) {
    isDue = false
    decisions += 1
    nextDecision = now + Self.decisionPeriod
    let stage = Freshness(age: snapshot.age(at: now), bounds: bounds)
    if stage != freshness { events.append(.freshness(stage, from: freshness)) }
    freshness = stage
    if stage >= .stale { accounts.hush(&snapshot, at: now) }
    let mode = limits?.mode
    // What the owner allows never stands in for what the battery has not told yet.
    let mayDecide = !isSlow && (!dialect.tellsCutoffs || snapshot.cutoffsAt != nil)
    limits = mayDecide ? decided(stage, at: now) : nil
    if let limits, limits.mode != mode { events.append(.mode(limits.mode, from: mode)) }
    if !isSlow { outputs.update(picture, at: now) }
    for index in outputs.all.indices {
      guard let isHeard = outputs.presenceNews(index, at: now) else { continue }
      events.append(.inverterHeard(isHeard))
    }
  }
}
