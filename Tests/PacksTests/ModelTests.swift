// SPDX-License-Identifier: Apache-2.0
import Battery
import Packs
import Quantities
import Testing

/// Packs that live, fall silent and come back at random, held against what docs/banks.md promises.
@Suite("Random banks keep the law")
struct ModelTests {
  /// A bank of random packs in random trouble.
  struct World {
    var stand: Stand
    var dice: Dice
    /// How often each pack is read, in steps.
    var periods: [Int]
    /// The share of the current that each truly carries, in thousandths.
    var shares: [Int]
    /// For how many steps the trouble of each still lasts.
    var trouble: [Int]
    var load = 0
    var clock = 0
    let isCalm: Bool

    init(seed: UInt64, isCalm: Bool = false) {
      dice = Dice(seed)
      self.isCalm = isCalm
      let count = dice.number(2...5)
      var packs: [Pack] = []
      for index in 0..<count {
        var pack = Pack("p\(index)")
        pack.ampereHours = Int64(dice.number(50...300))
        pack.charge = Int32(dice.number(20...100))
        pack.discharge = Int32(dice.number(30...150))
        pack.ceiling = Int32(dice.number(54_200...55_200))
        packs.append(pack)
      }
      periods = Array(repeating: 1, count: count)
      for index in periods.indices { periods[index] = [1, 1, 2, 4][dice.number(0...3)] }
      var terms = BankTerms()
      terms.absence = [.guarded, .guarded, .stop][dice.number(0...2)]
      terms.fewest = dice.number(1...2)
      stand = Stand(packs, nil, terms)
      shares = packs.map { _ in 0 }
      for index in shares.indices { shares[index] = dice.number(70...130) }
      trouble = Array(repeating: 0, count: count)
    }

    mutating func step() {
      clock += 1
      if !isCalm, dice.oneIn(400) { load = dice.number(-150...120) }
      let total = shares.indices.reduce(0) {
        $0 + (stand.packs[$1].takes && stand.packs[$1].gives ? shares[$1] : 0)
      }
      stand.silent = []
      for index in stand.packs.indices {
        if !isCalm { disturb(index) }
        let isIn = stand.packs[index].takes && stand.packs[index].gives
        stand.packs[index].milliamperes =
          Int32(isIn && total > 0 ? load * 1000 * shares[index] / total : 0)
        if trouble[index] > 0 && isSilent[index] || clock % periods[index] != 0 {
          stand.silent.insert(index)
        }
      }
      stand.step()
    }

    var isSilent: [Bool] = Array(repeating: false, count: 5)

    private mutating func disturb(_ index: Int) {
      if trouble[index] > 0 {
        trouble[index] -= 1
        guard trouble[index] == 0 else { return }
        isSilent[index] = false
        (stand.packs[index].takes, stand.packs[index].gives) = (true, true)
        stand.packs[index].volts = 53_000
        return
      }
      if dice.oneIn(60) { stand.packs[index].charge = Int32(dice.number(0...100)) }
      if dice.oneIn(90) { stand.packs[index].discharge = Int32(dice.number(0...150)) }
      guard dice.oneIn(500) else { return }
      trouble[index] = dice.number(4...1200)
      switch dice.number(0...4) {
      case 0, 1: isSilent[index] = true
      case 2: stand.packs[index].takes = false
      case 3: stand.packs[index].gives = false
      default:
        (stand.packs[index].takes, stand.packs[index].gives) = (false, false)
        stand.packs[index].volts = Int32(dice.number(52_000...54_000))
      }
    }
  }

  private static let seeds = (1...10).map { UInt64($0) }

  @Test("Limits", arguments: seeds)
  func limits(seed: UInt64) {
    var world = World(seed: seed)
    var before: Limits?
    for step in 0..<2400 {
      world.step()
      let (stand, bank) = (world.stand, world.stand.bank)
      let context: Comment = "seed \(seed), step \(step): \(bank.states.map { "\($0.name)" })"
      let stages = stand.packs.map { $0.freshness(at: stand.now) }
      let heard = stages.count { $0 < .lost }
      guard let limits = bank.limits else {
        before = nil
        // Nothing is sent only at the start, and where too few are heard.
        let isFew = heard < max(1, min(bank.terms.fewest, stand.packs.count))
        #expect(isFew || bank.silence == .starting, context)
        continue
      }
      #expect(heard >= max(1, min(bank.terms.fewest, stand.packs.count)), context)
      let isAnyFresh = stages.contains(.fresh)
      var (charge, discharge): (Int32, Int32) = (0, 0)
      for (pack, stage) in zip(stand.packs, stages) {
        let own = pack.limits(at: stand.now)
        // CVL never exceeds that of any pack that is, or was, heard.
        let guards =
          own?.chargeVoltage.value ?? (pack.heardAt == nil ? nil : Voltage(raw: pack.float))
        if let guards { #expect(limits.chargeVoltage.value <= guards, context) }
        guard let own, stage < .stale || !isAnyFresh else { continue }
        charge += own.chargeCurrent.value.raw
        discharge += own.dischargeCurrent.value.raw
        // A closed pack that is heard and allows nothing stops the whole.
        guard stage < .stale, pack.takes, pack.gives, pack.volts == 53_000 else { continue }
        let index = stand.packs.firstIndex { $0.name == pack.name } ?? 0
        guard bank.states[index] != .apart else { continue }
        if own.chargeCurrent.value == .zero {
          #expect(limits.chargeCurrent.value == .zero, context)
        }
        if own.dischargeCurrent.value == .zero {
          #expect(limits.dischargeCurrent.value == .zero, context)
        }
      }
      #expect(limits.chargeCurrent.value.raw <= charge, context)
      #expect(limits.dischargeCurrent.value.raw <= discharge, context)
      #expect(
        limits.chargeCurrent.value >= .zero && limits.dischargeCurrent.value >= .zero, context)
      if bank.terms.absence == .stop, stages.contains(where: { $0 >= .stale }) {
        #expect(limits.chargeCurrent.value == .zero, context)
      }
      if let before {
        // A quarter of a second's rise.
        #expect(
          limits.chargeCurrent.value - before.chargeCurrent.value <= .milliamperes(2500), context)
        #expect(
          limits.dischargeCurrent.value - before.dischargeCurrent.value <= .milliamperes(2500),
          context)
        #expect(
          limits.chargeVoltage.value - before.chargeVoltage.value <= Voltage(raw: 2), context)
      }
      before = limits
    }
  }

  @Test("Values", arguments: seeds)
  func values(seed: UInt64) {
    var world = World(seed: seed &+ 100)
    for step in 0..<1600 {
      world.step()
      let (stand, bank) = (world.stand, world.stand.bank)
      let context: Comment = "seed \(seed), step \(step): \(bank.states.map { "\($0.name)" })"
      guard bank.freshness < .stale else { continue }
      // What is shown is the sum of what is heard and joined, and as old as the oldest of it.
      let inside = stand.packs.indices.filter {
        bank.states[$0].isHeard && bank.states[$0] != .open && bank.states[$0] != .apart
      }
      guard !inside.isEmpty else { continue }
      let current = inside.reduce(Int64(0)) {
        $0 + (stand.packs[$1].snapshot[.current]?.value ?? 0)
      }
      #expect(bank.snapshot[.current]?.value == current, context)
      let at = inside.compactMap { stand.packs[$0].heardAt }.min()
      #expect(bank.snapshot[.current]?.at == at, context)
      #expect(bank.snapshot[.full]?.at == at, context)
      for point in Point.allCases {
        guard let sample = bank.snapshot[point] else { continue }
        #expect(stand.now - sample.at <= Pack.bounds.aging, context)
      }
      let isMissing = stand.packs.indices.contains { !bank.states[$0].isHeard }
      #expect(bank.snapshot.reading.warnings.has(.communicationFault) == isMissing, context)
    }
  }

  @Test("No pack is asked for more than it allows, once shares are known", arguments: seeds)
  func shares(seed: UInt64) {
    var world = World(seed: seed &+ 200, isCalm: true)
    world.load = world.dice.oneIn(2) ? -80 : 60
    for _ in 0..<800 { world.step() }
    guard let limits = world.stand.bank.limits else {
      Issue.record("no limits, seed \(seed)")
      return
    }
    let total = world.shares.reduce(0, +)
    for (index, pack) in world.stand.packs.enumerated() {
      // Amperes are cut off here.
      let slack = 1
      let charge = Int(limits.chargeCurrent.value.raw) / 1000 * world.shares[index] / total
      let discharge = Int(limits.dischargeCurrent.value.raw) / 1000 * world.shares[index] / total
      #expect(charge <= Int(pack.charge) + slack, "seed \(seed), pack \(index)")
      #expect(discharge <= Int(pack.discharge) + slack, "seed \(seed), pack \(index)")
    }
  }

  @Test("With packs that stay as they are, limits come to rest and stay there", arguments: seeds)
  func calm(seed: UInt64) {
    var world = World(seed: seed &+ 300, isCalm: true)
    world.load = -60
    for _ in 0..<1000 { world.step() }
    let rest = world.stand.limits
    for step in 0..<2000 {
      // A load that comes and goes does not move them either.
      if step % 200 == 0 { world.load = world.load == -60 ? -90 : -60 }
      world.step()
      guard let limits = world.stand.limits, let rest else {
        Issue.record("no limits, seed \(seed)")
        return
      }
      for index in 0..<3 {
        // With different polls shares are measured to a few hundredths.
        #expect(abs(limits[index] - rest[index]) <= rest[index] / 20, "seed \(seed), step \(step)")
      }
    }
    // Each change of the load may move them once there and back, and no more.
    var turns = 0
    var wasRising = false
    for (a, b) in zip(world.stand.told.dropFirst(1000), world.stand.told.dropFirst(1001)) {
      guard let a = a.limits?.dischargeCurrent.value, let b = b.limits?.dischargeCurrent.value,
        a != b
      else { continue }
      if b > a, !wasRising { turns += 1 }
      wasRising = b > a
    }
    #expect(turns <= 10, "seed \(seed)")
  }
}
