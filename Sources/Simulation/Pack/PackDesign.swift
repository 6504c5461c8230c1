// SPDX-License-Identifier: Apache-2.0

import Battery

extension SimulatedPack {
  /// How a pack is built, and how unlike its cells are.
  public struct Design: Sendable {
    /// What its cells are made of.
    public var chemistry: Chemistry
    /// How many cells are in series, 1 to 48; a TinyBMS measures 16 of them at most.
    public var series: Int
    /// What every cell was meant to be.
    public var cell: SimulatedCell.Design
    /// Standard deviation of the cells' capacity, as a share.
    public var capacitySpread = 0.01
    /// Standard deviation of the cells' resistance, as a share.
    public var resistanceSpread = 0.08
    /// Mean state of charge at the start, 0 to 1.
    public var soc: Double
    /// Standard deviation of the cells' state of charge at the start.
    public var socSpread = 0.001
    /// Cells, counted from 0, that are ahead of the others at the start, and by how much.
    public var ahead: [(cell: Int, soc: Double)] = []
    /// Temperature around the pack, and of the pack at the start, °C.
    public var surroundings = 22.0
    /// Resistance of busbars, switches and shunt together, Ω.
    public var wiring = 0.001
    /// How many temperature sensors hang on the cells, 0 to 2.
    public var sensors = 2
    /// Noise of a cell's measurement, standard deviation, V.
    public var voltageNoise = 0.000_15
    /// Noise of the current's measurement, standard deviation, A.
    public var currentNoise = 0.01
    /// Noise of a temperature's measurement, standard deviation, °C.
    public var temperatureNoise = 0.03

    /// A pack of `series` cells of `capacity` Ah at a state of charge from 0 to 1.
    public init(_ chemistry: Chemistry, series: Int, capacity: Double, soc: Double) {
      self.chemistry = chemistry
      self.series = min(Cells.capacity, max(1, series))
      self.soc = soc
      cell = SimulatedCell.Design(capacity: capacity)
    }
  }
}
