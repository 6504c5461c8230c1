// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

/// One step of a trial, as it is told when something is wrong.
struct Scene: CustomStringConvertible {
  /// Second of the trial.
  var second: Int64
  /// Seconds since the step before.
  var step: Double
  var freshness: Freshness
  var reading: Reading
  var limits: Limits?
  var silence: Silence?
  /// The highest true cell, V.
  var highest: Double
  /// The true current, A, positive charging.
  var amperes: Double
  var sun: Double
  var load: Double
  var troubles: [Trouble.Kind]

  var description: String {
    func short(_ value: Double) -> String { "\(Double(Int64((value * 1000).rounded())) / 1000)" }
    let lowest = reading.cells.extremes.map { reading.cells[$0.lowest] } ?? reading.cellMin
    let highest = reading.cells.extremes.map { reading.cells[$0.highest] } ?? reading.cellMax
    let cells = "\(lowest.map { "\($0)" } ?? "?")–\(highest.map { "\($0)" } ?? "?")"
    let said =
      limits.map {
        "\($0.mode.name) CVL \($0.chargeVoltage.value) (\($0.chargeVoltage.reason)), "
          + "CCL \($0.chargeCurrent.value) (\($0.chargeCurrent.reason)), "
          + "DCL \($0.dischargeCurrent.value) (\($0.dischargeCurrent.reason))"
      } ?? "nothing sent: \(silence.map { "\($0)" } ?? "?")"
    let odd = troubles.isEmpty ? "" : " [\(troubles.map { "\($0)" }.joined(separator: ", "))]"
    return
      "\(second) s \(freshness.name) \(cells) at \(short(amperes)) A (sun \(short(sun)) W, load "
      + "\(short(load)) W), true highest \(short(self.highest)) V: \(said)\(odd)"
  }
}

/// What went wrong in a trial, with the way there.
package struct Failure: Error, CustomStringConvertible {
  /// The rule that was broken: the same for all steps that break it.
  package var rule: String
  /// How it was broken.
  package var detail: String
  /// Second of the trial.
  package var second: Int64
  /// The last steps.
  var scenes: [Scene]
  /// The design, once it is known.
  package var design: TrialDesign?

  package var description: String {
    "\(rule): \(detail)\nat \(second) s of\n\(design.map { "\($0)" } ?? "")\n"
      + scenes.map { "\($0)" }.joined(separator: "\n")
  }
}

/// The last steps of a trial.
struct Story {
  private static let length = 20
  private var scenes: [Scene] = []

  mutating func tell(_ scene: Scene) {
    scenes.append(scene)
    if scenes.count > 10 * Self.length { scenes.removeFirst(9 * Self.length) }
  }

  func failure(_ rule: String, _ detail: String) -> Failure {
    Failure(
      rule: rule, detail: detail, second: scenes.last?.second ?? 0,
      scenes: Array(scenes.suffix(Self.length)))
  }
}
