// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Simulation

extension TrialDesign {
  /// A design drawn from a seed; the same seed gives the same design and the same course.
  package init(seed: UInt64, days: Double) {
    var dice = SeededRandom(seed: seed)
    let chemistry: Chemistry = dice.pick([.lfp, .lfp, .lfp, .lfp, .nmc, .lto])
    let series = dice.pick([4, 4, 8, 12, 14, 15, 16, 16, 16, 16, 20, 24])
    let capacity: Double = dice.pick([20, 50, 100, 100, 150, 200, 280, 314, 400, 600])
    var pack = SimulatedPack.Design(
      chemistry, series: series, capacity: capacity, soc: dice.between(0.06, 0.97))
    pack.capacitySpread = dice.between(0, 0.03)
    pack.socSpread = dice.between(0, 0.008)
    let resistance = dice.between(0.4, 2)
    pack.cell.seriesResistance *= resistance
    pack.cell.fast.resistance *= resistance
    pack.cell.slow.resistance *= resistance
    pack.cell.leakage = dice.between(0.005, 0.05)
    pack.cell.bleedResistance = dice.pick([4, 10, 22])
    pack.wiring = dice.between(0.0002, 0.002)
    if dice.coin(35) {
      pack.ahead = [(dice.whole(0...series - 1), dice.between(0.005, 0.03))]
    }
    let settings = Self.settings(chemistry, capacity, &dice)
    self.seed = seed
    self.seconds = Int64(days * 86_400)
    self.pack = pack
    self.settings = settings
    weak = dice.coin(25) ? (dice.whole(0...series - 1), dice.between(0.7, 0.95)) : nil
    bms = Self.bms(settings, capacity, &dice)
    isSteady = dice.coin(25)
    sun = .constant(0)
    load = .constant(0)
    inverter.lag = Int64(dice.whole(1...6))
    inverter.response = dice.between(0.5, 4)
    inverter.overshoot = dice.between(0, 0.1)
    inverter.voltageError = dice.between(-0.003, 0.002)
    inverter.patience = dice.pick([3, 3, 10, 60])
    inverter.keepsDischargeLimit = dice.coin(40)
    drawPower(&dice)
    drawClimate(&dice)
    if dice.coin(65) { drawTroubles(&dice) }
  }

  private static func settings(
    _ chemistry: Chemistry, _ capacity: Double, _ dice: inout SeededRandom
  ) -> ChargeSettings {
    var settings: ChargeSettings
    switch chemistry {
    case .lfp:
      settings = .lfp
      settings.absorption = .millivolts(dice.pick([3420, 3450, 3450, 3465]))
    case .nmc:
      settings = .nmc
      settings.absorption = .millivolts(dice.pick([4100, 4150]))
      settings.float = .millivolts(4050)
      settings.sustainCell = .millivolts(3300)
      settings.sustainRelease = .millivolts(3450)
    case .lto:
      settings = .lto
      settings.absorption = .millivolts(dice.pick([2400, 2500]))
      settings.float = .millivolts(2370)
    }
    settings.maxChargeCurrent = .amperes(Int(capacity * dice.pick([0.2, 0.5, 0.5, 1])))
    settings.maxDischargeCurrent = .amperes(Int(capacity * dice.pick([0.5, 1])))
    return settings
  }

  private static func bms(
    _ settings: ChargeSettings, _ capacity: Double, _ dice: inout SeededRandom
  ) -> ShownBattery.Design {
    var bms = ShownBattery.Design()
    let ceiling = settings.cellCeiling ?? .zero
    // Now and then a battery that trips so early that the target must give way.
    bms.cutoffs.cellOvervoltage =
      dice.coin(15)
      ? (settings.absorption ?? .zero) + .millivolts(35)
      : ceiling + .millivolts(dice.whole(40...150))
    bms.cutoffs.cellUndervoltage = (settings.cellFloor ?? .zero) - .millivolts(150)
    if dice.coin(80) {
      bms.cutoffs.chargeOvercurrent = .amperes(Int(capacity * dice.between(0.3, 1.2)))
      bms.cutoffs.dischargeOvercurrent = .amperes(Int(capacity * dice.between(0.6, 2)))
    }
    if dice.coin(50) {
      bms.cutoffs.overtemperature = .degrees(dice.whole(50...65))
      bms.cutoffs.chargeUndertemperature = .degrees(dice.whole(-5...3))
    }
    bms.listsCells = dice.coin(85)
    bms.tellsSOC = dice.coin(85)
    bms.tellsSwitches = dice.coin(50)
    bms.tellsLimits = dice.coin(25)
    bms.sensors = dice.pick([0, 1, 2, 2, 2])
    bms.socError = dice.between(-0.1, 0.1)
    bms.bleedAbove = Double((settings.float ?? .zero).raw) / 10_000
    return bms
  }

  private mutating func drawPower(_ dice: inout SeededRandom) {
    // Watts that charge or empty the pack in an hour.
    let whole = usualVolts * pack.cell.capacity
    if isSteady {
      sun = .constant(whole * dice.between(0.03, 0.8))
      load = .constant(whole * dice.pick([0, 0.005, 0.02]))
      return
    }
    switch dice.whole(0...9) {
    case 0: sun = .constant(0)
    case 1, 2:
      let (from, hours) = (Int64(dice.whole(0...18)) * 3600, Int64(dice.whole(3...6)) * 3600)
      let watts = whole * dice.between(0.15, 0.5)
      sun = PowerProfile([
        (0, 0), (from, 0), (from, watts), (from + hours, watts), (from + hours, 0),
      ])
    default: sun = .solar(peak: whole * dice.between(0.1, 0.9), clouds: dice.between(0, 0.5))
    }
    switch dice.whole(0...4) {
    case 0: load = .constant(whole * dice.between(0, 0.02))
    case 1, 2:
      let (half, low) = (Int64(dice.pick([300, 900, 3600])), whole * 0.003)
      let high = whole * dice.between(0.03, 0.4)
      load = PowerProfile(
        [(0, low), (half, low), (half, high), (2 * half, high)], period: 6 * half)
    default:
      load = .house
      let share = whole * dice.between(0.2, 0.7) / 8000
      for index in load.rows.indices { load.rows[index].watts *= share }
      for index in load.appliances.indices { load.appliances[index].watts *= share }
    }
  }

  private mutating func drawClimate(_ dice: inout SeededRandom) {
    guard !dice.coin(40) else {
      climate.mean = 20
      return
    }
    climate.mean = dice.between(-5, 38)
    climate.season = dice.between(0, 18)
    climate.day = dice.between(0, 8)
    climate.start = Int64(dice.whole(0...364)) * 86_400
  }

  private mutating func drawTroubles(_ dice: inout SeededRandom) {
    let count = Int(Double(seconds) / 86_400 * dice.between(0.3, 5)) + 1
    for _ in 0..<count {
      // From seconds to hours, short ones as often as long ones.
      let length = Int64(dice.pick([2, 5, 12, 40, 70, 300, 1800, 10_800]) * dice.between(0.5, 1.5))
      troubles.append(
        Trouble(
          trouble(&dice), at: Int64(dice.between(0, Double(seconds))), for: max(1, length)))
    }
  }

  private func trouble(_ dice: inout SeededRandom) -> Trouble.Kind {
    let cell = dice.whole(0...pack.series - 1)
    switch dice.whole(0...14) {
    case 0, 1, 2: return .lost
    case 3: return .flicker
    case 4: return .noise(dice.between(0.002, 0.02))
    case 5: return .offset(cell: cell, dice.between(-0.03, 0.03))
    case 6: return .noTemperature
    case 7: return .hot(dice.between(10, 40))
    case 8:
      return .protection(
        dice.pick([
          .internalFault, .temperatureSensorFault, .shortCircuit, .mosfetOvertemperature,
          .packUndervoltage, .packOvervoltage,
        ]))
    case 9: return .chargeSwitch
    case 10: return .dischargeSwitch
    case 11: return .reload(dice.pick([0.3, 1, 1, 1.5]))
    case 12: return .regeneration(dice.between(0.1, 0.6))
    case 13: return .miscounted
    default: return .reported(volts: dice.between(0.9, 1.02), amperes: dice.between(0, 1))
    }
  }
}

extension SeededRandom {
  mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(below(UInt64(range.count)))
  }

  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// True in so many of a hundred cases.
  mutating func coin(_ percent: Int) -> Bool { whole(0...99) < percent }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[whole(0...choices.count - 1)]
  }
}
