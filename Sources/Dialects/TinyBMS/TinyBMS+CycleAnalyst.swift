// SPDX-License-Identifier: Apache-2.0

public import Quantities

extension TinyBMS {
  /// A broadcast line in the form of the Cycle Analyst V3, which is sent when setting 343 is 0.
  ///
  /// 13 numbers with tabs between, the last seven always 0. It carries no checksum.
  public struct CycleAnalyst: Equatable, Sendable {
    /// Charge left.
    public var remaining: Charge
    /// Pack voltage.
    public var voltage: Voltage
    /// Pack current, positive charging as everywhere in this unit; the document does not say it of
    /// this line.
    public var current: Current
    /// Speed in steps of 0.001 km/h.
    public var speed: Int64
    /// Distance so far in steps of 0.001 km.
    public var distance: Int64
    /// The hottest sensor.
    public var hottest: Temperature

    /// A line from its values.
    public init(
      remaining: Charge, voltage: Voltage, current: Current, speed: Int64, distance: Int64,
      hottest: Temperature
    ) {
      self.remaining = remaining
      self.voltage = voltage
      self.current = current
      self.speed = speed
      self.distance = distance
      self.hottest = hottest
    }

    /// The first whole line in a text; `nil` where there is none.
    public init?(text bytes: borrowing Span<UInt8>) {
      var place = 0
      while place < bytes.count {
        var end = place
        while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        // Without its end a line may lack digits.
        guard end < bytes.count else { return nil }
        if let line = Self.line(bytes, place, end) {
          self = line
          return
        }
        place = end + 1
      }
      return nil
    }

    private static func line(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Self? {
      var numbers: [6 of Int64] = .init(repeating: 0)
      var index = 0
      var place = start
      while place <= end {
        var stop = place
        while stop < end, bytes[stop] != UInt8(ascii: "\t") { stop += 1 }
        guard index < 13, let steps = number(bytes, place, stop, decimals: 3) else { return nil }
        if index < 6 { numbers[index] = steps } else if steps != 0 { return nil }
        index += 1
        place = stop + 1
      }
      guard index == 13 else { return nil }
      return Self(
        remaining: Charge(clamping: numbers[0]), voltage: Voltage(clamping: numbers[1]),
        current: Current(clamping: numbers[2]), speed: numbers[3], distance: numbers[4],
        hottest: Temperature(clamping: numbers[5].dividedRounding(by: 10)))
    }
  }
}

extension TinyBMS.CycleAnalyst {
  /// The line as the unit sends it; a carriage return and a line feed end it, which no document
  /// says.
  public func encode() -> [UInt8] {
    var text: [UInt8] = []
    func put(_ steps: Int64, _ decimals: Int, _ places: Int) {
      if !text.isEmpty { text.append(UInt8(ascii: "\t")) }
      Decimal.append(steps, decimals: decimals, places: places, to: &text)
    }
    put(remaining.raw, 3, 3)
    put(Int64(voltage.raw), 3, 3)
    put(Int64(current.raw), 3, 3)
    put(speed, 3, 3)
    put(distance, 3, 3)
    put(Int64(hottest.raw), 2, 2)
    for _ in 0..<7 { put(0, 0, 0) }
    text += [0x0D, 0x0A]
    return text
  }
}
