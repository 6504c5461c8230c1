// SPDX-License-Identifier: Apache-2.0

/// Power over the time of day: a table, appliances that come and go, and noise.
///
/// Lines between the rows of the table are straight. The same seed gives the same day on every
/// machine.
public struct PowerProfile: Sendable {
  /// Something that runs for a while, now and then.
  public struct Appliance: Sendable {
    /// Power while it runs, W.
    public var watts: Double
    /// How long it runs, s.
    public var duration: Int64
    /// How often it runs in a day, on average.
    public var timesADay: Double
    /// Hours of the day in which it may run.
    public var hours: Range<Int64>

    /// An appliance.
    public init(watts: Double, duration: Int64, timesADay: Double, hours: Range<Int64> = 0..<24) {
      self.watts = watts
      self.duration = duration
      self.timesADay = timesADay
      self.hours = hours
    }
  }

  /// Rows of second and watts, rising in time.
  public var rows: [(second: Int64, watts: Double)]
  /// After how many seconds the table begins again.
  public var period: Int64 = 86_400
  /// Noise as a share of the power, even between minus and plus this.
  public var noise = 0.0
  /// How long one value of the noise lasts, s.
  public var noiseTime: Int64 = 30
  /// What comes and goes on top of the table.
  public var appliances: [Appliance] = []

  /// A table that is repeated every `period` seconds.
  public init(_ rows: [(second: Int64, watts: Double)], period: Int64 = 86_400) {
    self.rows = rows
    self.period = max(1, period)
  }

  /// Always the same power, W.
  public static func constant(_ watts: Double) -> PowerProfile { PowerProfile([(0, watts)]) }

  /// A course of power that jumps: each row holds until the next; after the last it stays.
  public static func script(_ steps: [(second: Int64, watts: Double)]) -> PowerProfile {
    var rows: [(second: Int64, watts: Double)] = []
    for step in steps {
      if let last = rows.last { rows.append((step.second, last.watts)) }
      rows.append(step)
    }
    return PowerProfile(rows, period: .max)
  }

  /// Power at a second since midnight of the first day, W.
  public func watts(at second: Int64, seed: UInt64) -> Double {
    let place = second % period
    var sum = table(at: place)
    if noise > 0 {
      sum *= 1 + noise * (2 * SeededRandom.unit(seed: seed, at: second / max(1, noiseTime)) - 1)
    }
    for (index, appliance) in appliances.enumerated() {
      guard appliance.hours.contains(place / 3600 % 24) else { continue }
      let slot = second / max(1, appliance.duration)
      let window = Double(appliance.hours.upperBound - appliance.hours.lowerBound) * 3600
      let chance = appliance.timesADay * Double(appliance.duration) / window
      let draw = SeededRandom.unit(
        seed: seed &+ UInt64(index + 1) &* 0x5851_F42D_4C95_7F2D, at: slot)
      if draw < chance { sum += appliance.watts }
    }
    return sum
  }

  private func table(at place: Int64) -> Double {
    guard let first = rows.first, let last = rows.last else { return 0 }
    if place < first.second { return first.watts }
    for index in 1..<max(1, rows.count) where place < rows[index].second {
      let (low, high) = (rows[index - 1], rows[index])
      let share = Double(place - low.second) / Double(high.second - low.second)
      return low.watts + (high.watts - low.watts) * share
    }
    return last.watts
  }
}
