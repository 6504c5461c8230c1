// SPDX-License-Identifier: Apache-2.0
import Battery
import Charging
import Dialects
import Gateway
import Inverters
import Quantities
import Simulation
import Wire

/// A controller and a simulated bench joined without any I/O, in time that the test makes pass.
struct ClosedLoop {
  /// A frame on the bus and when it was sent.
  struct Sent {
    let at: Tick
    let frame: CANFrame
    /// Which of the buses.
    var output = 0
  }

  /// The language of the inverter on each bus; the simulated GX listens to the first.
  var profiles = ["victron"]
  /// What each inverter is told otherwise than its profile has it.
  var mapping: [MappingChange] = []

  var rig: Rig
  var controller: Controller?
  private(set) var now = Tick(1000)
  private(set) var sent: [Sent] = []
  private(set) var events: [ControlEvent] = []
  /// The highest true voltage that any cell ever had, V.
  private(set) var highestCell = 0.0
  /// When bytes of the battery reached the controller.
  private(set) var deliveries: Set<Tick> = []
  /// Which bytes of the battery get lost on the way.
  var loses: ([UInt8]) -> Bool = { _ in false }
  let battery: BatterySettings

  init(
    _ scenario: Scenario, speed: Int64 = 1, seed: UInt64 = 1,
    change: (inout BatterySettings) -> Void = { _ in }
  ) {
    rig = Rig(scenario, seed: seed, speed: speed, at: now)
    var battery = BatterySettings(
      name: "test", dialect: "tinybms", link: .serial(SerialSettings(path: "none")))
    battery.charging.maxChargeCurrent = .amperes(60)
    battery.charging.maxDischargeCurrent = .amperes(100)
    change(&battery)
    self.battery = battery
  }

  /// Starts a gateway, as a process would start.
  mutating func start() {
    let inverters = profiles.map { profile in
      var inverter = InverterSettings(name: profile, battery: "test", link: .file(profile))
      inverter.profile = profile
      inverter.mapping = mapping
      return inverter
    }
    var fresh = Controller(dialect: .tinyBMS, battery: battery, inverters: inverters)
    fresh.resume(Controller.Counters())
    fresh.resume(Accounts.Earlier(), gap: nil, at: now)
    fresh.linkOpened(at: now)
    controller = fresh
  }

  /// Ends the gateway as `kill -9` would.
  mutating func kill() { controller = nil }

  /// Lets time pass.
  mutating func run(_ milliseconds: Int64) {
    let end = now + milliseconds
    while now < end {
      var wake = min(end, rig.deadline)
      rig.advance(to: now)
      while case .send(let bytes) = rig.serialNext(at: now) {
        guard !loses(bytes) else { continue }
        deliveries.insert(now)
        controller?.received(bytes.span, at: now)
      }
      while let frame = rig.canNext(at: now) { controller?.heard(frame, output: 0, at: now) }
      wake = min(wake, step())
      highestCell = max(highestCell, rig.view.cellVoltages.max() ?? 0)
      now = max(now + 1, min(wake, now + 100))
    }
  }

  private mutating func step() -> Tick {
    while controller != nil {
      switch controller?.next(at: now) {
      case .serial(let bytes): rig.serialReceived(bytes.span, at: now)
      case .frame(let output, let frame):
        sent.append(Sent(at: now, frame: frame, output: output))
        if output == 0 { rig.canReceived(frame, at: now) }
      case .wait(let until):
        events += controller?.events ?? []
        controller?.events.removeAll()
        return until
      case nil: break
      }
    }
    return .never
  }

  /// Frames with an identifier, sent after a moment.
  func frames(_ id: UInt32, since: Tick = Tick(0)) -> [Sent] {
    sent.filter { $0.frame.id == id && $0.at >= since }
  }

  /// The modes that the charge control went through, in order.
  var modes: [ChargeMode] {
    events.compactMap { if case .mode(let mode, _) = $0 { mode } else { nil } }
  }

  /// The stages that the readings went through, in order.
  var stages: [Freshness] {
    events.compactMap { if case .freshness(let stage, _) = $0 { stage } else { nil } }
  }
}
