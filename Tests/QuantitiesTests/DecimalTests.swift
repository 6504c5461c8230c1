// SPDX-License-Identifier: Apache-2.0
import Quantities
import Testing

@Suite("Decimal text")
struct DecimalTests {
  @Test(
    "Steps become text without floating point",
    arguments: [
      (0, 3, nil, "0"), (-3030, 3, nil, "-3.03"), (1, 6, nil, "0.000001"), (-1, 3, 2, "0.00"),
      (-5, 3, 2, "-0.01"), (1995, 3, 2, "2.00"), (12_345, 2, 0, "123"), (7, 0, 2, "7.00"),
      (.max, 3, nil, "9223372036854775.807"), (.min, 0, nil, "-9223372036854775808"),
    ] as [(Int64, Int, Int?, String)])
  func text(raw: Int64, decimals: Int, places: Int?, expected: String) {
    #expect(Decimal.string(raw, decimals: decimals, places: places) == expected)
  }
}

@Suite("IEEE floats from a wire")
struct Binary32Tests {
  @Test("The pack voltage of a real unit")
  func captured() {
    // Registers 36 and 37 of a 14-cell unit: 1EB8, 425F, low word first.
    #expect(Voltage.volts(Binary32(bits: 0x425F_1EB8)) == .millivolts(55_780))
  }

  @Test("What is not a number, infinite or beyond the scale is absent")
  func hostile() {
    for bits: UInt32 in [0x7FC0_0000, 0x7F80_0000, 0xFF80_0000, 0x7F7F_FFFF, 0x5000_0000] {
      #expect(Current.amperes(Binary32(bits: bits)) == nil)
    }
    #expect(Current.amperes(Binary32(bits: 0x8000_0000)) == .zero)
    #expect(Current.amperes(Binary32(bits: 1)) == .zero)
  }

  @Test("Integer conversion agrees with the processor's own arithmetic")
  func agreesWithHardware() {
    var state: UInt64 = 20_261_121
    for _ in 0..<200_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let bits = UInt32(truncatingIfNeeded: state >> 32)
      let product = Double(Float(bitPattern: bits)) * 1000
      let rounded = product.rounded(.toNearestOrAwayFromZero)
      let expected = rounded.isNaN || rounded.magnitude > Double(Int32.max) ? nil : Int32(rounded)
      // Int32.min has no positive twin and is treated as beyond the scale by neither side here.
      #expect(Binary32(bits: bits).scaled(by: 1000) == expected, "bits \(bits), seed 20261121")
    }
  }
}

@Suite("Ticks")
struct TickTests {
  @Test("The end of time is never passed")
  func saturation() {
    #expect(Tick.never + 1 == .never)
    #expect(Tick(.max) - Tick(.min) == .max)
    #expect(Tick(1500) - Tick(1000) == 500)
  }
}
