// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Charts

@Suite struct ValueAxisTests {
  @Test func `marks are round and hold all values`() {
    let axis = ValueAxis(51_983...56_831, decimals: 3, count: 5)
    #expect(axis.step == 1000)
    #expect(axis.marks == [51_000, 52_000, 53_000, 54_000, 55_000, 56_000, 57_000])
    #expect(axis.marks.map { axis.label($0) } == ["51", "52", "53", "54", "55", "56", "57"])
    #expect(axis.text(51_983) == "51.98")
    #expect(axis.label(57_000, unit: "V") == "57 V" && axis.label(56_000, unit: "V") == "56")
    let current = ValueAxis(-24_502...28_987, decimals: 3, count: 5)
    #expect(current.marks == [-40_000, -20_000, 0, 20_000, 40_000])
    #expect(current.label(-20_000) == "−20")
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13])
  func `every range has marks within it`(count: Int) {
    for power in 0..<17 {
      let size = (0..<power).reduce(Int64(1)) { size, _ in size * 10 }
      for low in [-7 * size, -size, 0, 3 * size] {
        for length in [0, size / 3, size, 7 * size] {
          let axis = ValueAxis(low...(low + length), decimals: 3, count: count)
          #expect(axis.low <= low && axis.high >= low + length && axis.low < axis.high)
          #expect(axis.marks.count >= 2 && axis.marks.count <= 2 * count + 4, "\(axis)")
          #expect(axis.marks.allSatisfy { $0 >= axis.low && $0 <= axis.high })
          #expect(Set(axis.marks.map { axis.label($0) }).count == axis.marks.count)
        }
      }
    }
  }

  @Test func `what is beyond all batteries does not trap`() {
    for (low, high) in [(Int64.min, Int64.max), (.max, .max), (.min, .min), (0, .max)] {
      let axis = ValueAxis(low...high, decimals: 6, count: 5)
      #expect(!axis.marks.isEmpty)
    }
  }

  @Test func `shares stay between nothing and all`() {
    let bounds: ClosedRange<Int64> = 0...100_000_000
    let axis = ValueAxis(13_000_000...99_200_000, decimals: 6, count: 5, bounds: bounds)
    #expect(axis.low == 0 && axis.high == 100_000_000)
    #expect(axis.marks.map { axis.label($0) } == ["0", "20", "40", "60", "80", "100"])
    // What should not be is shown all the same.
    let odd = ValueAxis(0...120_000_000, decimals: 6, count: 5, bounds: bounds)
    #expect(odd.high >= 120_000_000)
  }
}
