// SPDX-License-Identifier: Apache-2.0

/// How long answers took, in milliseconds: from the moment that a request was handed to the link to
/// that of its whole checked answer.
public struct Latency: Sendable {
  /// How many classes of times there are.
  public static let classes = 12

  /// How many answers there were.
  public private(set) var count: Int64 = 0
  /// The newest; `nil` before the first answer, as the others.
  public private(set) var last: Int64?
  /// The shortest.
  public private(set) var lowest: Int64?
  /// The longest.
  public private(set) var highest: Int64?
  /// All together.
  public private(set) var total: Int64 = 0
  private var histogram: [12 of UInt32] = .init(repeating: 0)

  /// No answer yet.
  public init() {}

  /// The mean in steps of 0.1 ms, rounded half up.
  public var mean: Int64? { count > 0 ? (total * 20 + count) / (count * 2) : nil }

  /// Below how many milliseconds the answers of a class came: 1, 2, 4, 8 … 1024; `nil` for the last
  /// class, which has no end.
  public static func bound(of index: Int) -> Int64? {
    index < classes - 1 ? 1 << Int64(index) : nil
  }

  /// How many answers were in a class and in none before it.
  public subscript(index: Int) -> UInt32 { histogram[index] }

  /// Counts an answer.
  mutating func count(_ milliseconds: Int64) {
    let time = max(0, milliseconds)
    count += 1
    last = time
    lowest = min(lowest ?? time, time)
    highest = max(highest ?? time, time)
    total += time
    let index = min(Self.classes - 1, 64 - time.leadingZeroBitCount)
    histogram[index] &+= 1
  }
}

extension Latency: Hashable {
  /// Whether the same was counted.
  public static func == (a: Self, b: Self) -> Bool {
    for index in 0..<classes where a.histogram[index] != b.histogram[index] { return false }
    return a.count == b.count && a.last == b.last && a.lowest == b.lowest
      && a.highest == b.highest && a.total == b.total
  }

  /// Mixes in what was counted.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(last)
    hasher.combine(total)
  }
}
