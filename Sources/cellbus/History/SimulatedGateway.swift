// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import History
import Quantities
import Simulation

/// A gateway and its simulated bench in one loop, without wires and as fast as the processor allows.
struct SimulatedGateway {
  private var rig: Rig
  private var controller: Controller
  private var sampler = Sampler()
  private var now: Tick
  private let start: Tick
  /// The wall clock at the start, in milliseconds since 1970.
  private let wall: Int64
  private let battery: Int
  private var sequence: Int64 = 0
  private var seen: (readings: UInt64, freshness: Freshness) = (0, .lost)

  /// A bench at the beginning of a scenario, whose clock on the wall shows `wall`.
  init(_ scenario: Scenario, seed: UInt64, battery: Int, wall: Int64) {
    start = Tick(1_000_000)
    now = start
    self.wall = wall
    self.battery = battery
    rig = Rig(scenario, seed: seed, at: now)
    var settings = BatterySettings(
      name: "simulated", dialect: "tinybms", link: .serial(SerialSettings(path: "none")))
    // As often as is stored: the charge control decides no worse for it.
    settings.pollPeriod = 1000
    let bus = InverterSettings(name: "gx", battery: "simulated", link: .file("none"))
    controller = Controller(dialect: .tinyBMS, battery: settings, inverters: [bus])
    controller.resume(Controller.Counters())
    controller.linkOpened(at: now)
  }

  /// Both clocks now.
  var moment: Moment { Moment(now, wall: wall + (now - start)) }

  /// Lets a minute pass and stores what a gateway would have stored of it.
  mutating func live(into store: HistoryStore) throws(HistoryError) {
    var records: [Record] = []
    var events: [Event] = []
    let end = now + 60_000
    while now < end {
      rig.advance(to: now)
      while case .send(let bytes) = rig.serialNext(at: now) {
        controller.received(bytes.span, at: now)
      }
      while let frame = rig.canNext(at: now) { controller.heard(frame, output: 0, at: now) }
      let wake = min(end, rig.deadline, step())
      note(&records, &events)
      now = max(now + 1, min(wake, now + 250))
    }
    for index in records.indices { records[index].boot = store.boot }
    for index in events.indices { events[index].boot = store.boot }
    try store.append(records, events: events, at: moment)
  }

  private mutating func step() -> Tick {
    while true {
      switch controller.next(at: now) {
      case .serial(let bytes): rig.serialReceived(bytes.span, at: now)
      case .frame(_, let frame): rig.canReceived(frame, at: now)
      case .wait(let until):
        controller.events.removeAll(keepingCapacity: true)
        return until
      }
    }
  }

  /// Takes each new reading and each change of stage over, as the gateway's hub does.
  private mutating func note(_ records: inout [Record], _ events: inout [Event]) {
    let mark = (controller.liveReadings, controller.freshness)
    guard mark != seen else { return }
    seen = mark
    sequence += 1
    let record = Record(
      battery: battery, sequence: sequence, snapshot: controller.snapshot,
      limits: controller.limits, freshness: controller.freshness, at: moment)
    sampler.take(record, records: &records, events: &events)
  }
}
