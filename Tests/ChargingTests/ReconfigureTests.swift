// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// Other settings for a control that is at work.
struct ReconfigureTests {
  private func lfp(_ change: (inout ChargeSettings) -> Void) -> ChargeSettings {
    var settings = ChargeSettings.lfp
    change(&settings)
    return settings
  }

  @Test func aLowerCurrentActsAtOnceAndAHigherOneRises() throws {
    var bench = Bench(at: 3300)
    #expect(try bench.limits(5).charge == 90_000)
    bench.control.reconfigure(lfp { $0.maxChargeCurrent = .amperes(40) })
    let decided = bench.decide()
    let lower = try #require(decided)
    #expect(lower.chargeCurrent.value == .amperes(40) && lower.chargeCurrent.reason == .user)
    bench.control.reconfigure(lfp { $0.maxChargeCurrent = .amperes(80) })
    let held = try bench.limits(25)
    #expect(held.charge == 40_000 && held.chargeCurrent.reason == .ramp)
    let rising = try bench.limits(8)
    #expect(rising.charge > 40_000 && rising.charge < 80_000)
    #expect(try bench.limits(600).charge == 80_000)
  }

  @Test func theModeAndTheTimeSpentInItGoOn() throws {
    var bench = Bench(at: 3300)
    bench.run(5)
    bench.level(3440)
    bench.run(15)
    #expect(bench.control.mode == .transition)
    let since = bench.control.modeSince
    bench.milliamperes = 50_000
    bench.run(600)
    let left = try #require(bench.control.dwellLeft)
    bench.control.reconfigure(lfp { $0.maxChargeCurrent = .amperes(40) })
    bench.decide()
    #expect(bench.control.mode == .transition && bench.control.modeSince == since)
    // However often settings change, absorption ends when it has lasted long enough.
    for round in 1...200 {
      bench.control.reconfigure(lfp { $0.maxChargeCurrent = .amperes(40 + round % 2) })
      bench.run(60)
    }
    #expect(bench.control.mode == .float, "\(left)")
  }

  @Test func theSameSettingsChangeNothing() throws {
    var bench = Bench(at: 3430)
    bench.run(100)
    var twin = bench
    twin.control.reconfigure(.lfp)
    for _ in 0..<50 { #expect(try twin.limits(7) == bench.limits(7)) }
  }

  @Test func aLatchStays() throws {
    var bench = Bench(at: 3300)
    bench.run(5)
    bench.level(3620)
    #expect(try bench.limits(1).charge == 0)
    bench.level(3595)
    bench.control.reconfigure(lfp { $0.maxChargeCurrent = .amperes(40) })
    #expect(try bench.limits(1).charge == 0, "the ceiling is not released by a reload")
  }

  @Test func whatIsHeldWhileStaleIsNarrowedToo() throws {
    var bench = Bench(at: 3300)
    bench.run(5)
    let stale = try bench.limits(5, .stale)
    #expect(stale.discharge == 180_000)
    bench.control.reconfigure(
      lfp {
        $0.maxDischargeCurrent = .amperes(70)
        $0.float = .millivolts(3350)
      })
    let narrowed = try bench.limits(1, .stale)
    #expect(narrowed.discharge == 70_000 && narrowed.charge == 0)
    #expect(narrowed.volts == 53_600)
    bench.control.reconfigure(.lfp)
    #expect(try bench.limits(1, .stale).discharge == 70_000, "nothing is widened without a reading")
  }
}
