// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("A chart in text")
struct ChartTests {
  /// The dots of a drawn line as (column, height from the bottom).
  private static func dots(_ lines: [String]) -> Set<[Int]> {
    let bits: [UInt32: (Int, Int)] = [
      0x01: (0, 0), 0x02: (0, 1), 0x04: (0, 2), 0x40: (0, 3), 0x08: (1, 0), 0x10: (1, 1),
      0x20: (1, 2), 0x80: (1, 3),
    ]
    var dots: Set<[Int]> = []
    for (row, line) in lines.enumerated() {
      for (column, scalar) in line.unicodeScalars.enumerated()
      where (0x2800...0x28FF).contains(scalar.value) {
        for (bit, place) in bits where (scalar.value - 0x2800) & bit != 0 {
          dots.insert([column * 2 + place.0, lines.count * 4 - 1 - (row * 4 + place.1)])
        }
      }
    }
    return dots
  }

  @Test("labels stand where the highest and lowest values are")
  func labels() {
    let chart = Chart(
      width: 30, height: 5, decimals: 3, unit: "V", start: "08:00", end: "09:00")
    let lines = chart.lines([3300, 3350, 3400, nil, 3300])
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("3.4 V ┤"))
    #expect(lines[1].hasPrefix("      ┤"))
    #expect(lines[3].hasPrefix("  3.3 ┤"))
    #expect(lines[4] == "       08:00             09:00")
    #expect(lines.allSatisfy { $0.columns == 30 })
  }

  @Test("a rising line is one diagonal")
  func diagonal() {
    // Six columns and two rows leave no place for labels: 12 by 8 dots.
    let lines = Chart(width: 6, height: 2).lines(Array(0..<12).map { Int64($0) })
    let dots = Self.dots(lines)
    #expect(dots.contains([0, 0]))
    #expect(dots.contains([11, 7]))
    #expect(Set(dots.map { $0[0] }) == Set(0..<12))
    for x in 0..<12 { #expect(dots.filter { $0[0] == x }.count == 1) }
  }

  @Test("a missing value leaves a gap, and a lone one is a dot")
  func gaps() {
    let lines = Chart(width: 5, height: 1).lines([1, 1, 1, nil, nil, nil, 1, nil, nil, 1])
    #expect(Set(Self.dots(lines).map { $0[0] }) == [0, 1, 2, 6, 9])
    let none = Chart(width: 5, height: 1).lines([nil, nil])
    #expect(none == ["     "])
    #expect(Chart(width: 5, height: 2).lines([]) == ["     ", "     "])
  }

  @Test("a single peak among many values is seen")
  func peak() {
    var values = [Int64?](repeating: 0, count: 10_000)
    values[5000] = 1000
    let dots = Self.dots(Chart(width: 20, height: 2).lines(values))
    #expect(dots.contains { $0[1] == 7 })
    #expect(dots.filter { $0[1] == 7 }.count == 1)
  }

  @Test("a line that never moves lies in the middle")
  func flat() {
    let dots = Self.dots(Chart(width: 4, height: 2).lines([7, 7, 7]))
    #expect(Set(dots.map { $0[1] }) == [4])
    #expect(Set(dots.map { $0[0] }) == Set(0..<8))
  }

  @Test("values beyond a given range stay at its edge")
  func clamped() {
    let dots = Self.dots(Chart(width: 3, height: 1, range: 0...10).lines([-100, 100]))
    #expect(dots.contains([0, 0]))
    #expect(dots.contains([5, 3]))
  }

  @Test("any size and any values fit their place", arguments: 1...5 as ClosedRange<UInt64>)
  func anything(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<200 {
      let width = Int.random(in: -1...40, using: &random)
      let height = Int.random(in: -1...9, using: &random)
      let values = (0..<Int.random(in: 0...120, using: &random)).map { _ -> Int64? in
        Int.random(in: 0..<4, using: &random) == 0
          ? nil : Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random)
      }
      let chart = Chart(
        width: width, height: height, decimals: Int.random(in: 0...6, using: &random), unit: "Ah",
        start: "2026-11-21", end: "2026-11-22")
      let lines = chart.lines(values)
      #expect(lines.count == (width > 0 ? max(0, height) : 0), "seed \(seed)")
      #expect(lines.allSatisfy { $0.columns <= width }, "seed \(seed): \(width)×\(height)")
    }
  }
}
