// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What the owner lays down for a bank.
///
/// Times are milliseconds.
public struct BankTerms: Hashable, Sendable {
  /// What a pack that is not heard means for the others.
  public enum Absence: UInt8, CaseIterable, Sendable {
    /// They go on with their own shares; the charge voltage stays at or below the last ceiling of the
    /// one that is not heard, since it may still be connected.
    case guarded
    /// As `guarded`, and charging stops while any pack is not heard.
    case stop
    /// They go on as if it were not there: only for packs that part from the bank by themselves.
    case leave
  }

  /// What is done about a pack that is not heard.
  public var absence = Absence.guarded
  /// Whether a pack with open switches still holds down the charge voltage.
  public var guardsOpen = true
  /// The fewest packs that must be heard; with fewer, nothing is sent.
  public var fewest = 1
  /// Share of the sum of the packs' limits that may be used: packs never share a current equally.
  public var sharing = Percent.percent(90)
  /// How far the voltage of a pack may be from that of the others for it to be joined to them.
  ///
  /// One that counts already is given up at twice this.
  public var apart = Voltage.millivolts(500)
  /// For how long that must hold.
  public var apartHold: Int64 = 30_000
  /// The owner's highest charge current for the whole bank.
  public var maxChargeCurrent: Current?
  /// The owner's highest discharge current for the whole bank, positive.
  public var maxDischargeCurrent: Current?
  /// For how long a higher limit must be allowed before it rises.
  public var riseHold: Int64 = 10_000
  /// How much a current limit rises in a second.
  public var currentRamp = Current.amperes(10)
  /// How much CVL rises in a second.
  public var voltageRamp = Voltage.millivolts(5)

  /// The usual terms.
  public init() {}
}
