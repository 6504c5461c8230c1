// SPDX-License-Identifier: Apache-2.0

/// What kind of JBD board is simulated.
public struct JBDDesign: Sendable {
  /// Firmware, a half byte before the point and one behind it.
  public var firmware: UInt8 = 0x80
  /// What register 05 tells, up to 31 characters.
  public var model = "JBD-SP16S020-L16S-100A"
  /// Whether its firmware is of the newer kind that tells nine bytes behind the sensors.
  public var hasTail = true
  /// Whether currents and charges count in steps ten times as coarse, as packs beyond 655 Ah need.
  public var isCoarse = false
  /// Date of production: year from 2000, month and day.
  public var date: (year: UInt16, month: UInt16, day: UInt16) = (24, 1, 1)
  /// The six digits that open factory mode, as numbers from 0 to 9; empty where none is set.
  public var password: [UInt8] = []

  /// A board with firmware 8.0 and no password.
  public init() {}
}
