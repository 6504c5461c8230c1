// SPDX-License-Identifier: Apache-2.0

import Quantities

extension Scenario {
  /// About an hour of a 16S LFP pack of 100 Ah, made to be watched at sixty times real time.
  ///
  /// | Minute | What happens |
  /// |---|---|
  /// | 0–9 | bulk charge from 95 % |
  /// | 9–20 | taper at the absorption voltage, three cells that are ahead are bled |
  /// | about 20 | charging done: state of charge 100 %, the charge switch opens |
  /// | 29–43 | a large load; below 95 % charging begins again |
  /// | 45–48 | a sensor is heated: over-temperature trip, both switches open |
  /// | 49 | recovery, charging goes on |
  ///
  /// The charger gives 30 A (0.3 C), so that one cycle of limits on the bus, which is a minute of
  /// the battery's time at this speed, moves a cell by half a percent at most and the loop through
  /// the bus stays calm. The bleed resistors are far stronger than those of the real unit, because
  /// an hour would show nothing else. When each thing happens depends on the limits that come over
  /// the bus.
  public static var demo: Scenario {
    var pack = SimulatedPack.Design(.lfp, series: 16, capacity: 100, soc: 0.955)
    pack.socSpread = 0.0004
    pack.ahead = [(3, 0.003), (7, 0.004), (12, 0.0025)]
    pack.capacitySpread = 0.002
    pack.cell.bleedResistance = 1.0
    var scenario = Scenario(
      name: "demo", summary: "charge, taper, balance, full, trip and recovery within an hour",
      pack: pack,
      charger: .init(current: 30, voltage: 57.6),
      load: .script([(0, 60), (1740, 1250), (2600, 60)]))
    scenario.load.noise = 0.15
    // The small type with an external current sensor and external switches: with its activity
    // threshold of 80 mA it goes on balancing while the voltage is held.
    scenario.unit.isHighPower = false
    scenario.unit.sensor = 2
    scenario.settings[331] = 3
    scenario.settings[333] = 4
    scenario.settings[317] = 120
    scenario.settings[318] = 120
    scenario.settings[300] = 3400
    scenario.settings[303] = 3380
    scenario.settings[304] = 3000
    scenario.settings[308] = 20
    scenario.settings[321] = 95
    scenario.settings[332] = 30
    scenario.faults = [FaultWindow(.hotSensor(0, celsius: 68), from: 2_700_000, to: 2_880_000)]
    return scenario
  }

  /// A house without a grid: 280 Ah, 4 kW of panels, a day of a family.
  public static var house: Scenario {
    var pack = SimulatedPack.Design(.lfp, series: 16, capacity: 280, soc: 0.55)
    pack.socSpread = 0.0015
    var charger = Charger.Design(current: 80, voltage: 57.6, supply: .solar(peak: 4000))
    charger.feedsLoads = true
    var scenario = Scenario(
      name: "house", summary: "a house without a grid, 280 Ah and 4 kW of panels", pack: pack,
      charger: charger,
      load: .house)
    scenario.startSecond = 6 * 3600
    return scenario
  }

  /// A camper: four cells of 100 Ah and 300 W of panels.
  public static var camper: Scenario {
    let pack = SimulatedPack.Design(.lfp, series: 4, capacity: 100, soc: 0.7)
    var charger = Charger.Design(current: 25, voltage: 14.4, supply: .solar(peak: 300, clouds: 0.4))
    charger.feedsLoads = true
    var scenario = Scenario(
      name: "camper", summary: "a camper, 4 cells of 100 Ah and 300 W of panels", pack: pack,
      charger: charger,
      load: .camper)
    scenario.startSecond = 8 * 3600
    return scenario
  }

  /// A sunny day for a small shed: the pack fills by noon and is held.
  public static var solarDay: Scenario {
    var pack = SimulatedPack.Design(.lfp, series: 16, capacity: 100, soc: 0.35)
    pack.socSpread = 0.001
    var charger = Charger.Design(current: 40, voltage: 57.6, supply: .solar(peak: 1800))
    charger.feedsLoads = true
    var scenario = Scenario(
      name: "solar-day", summary: "a sunny day: full by the afternoon, held until the evening",
      pack: pack,
      charger: charger, load: .constant(60))
    scenario.load.noise = 0.3
    scenario.startSecond = 7 * 3600
    return scenario
  }

  /// A pack on a shelf: no charger, no load; the unit sleeps and the cells leak.
  public static var storage: Scenario {
    var pack = SimulatedPack.Design(.nmc, series: 14, capacity: 66, soc: 0.5)
    pack.sensors = 1
    pack.surroundings = 9
    var scenario = Scenario(
      name: "storage", summary: "a pack on a shelf: nothing connected, the unit sleeps", pack: pack,
      charger: .init(current: 0, voltage: 0, supply: .constant(0)), load: .constant(0))
    scenario.control = .own
    return scenario
  }
}
