// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities

/// Everything that a simulation begins with, apart from its seed.
public struct Scenario: Sendable {
  /// Who tells the charger and the loads what they may do.
  public enum Control: UInt8, Sendable {
    /// The simulated GX, by the limits that it reads back from the bus. Before the first battery on
    /// the bus nothing charges.
    case bus
    /// They do as they were set and ask nobody: for a bench without a bus.
    case own
  }

  /// The name on the command line.
  public var name: StaticString
  /// What it shows, in one sentence.
  public var summary: StaticString
  /// The pack.
  public var pack: SimulatedPack.Design
  /// The unit on it.
  public var unit = TinyBMSUnit.Design()
  /// Its settings.
  public var settings: TinyBMSSettings
  /// By how much its coulomb counter is wrong at the start.
  public var socError = Percent.zero
  /// The charger.
  public var charger: Charger.Design
  /// What the loads take over the day, W at the battery.
  public var load: PowerProfile
  /// Who tells them what they may do.
  public var control = Control.bus
  /// Second of the day at which it begins.
  public var startSecond: Int64 = 0
  /// What goes wrong, and when.
  public var faults: [FaultWindow] = []

  /// A scenario with the settings that fit its pack.
  public init(
    name: StaticString, summary: StaticString, pack: SimulatedPack.Design, charger: Charger.Design,
    load: PowerProfile
  ) {
    self.name = name
    self.summary = summary
    self.pack = pack
    self.charger = charger
    self.load = load
    settings = TinyBMSSettings(pack.chemistry, series: pack.series, capacity: pack.cell.capacity)
  }

  /// Every scenario with a name.
  public static var all: [Scenario] { [.demo, .house, .camper, .solarDay, .storage] }

  /// The scenario with a name; `nil` where there is none.
  public static func named(_ name: String) -> Scenario? {
    for scenario in all where scenario.name.hasBytes(name.utf8) { return scenario }
    return nil
  }
}
