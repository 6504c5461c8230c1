// SPDX-License-Identifier: Apache-2.0

extension Scenario {
  /// The same with another number of cells or another capacity: charger and loads grow with the pack.
  ///
  /// - Parameters:
  ///   - series: how many cells are in series; `nil` keeps the scenario's
  ///   - capacity: what each cell was meant to hold, Ah; `nil` keeps the scenario's
  ///   - packs: how many times as strong charger and loads are, for packs in parallel
  /// - Returns: the scenario, with the settings of its unit for the new pack
  public func sized(series: Int? = nil, capacity: Double? = nil, packs: Double = 1) -> Scenario {
    var scenario = self
    let cells = series ?? pack.series
    let hours = capacity ?? pack.cell.capacity
    let volts = Double(cells) / Double(pack.series)
    let amperes = hours / pack.cell.capacity * packs
    scenario.pack.series = cells
    if hours != pack.cell.capacity {
      let bleed = pack.cell.bleedResistance
      scenario.pack.cell = SimulatedCell.Design(capacity: hours)
      scenario.pack.cell.bleedResistance = bleed
    }
    scenario.pack.ahead = pack.ahead.filter { $0.cell < cells }
    let fitting = TinyBMSSettings(pack.chemistry, series: cells, capacity: hours)
    scenario.settings[306] = fitting[306]
    scenario.settings[307] = fitting[307]
    scenario.charger.voltage *= volts
    scenario.charger.current *= amperes
    scenario.charger.rise *= amperes
    scenario.charger.fall *= amperes
    scenario.charger.supply = charger.supply?.scaled(by: volts * amperes)
    scenario.load = load.scaled(by: volts * amperes)
    return scenario
  }
}

extension PowerProfile {
  /// The same course with so many times the power.
  func scaled(by factor: Double) -> PowerProfile {
    var profile = self
    for index in rows.indices { profile.rows[index].watts *= factor }
    for index in appliances.indices { profile.appliances[index].watts *= factor }
    return profile
  }
}
