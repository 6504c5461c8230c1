// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Gateway
import Glibc
import Inverters
import Machine
import Quantities
import Simulation
import Wire

/// A gateway's controller and a simulated bench, joined without any I/O, for hours in seconds.
///
/// Faults come and go all the time, and each is over before the next but one begins. What must hold: the
/// GX has nothing to complain of, it is told limits once a second unless the battery is silent, no cell
/// passes its ceiling by charging that was allowed, modes stay calm, everything is well again in the end,
/// and memory does not grow.
struct LoopSoak {
  /// The benches: an hour full of events, a house, a camper, a shed.
  static let scenarios: [Scenario] = [.demo, .house, .camper, .solarDay]
  /// How far a cell may pass 3.5 V, V; as in the trials.
  private static let tolerance = 0.05

  private let seed: UInt64
  private var rig: Rig
  private var controller: Controller
  private var random: SeededRandom
  private var now = Tick(1000)
  private var troubleUntil = Tick(1000)
  private var nextTrouble = Tick(121_000)
  private var heardAt = Tick(1000)
  private var limitsAt: Tick?
  private var modes: [Tick] = []
  private var troubles = 0
  private var problems: [String] = []
  private var highest = 0.0
  private var longest: Int64 = 0
  private var restarts = 0

  init(_ scenario: Scenario, seed: UInt64) {
    self.seed = seed
    var scenario = scenario
    scenario.faults = []
    random = SeededRandom(seed: seed ^ 0x534F_414B)
    rig = Rig(scenario, seed: seed, at: now)
    controller = Self.controller()
    controller.linkOpened(at: now)
  }

  private static func controller() -> Controller {
    var battery = BatterySettings(
      name: "soak", dialect: "tinybms", link: .serial(SerialSettings(path: "none")))
    battery.charging.maxChargeCurrent = .amperes(60)
    battery.charging.maxDischargeCurrent = .amperes(100)
    let inverter = InverterSettings(name: "gx", battery: "soak", link: .file("none"))
    var controller = Controller(dialect: .tinyBMS, battery: battery, inverters: [inverter])
    controller.resume(Controller.Counters())
    return controller
  }

  /// Lives so many hours and tells of them; answers whether nothing was wrong.
  mutating func run(hours: Int64) -> Bool {
    var resident: [Int64] = []
    let hour: Int64 = 3_600_000
    for quarter in 1...4 {
      live(until: Tick(1000 + hours * hour * Int64(quarter) / 4), isLast: quarter == 4)
      resident.append(ProcessMemory.resident)
    }
    rig.endFaults(at: now)
    live(until: now + 120_000, isLast: true)
    if controller.freshness != .fresh || rig.gx.state == .bmsLost {
      note("not well again: \(controller.freshness.name), GX \(rig.gx.state.name)")
    }
    if rig.gx.complaints != .init() { note("the GX complains: \(rig.gx.complaints)") }
    // A quarter of the run and a whole run must not differ by more than the allocator's mood.
    if resident[3] - resident[0] > 1024 { note("memory grew: \(resident) KiB") }
    print(
      "\(rig.scenario.name), seed \(seed): \(hours) h, \(rig.gx.frames) frames, \(troubles) faults, "
        + "\(restarts) restarts, longest gap \(longest) ms, highest cell \(Int(highest * 1000)) mV, "
        + "resident \(resident) KiB: \(problems.isEmpty ? "sound" : "NOT SOUND")")
    for problem in problems { print("  \(problem)") }
    fflush(nil)
    return problems.isEmpty
  }

  private mutating func live(until end: Tick, isLast: Bool) {
    while now < end {
      if now >= nextTrouble, !isLast || end - now > 1_800_000 { trouble() }
      rig.advance(to: now)
      while case .send(let bytes) = rig.serialNext(at: now) {
        controller.received(bytes.span, at: now)
      }
      while let frame = rig.canNext(at: now) { controller.heard(frame, output: 0, at: now) }
      let wake = step()
      watch()
      now = max(now + 1, min(end, wake, rig.deadline, now + 100))
    }
  }

  private mutating func step() -> Tick {
    while true {
      switch controller.next(at: now) {
      case .serial(let bytes): rig.serialReceived(bytes.span, at: now)
      case .frame(_, let frame):
        if frame.id == 0x351 { limitsCame() }
        rig.canReceived(frame, at: now)
      case .wait(let until):
        for event in controller.events {
          if case .mode(_, from: .some) = event { modes.append(now) }
        }
        controller.events.removeAll(keepingCapacity: true)
        return until
      }
    }
  }

  private mutating func limitsCame() {
    // While the battery is lost, silence is what is wanted.
    if let limitsAt, heardAt == now || controller.freshness < .stale, now - troubleUntil > 70_000 {
      longest = max(longest, now - limitsAt)
      if now - limitsAt > 1100 { note("no limits for \(now - limitsAt) ms at \(now)") }
    }
    limitsAt = now
  }

  private mutating func watch() {
    if controller.freshness == .fresh { heardAt = now }
    guard now.milliseconds % 1000 < 100 else { return }
    for cell in rig.pack.cells { highest = max(highest, cell.voltage) }
    let isPushed = now - troubleUntil < 60_000
    if !isPushed, rig.pack.current > 0, let top = rig.pack.cells.map(\.voltage).max(),
      top > 3.5 + Self.tolerance
    {
      note("a cell at \(top) V at \(now)")
    }
    modes.removeAll { $0 < now + -3_600_000 }
    if modes.count > 20 {
      note("\(modes.count) modes in an hour at \(now)")
      modes = []
    }
  }

  /// Something goes wrong, or the gateway is started anew.
  private mutating func trouble() {
    troubles += 1
    let length = [2, 5, 12, 45, 90, 300][Int(random.below(6))] * 1000
    if random.below(8) == 0 {
      restarts += 1
      controller = Self.controller()
      controller.linkOpened(at: now)
    } else {
      let fault = SimulatedFault.all[Int(random.below(UInt64(SimulatedFault.all.count)))]
      rig.begin(fault, for: Int64(length), at: now)
    }
    troubleUntil = now + Int64(length)
    nextTrouble = troubleUntil + 60_000 + Int64(random.below(900_000))
  }

  private mutating func note(_ problem: String) {
    if problems.count < 10 { problems.append(problem) }
  }
}
