// SPDX-License-Identifier: Apache-2.0

package import Charging
package import Simulation

/// Everything that a trial begins with: a pack, its owner's settings, its surroundings, and what goes wrong.
package struct TrialDesign: Sendable {
  /// What it was drawn from, and what noise is drawn from.
  package let seed: UInt64
  /// How long it lasts, s.
  package var seconds: Int64
  /// The pack.
  package var pack: SimulatedPack.Design
  /// A cell, counted from 0, that holds only a share of what it should.
  package var weak: (cell: Int, share: Double)?
  /// How the pack is charged.
  package var settings: ChargeSettings
  /// What the battery tells of itself, and when it protects itself.
  var bms: ShownBattery.Design
  /// Who obeys.
  var inverter = ObeyingInverter.Design()
  /// What may charge, W.
  package var sun: PowerProfile
  /// What is drawn, W.
  package var load: PowerProfile
  /// Whether sun and load are steady, so that nothing but the control can make limits swing.
  package var isSteady: Bool
  /// The temperature around the pack.
  package var climate = Climate()
  /// What goes wrong.
  package var troubles: [Trouble] = []

  /// The voltage at which the pack usually stands, V.
  var usualVolts: Double {
    Double(pack.series) * pack.chemistry.curve.voltage(at: 0.5)
  }
}

extension TrialDesign: CustomStringConvertible {
  /// The whole design in a few lines, enough to build it by hand.
  package var description: String {
    func short(_ value: Double) -> String {
      let thousandths = Int64((value * 1000).rounded())
      return "\(Double(thousandths) / 1000)"
    }
    let charge = settings.maxChargeCurrent.map { "\($0)" } ?? "the battery's"
    let spread =
      "capacity ±\(short(pack.capacitySpread * 100)) %, charge ±\(short(pack.socSpread * 100)) %"
    var lines = [
      "seed \(seed): \(pack.chemistry.name) \(pack.series)S \(short(pack.cell.capacity)) Ah at "
        + "\(short(pack.soc * 100)) %, \(spread), "
        + "\(short(pack.cell.seriesResistance * pack.cell.capacity * 1000)) mΩ·Ah, highest charge \(charge)",
      "  inverter: lag \(inverter.lag) s, response \(short(inverter.response)) s, overshoot "
        + "\(short(inverter.overshoot * 100)) %, voltage \(short(inverter.voltageError * 100)) % off, patience "
        + "\(inverter.patience) s; steady: \(isSteady); \(short(climate.mean)) ± \(short(climate.season)) ± "
        + "\(short(climate.day)) °C",
    ]
    for place in pack.ahead {
      lines.append("  cell \(place.cell + 1) ahead by \(short(place.soc * 100)) %")
    }
    if let weak { lines.append("  cell \(weak.cell + 1) holds \(short(weak.share * 100)) %") }
    for trouble in troubles {
      lines.append("  \(trouble.kind) from \(trouble.start) s for \(trouble.length) s")
    }
    return lines.joined(separator: "\n")
  }
}
