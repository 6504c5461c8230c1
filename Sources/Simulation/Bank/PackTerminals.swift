// SPDX-License-Identifier: Apache-2.0

/// What a pack is to others that are joined with it at its terminals.
public struct PackTerminals: Sendable {
  /// Its cells and its wiring, as a voltage behind a resistance.
  public var source: Source
  /// Whether its charge switch is closed.
  public var takes: Bool
  /// Whether its discharge switch is closed.
  public var gives: Bool

  /// Terminals from their parts.
  public init(source: Source, takes: Bool, gives: Bool) {
    self.source = source
    self.takes = takes
    self.gives = gives
  }
}

extension Rig {
  /// What it is at its terminals.
  public var terminals: PackTerminals {
    PackTerminals(source: pack.source, takes: isChargeOn, gives: isDischargeOn)
  }

  /// Lets a bank drive a current through it from now on, A, positive charging, in place of its own
  /// charger and loads.
  public mutating func impose(_ current: Double, hasCharger: Bool) {
    imposed = (current, hasCharger)
  }
}
