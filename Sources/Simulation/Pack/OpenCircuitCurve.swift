// SPDX-License-Identifier: Apache-2.0

/// A rising curve of open-circuit voltage over state of charge, straight between its break points.
public struct OpenCircuitCurve: Sendable {
  private let places: [Double]
  private let volts: [Double]
  private let slopes: [Double]

  /// A curve through points of state of charge (0 to 1) and volts.
  /// - Precondition: at least two points, both numbers rising.
  init(_ points: [(Double, Double)]) {
    var places: [Double] = []
    var volts: [Double] = []
    var slopes: [Double] = []
    for index in 0..<points.count {
      places.append(points[index].0)
      volts.append(points[index].1)
      guard index + 1 < points.count else { continue }
      slopes.append(
        (points[index + 1].1 - points[index].1) / (points[index + 1].0 - points[index].0))
    }
    self.places = places
    self.volts = volts
    self.slopes = slopes
  }

  /// The voltage at rest of a cell at `soc`, 0 to 1; beyond both ends the steep end goes on, down
  /// to 0 V.
  public func voltage(at soc: Double) -> Double {
    var segment = 0
    return voltage(at: soc, from: &segment)
  }

  /// As `voltage(at:)`, beginning the search at the segment where the last one ended.
  func voltage(at soc: Double, from segment: inout Int) -> Double {
    while segment > 0, soc < places[segment] { segment -= 1 }
    while segment + 1 < slopes.count, soc >= places[segment + 1] { segment += 1 }
    let voltage = volts[segment] + (soc - places[segment]) * slopes[segment]
    return voltage > 0 ? voltage : 0
  }
}
