// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Simulation
import Testing

/// A house battery for weeks: four LFP cells, the real charge control and the real accounts, in steps of 20 s.
///
/// The truth is a number of its own; what the accounts see of it is a shunt with an offset, and a battery whose state of
/// charge is wrong.
struct Weeks {
  static let capacity = 100.0

  var control: ChargeControl
  var accounts: Accounts
  var snapshot = Snapshot()
  var now = Tick(0)
  /// True charge, Ah.
  var charge = 60.0
  /// What the shunt shows too much, A.
  let offset: Double
  /// What the battery's own state of charge is wrong by, %.
  let error: Double
  /// Days, counted from 0, on which the sun does not shine.
  let dark: ClosedRange<Int>

  init(offset: Double, error: Double, dark: ClosedRange<Int>) {
    self.offset = offset
    self.error = error
    self.dark = dark
    var settings = ChargeSettings.lfp
    settings.capacity = .ampereHours(100)
    settings.maxChargeCurrent = .amperes(50)
    settings.maxDischargeCurrent = .amperes(100)
    control = ChargeControl(settings)
    accounts = Accounts(
      .init(capacity: .ampereHours(100), float: settings.float, floor: settings.cellFloor),
      longestGap: 20_000)
    accounts.open(.init(), gap: nil, at: now)
  }

  var soc: Double { charge / Self.capacity * 100 }

  /// One step of 20 s.
  mutating func step(_ limits: Limits?) -> Limits? {
    let second = now.milliseconds / 1000
    let hour = second / 3600 % 24
    let rest = Chemistry.lfp.curve.voltage(at: charge / Self.capacity)
    let resistance = 0.0006
    let load: Double = hour >= 18 && hour < 22 ? 3 : 0.5
    let isLight = hour >= 8 && hour < 17 && !dark.contains(Int(second / 86_400))
    // A charger that keeps to the limits and feeds the loads.
    let allowed = Double(limits?.chargeCurrent.value.raw ?? 0) / 1000
    let target = Double(limits?.chargeVoltage.value.raw ?? 0) / 4000
    let most = isLight ? min(40 - load, min(allowed, (target - rest) / resistance)) : -load
    let current = max(-load, most)
    charge = min(Self.capacity, charge + current * 20 / 3600)
    now = now + 20_000

    var reading = Reading()
    let cell = rest + current * resistance
    for _ in 0..<4 { reading.cells.append(.decimillivolts(Int64((cell * 10_000).rounded()))) }
    reading[.voltage] = Int64((cell * 4000).rounded())
    reading[.current] = Int64(((current + offset) * 100).rounded()) * 10
    reading[.soc] = Int64((min(100, max(0, soc + error)) * 1_000_000).rounded())
    reading[.temperatureMin] = 2000
    reading[.temperatureMax] = 2000
    snapshot.take(reading, at: now, isLive: true)
    accounts.take(reading, mode: limits?.mode, into: &snapshot, at: now)
    return control.decide(snapshot, freshness: .fresh, at: now)
  }
}

@Suite("The accounts over weeks, held against the truth")
struct AccountsWeeksTests {
  @Test(
    "The count stays within 2.5 % and the shunt's offset since full; the drift shows the battery's error",
    arguments: [
      (0, 0), (0.05, -8), (-0.05, 6), (0.15, 3),
    ] as [(Double, Double)])
  func weeks(offset: Double, error: Double) throws {
    var weeks = Weeks(offset: offset, error: error, dark: 5...6)
    var limits: Limits?
    var worst = 0.0
    var drifts: [Double] = []
    var charges: Int64 = 0
    for step in 0..<(14 * 4320) {
      limits = weeks.step(limits)
      guard let soc = weeks.snapshot[.countedSOC]?.value,
        let since = weeks.snapshot[.sinceFullCharge]?.value
      else { continue }
      let wrong = Double(soc) / 1_000_000 - weeks.soc
      let bound = 2.5 + abs(offset) * Double(since) / 3600 / Weeks.capacity * 100
      worst = max(worst, abs(wrong))
      #expect(
        abs(wrong) <= bound,
        "off by \(wrong) %, true \(weeks.soc), \(since) s since full, step \(step), \(String(describing: limits?.mode))"
      )
      guard abs(wrong) <= bound else { return }
      // Where the battery's own number is not cut off at its ends.
      if weeks.soc + error < 99, weeks.soc + error > 1 {
        drifts.append(Double(try #require(weeks.snapshot[.socDrift]?.value)) / 1_000_000)
        #expect(abs(drifts[drifts.count - 1] - error) <= bound)
      }
      charges = max(charges, weeks.snapshot[.fullCharges]?.value ?? 0)
      #expect(weeks.snapshot[.fullCharges]?.value == charges, "a counter went back")
    }
    // Every bright day but those on which the rest of the dark ones was made up for.
    #expect((10...13).contains(charges), "\(charges) full charges")
    #expect(!drifts.isEmpty)
    print(
      "accounts: offset \(offset) A, error \(error) %: worst \(worst) %, \(charges) full charges")
  }
}
