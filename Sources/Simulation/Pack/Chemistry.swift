// SPDX-License-Identifier: Apache-2.0

/// What a simulated cell is made of.
public enum Chemistry: UInt8, CaseIterable, Sendable {
  /// Lithium iron phosphate on graphite.
  case lfp
  /// Lithium nickel manganese cobalt oxide on graphite.
  case nmc
  /// Lithium nickel manganese cobalt oxide on lithium titanate.
  case lto

  /// The name in settings and on screens.
  public var name: StaticString {
    switch self {
    case .lfp: "lfp"
    case .nmc: "nmc"
    case .lto: "lto"
    }
  }

  /// Open-circuit voltage over state of charge.
  ///
  /// LFP and NMC: break points of the slow (C/32) charge and discharge means of a Lithium Werks
  /// APR18650M1B and a Molicel INR21700-P42A; Sunil, Pattipati, Balasingam, "Piecewise Linear
  /// Approximation of Battery Open-Circuit Voltage Characteristics Using Dynamic Programming", IEEE
  /// Trans. Instrum. Meas. 2025; the knee of LFP above 95 % is softened to that of large prismatic
  /// cells, whose taper lasts minutes and not seconds. LTO: a plausible curve between the usual 1.5
  /// V and 2.8 V with 2.3 V in the middle.
  public var curve: OpenCircuitCurve {
    switch self {
    case .lfp:
      OpenCircuitCurve([
        (0.0000, 2.0102), (0.0033, 2.4177), (0.0117, 2.7405), (0.0267, 2.9299), (0.0534, 3.0872),
        (0.0885, 3.1942), (0.2972, 3.2772), (0.9550, 3.3481), (0.9720, 3.3580), (0.9820, 3.3740),
        (0.9890, 3.4020), (0.9950, 3.4520), (1.0000, 3.5981),
      ])
    case .nmc:
      OpenCircuitCurve([
        (0.0000, 2.5061), (0.0151, 2.8981), (0.0452, 3.1461), (0.0955, 3.3231), (0.1508, 3.4218),
        (0.2915, 3.5737), (0.4573, 3.7017), (0.8342, 4.0637), (0.9497, 4.1009), (1.0000, 4.1932),
      ])
    case .lto:
      OpenCircuitCurve([
        (0.00, 1.500), (0.01, 1.780), (0.03, 1.960), (0.06, 2.060), (0.10, 2.120), (0.20, 2.190),
        (0.40, 2.250), (0.60, 2.320), (0.80, 2.420), (0.90, 2.490), (0.96, 2.560), (0.99, 2.650),
        (1.00, 2.750),
      ])
    }
  }

  /// Resistance at a temperature in °C, as a multiple of that at 25 °C.
  ///
  /// The usual shape for graphite cells: twice as much at freezing, four times at −20 °C.
  func resistanceFactor(at temperature: Double) -> Double {
    let table: [(Double, Double)] = [
      (-20, 4), (-10, 2.8), (0, 2), (10, 1.45), (25, 1), (40, 0.8), (60, 0.7),
    ]
    if temperature <= -20 { return 4 }
    for index in 1..<table.count where temperature <= table[index].0 {
      let (low, high) = (table[index - 1], table[index])
      return low.1 + (high.1 - low.1) * (temperature - low.0) / (high.0 - low.0)
    }
    return 0.7
  }
}
