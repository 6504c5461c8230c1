// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What must be known of a language before the numbers that it tells can be believed.
public struct Trust: Sendable {
  /// A number that stands for "nothing is connected" or "not known".
  public struct Sentinel: Sendable {
    /// The kind of points, or of list, in which it has that meaning.
    public let kind: Point.Kind
    /// The number, in steps of the kind's scale.
    public let raw: Int64

    /// A number of a kind.
    public init(_ kind: Point.Kind, _ raw: Int64) {
      self.kind = kind
      self.raw = raw
    }

    /// A temperature that an open or shorted sensor is told as.
    public static func temperature(_ temperature: Temperature) -> Self {
      Self(.temperature, Int64(temperature.raw))
    }
  }

  /// How its frames are checked.
  public var check: FrameCheck
  /// Numbers that are none.
  public var sentinels: [Sentinel]
  /// What a cell input reads to which nothing is connected, where the language has such a number.
  public var emptyCell: CellVoltage?

  /// What is known of a language; without anything known it is checked well and has no such numbers.
  public init(
    _ check: FrameCheck = .crc16, sentinels: [Sentinel] = [], emptyCell: CellVoltage? = nil
  ) {
    self.check = check
    self.sentinels = sentinels
    self.emptyCell = emptyCell
  }

  /// Makes absent what stands for nothing; answers whether there was any.
  public func strip(_ reading: inout Reading) -> Bool {
    var found = false
    for sentinel in sentinels {
      for point in Point.allCases
      where point.kind == sentinel.kind && reading[point] == sentinel.raw {
        reading[point] = nil
        found = true
      }
      guard sentinel.kind == .temperature else { continue }
      for index in 0..<reading.temperatures.count {
        guard let sensor = reading.temperatures[index], Int64(sensor.raw) == sentinel.raw else {
          continue
        }
        reading.temperatures.place(nil, at: index)
        found = true
      }
    }
    return found
  }
}

extension Trust {
  /// What a sensor that is told in tenths of a kelvin reads when it is told as 0.
  public static let zeroKelvin = Sentinel.temperature(.decidegrees(-2731))

  /// The same language as if its checksum were strong, for conversations in which nothing can be asked
  /// again.
  public var asStrong: Trust {
    var trust = self
    if check.isWeak { trust.check = .crc16 }
    return trust
  }
}
