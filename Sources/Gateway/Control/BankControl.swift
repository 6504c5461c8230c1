// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Inverters
package import Packs
package import Quantities
package import Wire

/// The control path of one bank without any I/O: fed with what the controls of its batteries know, and with
/// frames and time, it answers.
package struct BankControl {
  /// How often limits are decided again at least, in milliseconds.
  private static let decisionPeriod: Int64 = 250

  /// The settings that are obeyed.
  package private(set) var settings: BankSettings
  /// The bank.
  package private(set) var bank: Bank
  /// Values that another battery tells in place of the packs, and whether they do so now.
  package private(set) var sources: [Source]
  /// How often limits were decided; each time there may be something new to show.
  package private(set) var decisions: UInt64 = 0
  /// How many decisions were made on new readings.
  package private(set) var liveReadings: UInt64 = 0
  /// What happened since this was last emptied by the caller.
  package var events: [ControlEvent] = []
  var outputs: Outputs
  private var nextDecision = Tick(.min)
  private var seen: [UInt64] = []

  /// One value from elsewhere.
  package struct Source: Sendable {
    /// The value.
    package let point: Point
    /// The battery that tells it.
    package let battery: String
    /// Whether it is taken from there now; otherwise the packs' own stands.
    package fileprivate(set) var isInUse = false
    fileprivate var wasTold = false
  }

  /// The control of one bank.
  package init(_ settings: BankSettings, _ inverters: [InverterSettings]) {
    self.settings = settings
    bank = Bank(settings.wiring, settings.terms)
    sources = settings.sources.map { Source(point: $0.point, battery: $0.battery) }
    outputs = Outputs(inverters, kind: (Label(settings.name.utf8), Label("Cellbus")))
  }

  /// What was heard from the inverter on an output.
  package func presence(output: Int) -> InverterPresence { outputs.all[output].presence }

  /// A frame came from the bus of an output.
  package mutating func heard(_ frame: CANFrame, output: Int, at now: Tick) {
    if let isHeard = outputs.heard(frame, output: output, at: now) {
      events.append(.inverterHeard(isHeard))
    }
  }

  /// Whether anything is to be decided: a battery has decided something new, or it is time.
  package func isDue(_ decided: [UInt64], at now: Tick) -> Bool {
    now >= nextDecision || decided != seen
  }

  /// Decides anew.
  ///
  /// - Parameters:
  ///   - members: what its batteries say, in their order.
  ///   - decided: how often each of them has decided.
  ///   - readings: how many live readings of them were accepted in all.
  ///   - others: the value of a point of a battery that is to be believed now, by its name.
  ///   - now: the moment.
  package mutating func decide(
    _ members: [Member], decided: [UInt64], readings: UInt64,
    others: (String, Point) -> Snapshot.Sample?, at now: Tick
  ) {
    seen = decided
    nextDecision = now + Self.decisionPeriod
    decisions += 1
    let before = bank
    bank.decide(members, at: now)
    liveReadings = readings
    takeSources(others, at: now)
    noteChanges(since: before)
    outputs.update(picture, at: now)
    for index in outputs.all.indices {
      guard let isHeard = outputs.presenceNews(index, at: now) else { continue }
      events.append(.inverterHeard(isHeard))
    }
  }

  /// The next frame that is due, or when to ask again.
  package mutating func next(at now: Tick) -> Controller.Action {
    if let (output, frame) = outputs.next(at: now) { return .frame(output: output, frame) }
    return .wait(until: min(outputs.deadline, nextDecision))
  }

  /// Obeys other settings from now on.
  ///
  /// With the same packs in the same arrangement nothing of what is known is forgotten; with others the bank
  /// begins anew, and says nothing until it knows them, which takes a second.
  package mutating func reconfigure(
    _ new: BankSettings, _ inverters: [InverterSettings], at now: Tick
  ) {
    let isSame = new.memberNames == settings.memberNames && new.wiring == settings.wiring
    let told = sources
    settings = new
    if isSame { bank.terms = new.terms } else { bank = Bank(new.wiring, new.terms) }
    sources = new.sources.map { source in
      told.first { $0.point == source.point && $0.battery == source.battery }
        ?? Source(point: source.point, battery: source.battery)
    }
    nextDecision = Tick(.min)
    outputs.reconfigure(inverters, picture, at: now)
  }

  /// The frames that a stop for good sends as its last word, by output: one cycle of the stale stage.
  package func farewell() -> [[CANFrame]] {
    guard let limits = bank.limits else { return outputs.all.map { _ in [] } }
    var last = limits
    last.chargeCurrent = Limit(.zero, .freshness(.stale))
    if let float = bank.float { last.chargeVoltage.narrow(to: float, .freshness(.stale)) }
    return outputs.cycle(
      InverterPicture(snapshot: bank.snapshot, freshness: .stale, limits: last, bank: modules))
  }

  /// How long the bus of an output is to be left alone before its farewell, in milliseconds.
  package func farewellPause(output: Int) -> Int64 { outputs.farewellPause(output) }

  /// How many packs are in which state, and which hold the extremes.
  package var modules: InverterBank {
    func count(_ isSo: (PackState) -> Bool) -> UInt16 {
      UInt16(clamping: bank.states.count(where: isSo))
    }
    return InverterBank(
      modules: InverterModules(
        online: count(\.isHeard),
        blockingCharge: count { $0 == .blocksCharge || $0 == .open || $0 == .apart },
        blockingDischarge: count { $0 == .blocksDischarge || $0 == .open || $0 == .apart },
        offline: count { !$0.isHeard }),
      lowestCellModule: bank.lowestCellPack.map { $0 + 1 },
      highestCellModule: bank.highestCellPack.map { $0 + 1 })
  }

  private var picture: InverterPicture {
    InverterPicture(
      snapshot: bank.snapshot, freshness: bank.freshness, limits: bank.limits, bank: modules)
  }

  private mutating func takeSources(
    _ others: (String, Point) -> Snapshot.Sample?, at now: Tick
  ) {
    for index in sources.indices {
      let source = sources[index]
      let sample = others(source.battery, source.point)
      if let sample { bank.take(source.point, sample.value, at: sample.at) }
      let isInUse = sample != nil
      // At the start it is not news that nothing has come yet.
      if isInUse != source.isInUse, isInUse || source.wasTold {
        events.append(.source(source.point, battery: source.battery, isInUse: isInUse))
      }
      sources[index].isInUse = isInUse
      sources[index].wasTold = source.wasTold || isInUse
    }
  }

  private mutating func noteChanges(since before: Bank) {
    for (number, state) in bank.states.enumerated() where state != before.states[number] {
      // A pack that is a little late now and then is not worth a line each time.
      let isLateOnly = [state, before.states[number]].allSatisfy { $0 == .late || $0 == .online }
      if isLateOnly { continue }
      events.append(.pack(settings.memberNames[number], state, from: before.states[number]))
    }
    if bank.freshness != before.freshness {
      events.append(.freshness(bank.freshness, from: before.freshness))
    }
    if let limits = bank.limits, limits.mode != before.limits?.mode {
      events.append(.mode(limits.mode, from: before.limits?.mode))
    }
  }
}
