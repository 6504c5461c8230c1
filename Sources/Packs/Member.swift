// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// What one pack brings to its bank at one moment.
public struct Member: Sendable {
  /// The name by which reasons call it.
  public var name: Label
  /// Everything known about it.
  public var snapshot: Snapshot
  /// The stage of its age.
  public var freshness: Freshness
  /// Ages at which its stages end.
  public var bounds: Freshness.Bounds
  /// What its own charge control allows; `nil` while that decides nothing.
  public var limits: Limits?
  /// The capacity that its owner gives it; `nil` takes what it reports.
  public var capacity: Charge?
  /// Where its owner holds a full cell.
  public var float: CellVoltage?
  /// The cells that its owner gives it; `nil` takes what it reports.
  public var cells: Int?
  /// Up to which age one of its values counts, in milliseconds.
  public var oldest: Int64 = 180_000

  /// A pack that was never heard.
  public init(_ name: Label, bounds: Freshness.Bounds) {
    self.name = name
    self.bounds = bounds
    snapshot = Snapshot()
    freshness = .lost
  }

  /// What it holds when full, by which shares are reckoned.
  var size: Charge? {
    let told = (snapshot.reading[.full] ?? snapshot.reading[.nominal]).map { Charge(raw: $0) }
    return (capacity ?? told).flatMap { $0 > .zero && $0 <= Self.largest ? $0 : nil }
  }

  /// The largest capacity that is believed.
  private static let largest = Charge.ampereHours(100_000)

  /// How many cells it has in series; `nil` while nobody has told.
  var cellCount: Int? {
    let reading = snapshot.reading
    let listed = reading.cells.count > 0 ? reading.cells.count : nil
    return (cells ?? reading[.cellCount].map { Int(clamping: $0) } ?? listed).flatMap {
      (1...Cells.capacity).contains($0) ? $0 : nil
    }
  }

  /// How it stands by its own word and age.
  var state: PackState {
    if freshness == .lost { return .lost }
    if freshness == .stale { return limits == nil ? .lost : .stale }
    guard limits != nil else { return .undecided }
    let takes = snapshot.reading[.chargeEnabled] != 0
    let gives = snapshot.reading[.dischargeEnabled] != 0
    if !takes, !gives { return .open }
    if !takes { return .blocksCharge }
    if !gives { return .blocksDischarge }
    return freshness == .aging ? .late : .online
  }
}
