// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Shares of the highest current over a voltage or a temperature, with straight lines in between.
public struct Curve<S: Scale>: Sendable, Hashable {
  /// One corner of a curve.
  public struct Corner: Sendable, Hashable {
    /// Where the corner stands.
    public var place: Quantity<S>
    /// The share of the highest current that is allowed there.
    public var share: Percent

    /// A corner of a curve.
    public init(_ place: Quantity<S>, _ share: Percent) {
      self.place = place
      self.share = share
    }
  }

  /// The corners by rising place; before the first and after the last the curve goes on level.
  public var corners: [Corner]

  /// A curve through these corners.
  public init(_ corners: [Corner]) { self.corners = corners }

  /// The share at a place, rounded down; nothing where the curve has no corners.
  public func share(at place: Quantity<S>) -> Percent {
    guard let first = corners.first, let last = corners.last else { return .zero }
    guard place > first.place else { return first.share }
    guard place < last.place else { return last.share }
    for index in 1..<corners.count where place <= corners[index].place {
      return Self.line(corners[index - 1], corners[index], at: place)
    }
    return last.share
  }

  /// Why this cannot be used as a curve; `nil` when it can.
  public var problem: StaticString? {
    guard corners.count >= 2 else { return "needs at least two corners" }
    for corner in corners where corner.share < .zero || corner.share > .percent(100) {
      return "has a share outside 0–100 %"
    }
    for index in 1..<corners.count where corners[index].place <= corners[index - 1].place {
      return "must have its corners by rising place"
    }
    return nil
  }

  private static func line(_ from: Corner, _ to: Corner, at place: Quantity<S>) -> Percent {
    let width = Int64(to.place.raw) - Int64(from.place.raw)
    guard width > 0 else { return min(from.share, to.share) }
    let rise = Int64(to.share.raw) - Int64(from.share.raw)
    let way = Int64(place.raw) - Int64(from.place.raw)
    // At most 2^27 · 2^32. Falling lines are rounded away from zero, so that both round down.
    let (product, overflow) = rise.multipliedReportingOverflow(by: way)
    guard !overflow else { return min(from.share, to.share) }
    let change = product >= 0 ? product / width : -((-product + width - 1) / width)
    return Percent(clamping: Int64(from.share.raw) + change)
  }
}

extension Curve where S == CellVoltageScale {
  /// A fall from all to nothing between two cell voltages, gentle first and steep last.
  ///
  /// The shape is esphome-yambms' automatic current limit, 2 − 2^(r^1.8), at five places.
  public static func fall(from full: CellVoltage, to nothing: CellVoltage) -> Self {
    shape(full, nothing)
  }

  /// A rise from nothing to all between two cell voltages: the mirror image of a fall.
  public static func rise(from nothing: CellVoltage, to full: CellVoltage) -> Self {
    Self(shape(full, nothing).corners.reversed())
  }

  private static func shape(_ full: CellVoltage, _ nothing: CellVoltage) -> Self {
    func place(_ quarters: Int64) -> CellVoltage {
      let way = Int64(nothing.raw) - Int64(full.raw)
      return CellVoltage(clamping: Int64(full.raw) + way * quarters / 4)
    }
    return Self([
      Corner(place(0), .percent(100)), Corner(place(1), .centipercent(9411)),
      Corner(place(2), .centipercent(7797)), Corner(place(3), .centipercent(4886)),
      Corner(place(4), .zero),
    ])
  }
}

extension Quantity where S == CurrentScale {
  /// This share of a current that is not negative, rounded down.
  func times(_ share: Percent) -> Current {
    Current(clamping: Int64(raw) * Int64(share.raw) / 100_000_000)
  }
}
