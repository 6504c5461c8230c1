// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Simulation
import Testing

@testable import Trials

/// A few short lives in every test run; `make test` goes on with months, optimised.
@Suite("Charging on any pack") struct TrialTests {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func shortLives(seed: UInt64) {
    do throws(Failure) {
      let tally = try Trial.run(TrialDesign(seed: seed, days: 0.02))
      #expect(tally.steps > 170)
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func theSameSeedLivesTheSameLife() throws {
    let design = TrialDesign(seed: 7, days: 0.01)
    #expect("\(try Trial.run(design))" == "\(try Trial.run(design))")
    #expect("\(design)" == "\(TrialDesign(seed: 7, days: 0.01))")
    #expect("\(design)" != "\(TrialDesign(seed: 8, days: 0.01))")
  }

  /// A plain pack at rest, half full, with nothing wrong.
  private static var plain: TrialDesign {
    var design = TrialDesign(seed: 1, days: 0.01)
    design.pack = SimulatedPack.Design(.lfp, series: 16, capacity: 100, soc: 0.5)
    design.weak = nil
    design.bms = ShownBattery.Design()
    design.inverter = ObeyingInverter.Design()
    design.settings = .lfp
    design.settings.maxChargeCurrent = .amperes(50)
    design.settings.maxDischargeCurrent = .amperes(100)
    design.sun = .constant(200)
    design.load = .constant(100)
    design.isSteady = true
    design.climate = Climate()
    design.climate.mean = 20
    design.troubles = []
    return design
  }

  /// The rule that a trial breaks when what is decided is changed; `nil` when it breaks none.
  private func broken(
    _ design: TrialDesign = plain, _ meddle: @escaping (Limits?, Int64) -> Limits?
  ) -> String? {
    var trial = Trial(design, meddle: meddle)
    do throws(Failure) {
      try trial.run()
      return nil
    } catch {
      return error.rule
    }
  }

  @Test func whatIsDecidedIsPermitted() { #expect(broken { limits, _ in limits } == nil) }

  /// Each rule of the law, with a change that must break it.
  static let meddling: [(rule: String, change: @Sendable (inout Limits, Int64) -> Void)] = [
    ("CVL at most n·A", { limits, _ in limits.chargeVoltage.value += .millivolts(100) }),
    (
      "CVL at least n·lowest float",
      { limits, _ in limits.chargeVoltage.value = .millivolts(40_000) }
    ),
    ("CVL is never 0", { limits, _ in limits.chargeVoltage.value = .zero }),
    ("CCL within its curves", { limits, _ in limits.chargeCurrent.value += .amperes(1) }),
    ("DCL within its curves", { limits, _ in limits.dischargeCurrent.value += .amperes(1) }),
    ("no charging, CVL at float", { limits, _ in limits.chargeCurrent.value = .zero }),
    (
      "DCL 0 only for a hard fault",
      { limits, second in if second > 300 { limits.dischargeCurrent.value = .zero } }
    ),
    ("a lowered CCL has its reason", { limits, _ in limits.chargeCurrent.value -= .amperes(1) }),
    (
      "a lowered CVL has its reason", { limits, _ in limits.chargeVoltage.value -= .millivolts(50) }
    ),
    ("no limit below 0", { limits, _ in limits.dischargeCurrent.value = .amperes(-1) }),
    (
      "currents rise by 5 A/s at most",
      { limits, second in
        limits.chargeCurrent = Limit(.amperes(second % 100 < 50 ? 50 : 20), .ramp)
      }
    ),
    (
      "CVL rises by 1 mV/s at most",
      { limits, second in
        if second % 100 < 50 { limits.chargeVoltage.narrow(to: .millivolts(55_000), .ramp) }
      }
    ),
    (
      "modes change only by their table",
      { limits, second in if second > 300 { limits.mode = .transition } }
    ),
    (
      "no limit cycle",
      { limits, second in
        // Slowly enough for every other rule.
        let place = second % 200
        limits.chargeCurrent = Limit(
          .amperes(Int(place < 100 ? 50 - place * 3 / 10 : 20 + (place - 100) * 3 / 10)), .ramp)
      }
    ),
  ]

  @Test("the law notices what is not permitted", arguments: meddling.indices)
  func notices(_ index: Int) {
    let (rule, change) = Self.meddling[index]
    var design = Self.plain
    if rule == "no limit cycle" { design.seconds = 3600 }
    let found = broken(design) { limits, second in
      guard var limits, second > 10 else { return limits }
      change(&limits, second)
      return limits
    }
    #expect(found == rule)
  }

  @Test func theLawNoticesSilenceAndTheLackOfIt() {
    #expect(broken { limits, second in second > 60 ? nil : limits } == "speaks while fresh")
    var design = Self.plain
    design.troubles = [Trouble(.lost, at: 60, for: 200)]
    var kept: Limits?
    let stubborn = broken(design) { limits, _ in
      kept = limits ?? kept
      return kept
    }
    #expect(stubborn == "silent when lost")
    let rising = broken(design) { limits, second in
      guard var limits, second > 62, second < 69 else { return limits }
      limits.chargeCurrent.value += .amperes(1)
      return limits
    }
    #expect(rising == "nothing rises while aging")
  }

  @Test func aFailureIsShrunkToWhatItNeeds() {
    // Settings with a gap fail by themselves: no trouble has to do with it.
    var design = TrialDesign(seed: 3, days: 0.02)
    design.troubles = [Trouble(.flicker, at: 10, for: 5), Trouble(.lost, at: 400, for: 100)]
    design.settings.cellCeiling = nil
    do throws(Failure) {
      try Trial.run(design)
      Issue.record("settings with a gap were used")
    } catch {
      #expect(error.rule == "the draw")
      #expect("\(error)".contains("seed 3"))
      #expect(error.design?.troubles.isEmpty == true)
    }
  }
}
