// SPDX-License-Identifier: Apache-2.0

import Quantities
import Simulation
import Text

extension Benchmark {
  /// The physical model of a pack with its TinyBMS, charger and GX.
  static let simulation = Benchmark(
    name: "simulation", summary: "battery time that one core can simulate"
  ) { effort throws(CommandFailure) in
    let rig = Candidate(name: "rig") { count throws(CommandFailure) in
      var scenario = Scenario.house
      scenario.control = .own
      var rig = Rig(scenario, seed: 1, at: Tick(0))
      for second in 0..<count { rig.advance(to: Tick(Int64(second) * 1000)) }
      return rig.elapsed &+ Int64(rig.unit.soc.raw)
    }
    let rates = try Contest.run([rig], effort)
    return Result(
      findings: [Finding("16 cells, BMS, charger, loads", rates[0], "battery s/s/core")],
      notes: ["Processor time of one thread; the model steps every 100 ms of battery time."])
  }
}
