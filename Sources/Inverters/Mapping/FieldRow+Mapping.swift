// SPDX-License-Identifier: Apache-2.0

public import Battery

extension FieldRow {
  /// The scales that a value may be multiplied by, in millionths.
  private static let scales: ClosedRange<Int64> = 1000...1_000_000_000

  /// The other points that the field may be taken from, which are of the same kind.
  public var alternatives: [Point] {
    guard case .point(let point) = original, guarded == nil, point.kind != .percent else {
      return []
    }
    return Point.allCases.filter { other in
      other != point && other.kind == point.kind && other.isMeasured
    }
  }

  /// How many characters a text may have; `nil` where no text can be chosen.
  public var longestText: Int? {
    guard case .name(let name) = original, start == 0 else { return nil }
    return name == .model || name == .serial ? 16 : 8
  }

  mutating func apply(_ what: MappingChange.What) throws(MappingRefusal) {
    if let guarded { throw MappingRefusal(guarded) }
    switch what {
    case .omit:
      if case .limit = original {
        throw MappingRefusal("the limit to be told: what an inverter is not told does not bind it")
      }
      isOmitted = true
    case .scale(let scale): try multiply(by: scale)
    case .source(let point): try take(from: point)
    case .text(let text): try say(text)
    case .period: throw MappingRefusal("a frame: fields have no period of their own")
    }
  }

  private mutating func multiply(by scale: Int64) throws(MappingRefusal) {
    switch original {
    case .limit(.dischargeVoltageLimit):
      throw MappingRefusal("no scale: the lowest voltage is decided by the settings of charging")
    case .limit(.chargeVoltageLimit):
      guard (900_000...Self.unit).contains(scale) else {
        throw MappingRefusal(
          "a scale from 0.9 to 1: it may only be narrowed, and one far too low would empty the battery"
        )
      }
    case .limit:
      guard (1...Self.unit).contains(scale) else {
        throw MappingRefusal("a scale above 0 and up to 1: a limit may only be narrowed")
      }
    case .point(let point):
      switch point.kind {
      case .current:
        guard Self.scales.contains(scale) || Self.scales.contains(0 &- scale) else {
          throw MappingRefusal(
            "a scale from 0.001 to 1000, or from -1000 to -0.001, which turns the sign")
        }
      case .voltage, .cellVoltage, .charge, .energy, .power:
        guard Self.scales.contains(scale) else {
          throw MappingRefusal("a scale from 0.001 to 1000")
        }
      case .percent:
        throw MappingRefusal("no scale: inverters act by a share, and it has only one whole")
      case .temperature:
        throw MappingRefusal("no scale: a temperature can only be taken from another sensor")
      case .count, .cycles, .seconds, .flag:
        throw MappingRefusal("no scale: the field holds no amount")
      }
    case .name, .fixed, .other: throw MappingRefusal("no scale: the field holds no amount")
    }
    self.scale = scale
  }

  private mutating func take(from point: Point) throws(MappingRefusal) {
    switch original {
    case .limit: throw MappingRefusal("no other source: limits are told as they were decided")
    case .point(let known):
      guard point != known else { return chosen = nil }
      guard known.kind != .percent else {
        throw MappingRefusal("no other source: nothing else tells a share that inverters act by")
      }
      guard alternatives.contains(point) else {
        throw MappingRefusal("a measured value of the same kind")
      }
      chosen = .point(point)
    case .name, .fixed: throw MappingRefusal("a text, which is no name of a point")
    case .other: throw MappingRefusal("no other source: there is nothing else that tells it")
    }
  }

  private mutating func say(_ text: Label) throws(MappingRefusal) {
    switch original {
    case .limit: throw MappingRefusal("no other source: limits are told as they were decided")
    case .name:
      guard let longestText else {
        throw MappingRefusal("no source: the text of the frame before goes on here")
      }
      guard !text.isEmpty, Int(text.count) <= longestText else {
        throw MappingRefusal("a text that fits the field")
      }
      chosen = .fixed(text)
    case .point, .fixed: throw MappingRefusal("the name of a point: a made-up number is never sent")
    case .other: throw MappingRefusal("no other source: there is nothing else that tells it")
    }
  }
}

extension Point {
  /// Whether it tells of the battery as it is: a limit, a difference or a counter of charge would be
  /// taken for a measurement.
  fileprivate var isMeasured: Bool {
    switch self {
    case .chargeVoltageLimit, .chargeCurrentLimit, .dischargeCurrentLimit, .dischargeVoltageLimit,
      .cellDelta, .chargeCharged, .chargeDischarged:
      false
    // The gateway's own books are for people only.
    default: rawValue < Point.consumed.rawValue
    }
  }
}
