// SPDX-License-Identifier: Apache-2.0

import Battery
import Simulation

/// Whether cells stay whole and charging comes to its end.
struct Progress {
  /// How far a cell may pass its ceiling by charging that the limits allowed, V: what comes in between a
  /// reading and a charger's answer to it.
  static let tolerance = 0.05

  /// How far a cell has passed its ceiling by such charging, V; negative where none has.
  private(set) var excess = -1.0
  private let design: TrialDesign
  /// Until when a cell that is too high is not the limits' doing.
  private var excusedUntil: Int64 = 0
  private var offset = 0.0
  /// Ampere-hours that the sun offered beyond the loads in good hours since the pack was last full.
  private var offered = 0.0
  private var goodHours = 0.0

  init(_ design: TrialDesign) { self.design = design }

  mutating func judge(_ scene: Scene, _ pack: SimulatedPack) -> Law.Verdict? {
    excuse(scene)
    let bounds = Bounds(design.settings, scene.reading)
    if scene.amperes > 0, scene.second > excusedUntil {
      excess = max(excess, scene.highest - bounds.ceiling - offset)
      if excess > Self.tolerance {
        let ceiling = "ceiling \(bounds.ceiling) V, sensor off by \(offset) V"
        return ("no cell passes its ceiling", "\(scene.highest) V, \(ceiling)")
      }
    }
    return finish(scene, pack, bounds)
  }

  private mutating func excuse(_ scene: Scene) {
    offset = 0
    for trouble in scene.troubles {
      switch trouble {
      case .regeneration: excusedUntil = scene.second + 120
      // Limits that were allowed are obeyed until the inverter gives up.
      case .lost, .miscounted, .flicker: excusedUntil = scene.second + 5
      case .offset(_, let volts): offset = max(offset, -volts)
      case .noise(let volts): offset = max(offset, volts)
      default: break
      }
    }
  }

  /// A pack for which there was charge enough, and nothing that kept it out, is full at last.
  private mutating func finish(
    _ scene: Scene, _ pack: SimulatedPack, _ bounds: Bounds
  ) -> Law.Verdict? {
    guard let limits = scene.limits, scene.freshness == .fresh, scene.troubles.isEmpty,
      pack.surroundings > 10, pack.surroundings < 35
    else {
      (offered, goodHours) = (0, 0)
      return nil
    }
    if limits.mode == .floatApproach || limits.mode == .float {
      let isFresh = goodHours > 0
      (offered, goodHours) = (0, 0)
      return isFresh ? checkFull(limits, pack, bounds) : nil
    }
    let volts = Double(pack.design.series) * bounds.float
    let hours = scene.step / 3600
    let surplus = min((scene.sun - scene.load) / volts, bounds.charge)
    offered += surplus * hours
    if offered < 0 { (offered, goodHours) = (0, 0) }
    if surplus > 0 { goodHours += hours }
    // Whole charge once and a half, two hours of absorption, and what the bleeders need for cells that are apart.
    let spread = pack.cells.map(\.soc).max().map { $0 - (pack.cells.map(\.soc).min() ?? 0) } ?? 0
    let bleed = bounds.float / pack.design.cell.bleedResistance
    let balancing = (spread + 0.06) * pack.design.cell.capacity / bleed
    if offered > 1.5 * pack.design.cell.capacity, goodHours > 12 + 4 * balancing {
      return (
        "charging comes to its end",
        "\(offered) Ah offered in \(goodHours) good hours and still \(limits.mode.name) at \(pack.soc)"
      )
    }
    return nil
  }

  /// What is called full must be full: near what the target stands for.
  private func checkFull(
    _ limits: Limits, _ pack: SimulatedPack, _ bounds: Bounds
  ) -> Law.Verdict? {
    guard limits.mode == .floatApproach else { return nil }
    let highest = pack.cells.map(\.openCircuitVoltage).max() ?? 0
    // At rest the highest cell stands near float at least, or the taper was no taper.
    return highest < bounds.float - 0.06
      ? ("full is full", "the highest cell rests at \(highest) V") : nil
  }
}
