// SPDX-License-Identifier: Apache-2.0
import Battery
import Packs
import Quantities

/// A pack as a test wants it: what it measures, what it allows, and whether it is heard.
struct Pack {
  var name: String
  var volts: Int32 = 53_000
  var milliamperes: Int32 = 0
  var soc: Int32 = 50
  var ampereHours: Int64 = 100
  var cellVoltages: [Int32] = Array(repeating: 3313, count: 16)
  var charge: Int32 = 50
  var discharge: Int32 = 80
  var ceiling: Int32 = 55_200
  var float: Int32 = 54_000
  var takes = true
  var gives = true
  var alarms: AlarmSet = []
  var extra: [(Point, Int64)] = []
  var reasons: (voltage: Reason, charge: Reason, discharge: Reason) = (
    .mode(.bulk), .battery, .battery
  )
  /// When its last good frame came.
  var heardAt: Tick?
  var snapshot = Snapshot()
  static let bounds = Freshness.Bounds(period: 250)

  init(_ name: String) { self.name = name }

  /// Its current in whole amperes.
  var amperes: Int32 {
    get { milliamperes / 1000 }
    set { milliamperes = newValue * 1000 }
  }

  /// A good frame comes now.
  mutating func tell(at now: Tick) {
    var reading = Reading()
    reading.set(.voltage, Voltage(raw: volts))
    reading.set(.current, Current(raw: milliamperes))
    reading.set(.soc, Percent.percent(soc))
    reading.set(.full, Charge.ampereHours(ampereHours))
    reading[.chargeEnabled] = takes ? 1 : 0
    reading[.dischargeEnabled] = gives ? 1 : 0
    for cell in cellVoltages { reading.cells.append(CellVoltage.millivolts(cell)) }
    reading[.cellCount] = Int64(cellVoltages.count)
    reading.reportsAlarms = true
    reading.alarms = alarms
    reading.reportable = .of(.cellOvervoltage, .cellUndervoltage)
    for (point, value) in extra { reading[point] = value }
    snapshot.take(reading, at: now, isLive: true)
    heardAt = now
  }

  func freshness(at now: Tick) -> Freshness {
    Freshness(age: heardAt.map { now - $0 }, bounds: Self.bounds)
  }

  /// What its own control would say, by the stages of docs/charging.md.
  func limits(at now: Tick) -> Limits? {
    let stage = freshness(at: now)
    guard stage < .lost else { return nil }
    let isStale = stage == .stale
    return Limits(
      chargeVoltage: Limit(
        Voltage(raw: isStale ? min(float, ceiling) : ceiling),
        isStale ? .freshness(.stale) : reasons.voltage),
      chargeCurrent: isStale || !takes
        ? Limit(.zero, isStale ? .freshness(.stale) : .chargeSwitchOpen)
        : Limit(.amperes(charge), reasons.charge),
      dischargeCurrent: gives
        ? Limit(.amperes(discharge), reasons.discharge) : Limit(.zero, .dischargeSwitchOpen),
      dischargeVoltage: Voltage(raw: 44_800), mode: .bulk)
  }

  func member(at now: Tick) -> Member {
    var member = Member(Label(name.utf8), bounds: Self.bounds)
    member.snapshot = snapshot
    member.freshness = freshness(at: now)
    member.limits = limits(at: now)
    member.float = CellVoltage(raw: float * 10 / 16)
    return member
  }
}

/// A bank and its packs in time that the test makes pass.
struct Stand {
  var packs: [Pack]
  var bank: Bank
  var now = Tick(1_000_000)
  /// Packs that say nothing.
  var silent: Set<Int> = []
  /// Every decision: when, and what.
  var told: [(at: Tick, limits: Limits?)] = []

  init(_ packs: [Pack], _ wiring: Wiring? = nil, _ terms: BankTerms = BankTerms()) {
    self.packs = packs
    bank = Bank(wiring ?? .parallel(packs.indices.map { .pack($0) }), terms)
  }

  /// Lets time pass in steps of 250 ms.
  mutating func run(_ seconds: Int64) {
    for _ in 0..<(seconds * 4) { step() }
  }

  mutating func step() {
    now = now + 250
    for index in packs.indices where !silent.contains(index) { packs[index].tell(at: now) }
    bank.decide(packs.map { $0.member(at: now) }, at: now)
    told.append((now, bank.limits))
  }

  /// CVL in mV, CCL and DCL in mA.
  var limits: [Int32]? {
    bank.limits.map {
      [$0.chargeVoltage.value.raw, $0.chargeCurrent.value.raw, $0.dischargeCurrent.value.raw]
    }
  }
}
