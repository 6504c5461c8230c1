// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Whether it is still the same battery: its serial number and how many cells it has.
///
/// The name of the port says nothing of that, since ports change their names. After a change the
/// battery is doubted until it has told the same for five minutes of live readings, or a person agrees.
public struct Recognition: Sendable {
  /// What is different.
  public enum Change: Sendable, Hashable {
    /// It has another serial number.
    case serial(from: Label, to: Label)
    /// It has another number of cells.
    case cells(from: Int, to: Int)
  }

  /// How long it must have told the same, in milliseconds.
  public static let proof: Int64 = 300_000
  /// The longest time between two live readings that counts as observed, in milliseconds.
  static let longestStep: Int64 = 10_000

  /// Its serial number, where it has told one.
  public private(set) var serial: Label?
  /// How many cells it has, where it has told that.
  public private(set) var cells: Int?
  /// For how long it must still tell the same, in milliseconds; `nil` while nothing is doubted.
  public private(set) var doubt: Int64?
  private var last: Tick?

  /// Nothing known yet.
  public init() {}

  /// Whether another battery may be there.
  public var isDoubted: Bool { doubt != nil }

  /// Takes what one reading told of who it is; answers what is different from before.
  public mutating func take(_ reading: Reading, isLive: Bool, at now: Tick) -> Change? {
    var change: Change?
    let count =
      reading[.cellCount].map { Int(clamping: $0) }
      ?? (reading.cells.count > 0 ? reading.cells.count : nil)
    if let count {
      if let cells, cells != count { change = .cells(from: cells, to: count) }
      cells = count
    }
    if let told = reading.identity.serial, !told.isEmpty {
      if let serial, serial != told { change = .serial(from: serial, to: told) }
      serial = told
    }
    if change != nil {
      doubt = Self.proof
      last = now
    } else if isLive, let left = doubt {
      let step = min(max(0, now - (last ?? now)), Self.longestStep)
      doubt = left > step ? left - step : nil
      last = now
    }
    return change
  }

  /// A person says that the battery is the right one.
  public mutating func agree() { doubt = nil }
}
