// SPDX-License-Identifier: Apache-2.0

import Simulation

extension Trial {
  /// Runs a design, and where it fails, looks for the simplest design that breaks the same rule.
  ///
  /// - Returns: what the trial went through.
  @discardableResult
  package static func run(_ design: TrialDesign) throws(Failure) -> Tally {
    var trial = Trial(design)
    do throws(Failure) {
      try trial.run()
    } catch {
      throw shrunk(error)
    }
    return trial.tally
  }

  /// The failure of the simplest design that was found, in at most 40 tries.
  private static func shrunk(_ failure: Failure) -> Failure {
    guard var design = failure.design else { return failure }
    var best = failure
    var tries = 40
    func fails(_ candidate: TrialDesign) -> Failure? {
      guard tries > 0 else { return nil }
      tries -= 1
      var trial = Trial(candidate)
      do throws(Failure) {
        try trial.run()
        return nil
      } catch {
        return error.rule == failure.rule ? error : nil
      }
    }
    // What comes after the failure is not needed for it.
    design.seconds = failure.second + 60
    design.troubles.removeAll { $0.start > failure.second }
    var index = design.troubles.count
    while index > 0 {
      index -= 1
      var candidate = design
      candidate.troubles.remove(at: index)
      if let same = fails(candidate) { (best, design) = (same, candidate) }
    }
    let simpler: [(inout TrialDesign) -> Void] = [
      { $0.weak = nil }, { $0.pack.ahead = [] },
      { design in (design.pack.capacitySpread, design.pack.socSpread) = (0, 0) },
      { $0.inverter.overshoot = 0 }, { $0.inverter.voltageError = 0 }, { $0.inverter.lag = 1 },
      { $0.bms.socError = 0 }, { $0.climate = Climate() }, { $0.sun.noise = 0 },
      { $0.load = .constant(0) },
    ]
    for change in simpler {
      var candidate = design
      change(&candidate)
      if let same = fails(candidate) { (best, design) = (same, candidate) }
    }
    return best
  }
}
