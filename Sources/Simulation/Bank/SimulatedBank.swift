// SPDX-License-Identifier: Apache-2.0

/// Packs in parallel with one charger and one set of loads: who carries how much.
///
/// All packs stand at the voltage of the bus. Each is a voltage behind a resistance, so that its current
/// is what that voltage drives through it, and all currents together are what charger and loads leave.
/// A pack that is fuller than the others charges them. A pack whose charge switch is open only gives,
/// one whose discharge switch is open only takes: where it would do otherwise it carries nothing and the
/// others share what is left. Busbars between the packs have no resistance.
public struct SimulatedBank: Sendable {
  /// The charger, as strong as all packs together need it.
  public private(set) var charger: Charger
  /// Voltage of the bus, V.
  public private(set) var voltage = 0.0
  /// What the loads take, A.
  public private(set) var loadCurrent = 0.0
  /// Whether the charger has something to charge with.
  public private(set) var hasCharger = false

  private let load: PowerProfile
  private let startSecond: Int64
  private let seed: UInt64

  /// A bank with charger and loads of a scenario that is sized for all its packs together.
  public init(_ scenario: Scenario, seed: UInt64) {
    charger = Charger(scenario.charger)
    load = scenario.load
    startSecond = scenario.startSecond
    self.seed = seed
  }

  /// One step of 100 ms.
  ///
  /// - Parameters:
  ///   - packs: the packs in this step
  ///   - elapsed: the battery's time since the start, ms
  /// - Returns: the current of each pack, A, positive charging
  public mutating func share(_ packs: [PackTerminals], at elapsed: Int64) -> [Double] {
    let second = startSecond + elapsed / 1000
    let supply = charger.design.supply?.watts(at: second, seed: seed ^ 0x73_75_6E) ?? 1e9
    hasCharger = charger.hasSupply(supply)
    let joined = Self.joined(packs.filter { $0.takes || $0.gives }.map { $0.source })
    let volts = joined.voltage > 1 ? joined.voltage : 1
    let hasSource = packs.contains { $0.gives }
    loadCurrent = hasSource ? load.watts(at: second, seed: seed) / volts : 0
    let isConnected = packs.contains { $0.takes }
    charger.advance(
      Charger.Order(voltage: charger.design.voltage, current: charger.design.current),
      battery: joined, load: loadCurrent, supply: supply, isConnected: isConnected)
    return settle(packs, charger.current - loadCurrent)
  }

  /// The currents of packs at one voltage that together are `net`.
  private mutating func settle(_ packs: [PackTerminals], _ net: Double) -> [Double] {
    var currents = [Double](repeating: 0, count: packs.count)
    var carrying = packs.map { $0.takes || $0.gives }
    // Each round at least one pack falls out, or none does and all is said.
    for _ in packs {
      let sources = packs.indices.filter { carrying[$0] }.map { packs[$0].source }
      guard !sources.isEmpty else { break }
      let joined = Self.joined(sources)
      voltage = joined.voltage + joined.resistance * net
      var isSettled = true
      for index in packs.indices where carrying[index] {
        currents[index] = packs[index].source.current(at: voltage)
        if currents[index] > 0 ? packs[index].takes : packs[index].gives { continue }
        currents[index] = 0
        carrying[index] = false
        isSettled = false
      }
      if isSettled { break }
    }
    for index in packs.indices where !carrying[index] { currents[index] = 0 }
    return currents
  }

  /// Sources side by side as one.
  static func joined(_ sources: [Source]) -> Source {
    var conductance = 0.0
    var current = 0.0
    for source in sources {
      conductance += 1 / source.resistance
      current += source.voltage / source.resistance
    }
    guard conductance > 0 else { return Source(voltage: 0, resistance: 1) }
    return Source(voltage: current / conductance, resistance: 1 / conductance)
  }
}
