// SPDX-License-Identifier: Apache-2.0

package import Battery
import Charging
import Quantities
import Simulation

/// A charge control at work on a simulated pack for days or months, watched at each step.
package struct Trial {
  /// What it began with.
  package let design: TrialDesign
  /// What was seen on the way, for those who want to know whether a trial tried anything.
  package private(set) var tally = Tally()

  private var pack: SimulatedPack
  private var battery: ShownBattery
  private var inverter: ObeyingInverter
  private var control: ChargeControl
  private var snapshot = Snapshot()
  private var settings: ChargeSettings
  private var law: Law
  private var calm = Calm()
  private var progress: Progress
  private var story = Story()
  private var second: Int64 = 0
  private var pace: Int64 = 1
  private var readings = 0
  private var reloads: Set<Int64> = []
  private var busyUntil: Int64 = 120
  private var last: Limits?
  private let meddle: (Limits?, Int64) -> Limits?

  /// A trial at its beginning.
  ///
  /// `meddle` may change what was decided, with the second of the trial: so that it can be seen whether
  /// the law would notice.
  package init(
    _ design: TrialDesign, meddle: @escaping (Limits?, Int64) -> Limits? = { limits, _ in limits }
  ) {
    self.design = design
    self.meddle = meddle
    var pack = SimulatedPack(design.pack, seed: design.seed)
    pack.setPace(milliseconds: 1000)
    if let weak = design.weak { pack.weaken(weak.cell, capacity: weak.share, resistance: 1.5) }
    self.pack = pack
    battery = ShownBattery(design)
    inverter = ObeyingInverter(design.inverter)
    settings = design.settings
    control = ChargeControl(design.settings)
    law = Law(design.settings, bounds: Freshness.Bounds(period: design.bms.period))
    progress = Progress(design)
  }

  /// Lives to the end, or to the first thing that is wrong.
  package mutating func run() throws(Failure) {
    if let problem = design.settings.validate().first {
      throw Failure(
        rule: "the draw", detail: "\(problem)", second: 0, scenes: [], design: design)
    }
    do throws(Failure) {
      while second < design.seconds { try step() }
    } catch {
      var failure = error
      failure.design = design
      throw failure
    }
  }

  private mutating func step() throws(Failure) {
    let troubles = design.troubles.active(at: second)
    setPace(troubles)
    second += pace
    let step = Double(pace)
    let sun = design.sun.watts(at: second, seed: design.seed ^ 0x5355_4E)
    let load = design.load.watts(at: second, seed: design.seed)
    push(troubles, sun: sun, load: load, step: step)

    let shown = battery.show(&pack, troubles, at: second, step: step)
    let now = Tick(second * 1000)
    if arrives(troubles) { snapshot.take(reported(shown, troubles), at: now, isLive: true) }
    reload(troubles)
    let freshness = Freshness(age: snapshot.age(at: now), bounds: law.bounds)
    let limits = meddle(control.decide(snapshot, freshness: freshness, at: now), second)
    inverter.hear(limits, at: second)

    let highest = pack.cells.map(\.voltage).max() ?? 0
    let scene = Scene(
      second: second, step: step, freshness: freshness, reading: snapshot.reading, limits: limits,
      silence: control.silence, highest: highest, amperes: pack.current, sun: sun,
      load: load, troubles: troubles)
    story.tell(scene)
    count(scene)
    if limits?.mode != last?.mode || limits?.chargeCurrent.value != last?.chargeCurrent.value {
      busyUntil = max(busyUntil, second + 45)
    }
    last = limits
    try watch(scene)
  }

  private mutating func watch(_ scene: Scene) throws(Failure) {
    if let (rule, detail) = law.judge(scene, snapshot) { throw story.failure(rule, detail) }
    if let (rule, detail) = calm.judge(scene, isSteady: design.isSteady) {
      throw story.failure(rule, detail)
    }
    tally.most = calm.most
    if let (rule, detail) = progress.judge(scene, pack) { throw story.failure(rule, detail) }
    tally.excess = progress.excess
  }

  /// A second near whatever may act, ten in between.
  private mutating func setPace(_ troubles: [Trouble.Kind]) {
    let reading = snapshot.reading
    let highest = reading.cells.extremes.map { reading.cells[$0.highest] } ?? reading.cellMax
    let float = settings.float ?? .zero
    let isNearTop = highest.map { $0 >= float - .millivolts(30) } ?? true
    if isNearTop, pack.current > 0 { busyUntil = max(busyUntil, second + 10) }
    for trouble in design.troubles where trouble.start < second + 10 {
      let end = trouble.start + min(trouble.length, 300)
      if second < end + 130 { busyUntil = max(busyUntil, second + 10) }
      let over = trouble.start + trouble.length
      if (over - 12..<over + 130).contains(second) { busyUntil = max(busyUntil, second + 10) }
    }
    let wanted: Int64 = second < busyUntil ? 1 : 10
    guard wanted != pace else { return }
    pace = wanted
    pack.setPace(milliseconds: wanted * 1000)
  }

  private mutating func push(_ troubles: [Trouble.Kind], sun: Double, load: Double, step: Double) {
    pack.surroundings = design.climate.celsius(at: second)
    var current = inverter.current(pack.source, sun: sun, demand: load, at: second, step: step)
    for case .regeneration(let share) in troubles {
      current += share * Double((design.settings.maxChargeCurrent ?? .zero).raw) / 1000
    }
    if !battery.isChargeOn { current = min(0, current) }
    if !battery.isDischargeOn { current = max(0, current) }
    pack.advance(current)
  }

  private mutating func arrives(_ troubles: [Trouble.Kind]) -> Bool {
    readings += 1
    for trouble in troubles {
      switch trouble {
      case .lost: return false
      case .flicker where readings % 2 == 0: return false
      default: break
      }
    }
    return true
  }

  /// What a battery asks for that reports limits of its own: usually more than is wanted.
  private func reported(_ reading: Reading, _ troubles: [Trouble.Kind]) -> Reading {
    guard design.bms.tellsLimits else { return reading }
    var reading = reading
    var share = (volts: 1.05, amperes: 2.0)
    for case .reported(let volts, let amperes) in troubles { share = (volts, amperes) }
    let bulk = Double((design.settings.absorption ?? .zero).raw) / 10 * Double(pack.cells.count)
    reading.set(.chargeVoltageLimit, Voltage(clamping: Int64(bulk * share.volts)))
    let most = Double((design.settings.maxChargeCurrent ?? .zero).raw)
    reading.set(.chargeCurrentLimit, Current(clamping: Int64(most * share.amperes)))
    return reading
  }

  private mutating func reload(_ troubles: [Trouble.Kind]) {
    for trouble in design.troubles where trouble.holds(at: second) {
      guard case .reload(let factor) = trouble.kind, reloads.insert(trouble.start).inserted else {
        continue
      }
      let amperes = Double((design.settings.maxChargeCurrent ?? .zero).raw) * factor
      settings.maxChargeCurrent = Current(clamping: Int64(amperes))
      control = ChargeControl(settings)
      snapshot = Snapshot()
      law = Law(settings, bounds: law.bounds)
    }
  }

  private mutating func count(_ scene: Scene) {
    tally.steps += 1
    guard let mode = scene.limits?.mode else {
      tally.silent += Int64(scene.step)
      return
    }
    tally.modes[Int(mode.rawValue)] += Int64(scene.step)
    if mode != last?.mode { tally.entries[Int(mode.rawValue)] += 1 }
  }
}
