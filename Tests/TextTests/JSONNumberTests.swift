// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Numbers keep every digit")
struct JSONNumberTests {
  @Test(
    "whole numbers",
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("1e3", 1000), ("5.0", 5), ("5.", 5),
      ("1200e-2", 12), ("0.5e1", 5), ("0x1F", 31), ("-0x1f", -31), ("0e99999999999999999999", 0),
      ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("-0x8000000000000000", .min), ("9223372036854775.807e3", .max),
      ("0.0000000000000000000000000000000000000001e40", 1), ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("18446744073709551616", nil), ("0.5", nil), ("1e-1", nil),
      ("1e19", nil), ("1e99999999999999999999", nil), ("1e-99999999999999999999", nil),
      ("0xFFFFFFFFFFFFFFFF", nil), ("9007199254740993", 9_007_199_254_740_993),
    ] as [(String, Int64?)])
  func whole(text: String, expected: Int64?) throws {
    #expect(try #require(JSONNumber(text)).int64 == expected)
  }

  @Test(
    "steps of a decimal, rounded half away from zero",
    arguments: [
      ("3.4475", 4, 34475), ("3.44745", 4, 34475), ("3.44744999999999999999999", 4, 34474),
      ("-3.44745", 4, -34475), ("0.5", 0, 1), ("-0.5", 0, -1), ("0.49999999999999999999", 0, 0),
      ("2.5", 0, 3), ("1.005", 2, 101), ("0.1", 18, 100_000_000_000_000_000), ("-.05", 1, -1),
      ("0.05", 1, 1), ("0.049", 1, 0), ("0.0049", 1, 0), ("1e-5", 5, 1), ("1e-6", 5, 0),
      ("5e-6", 5, 1), ("12", 3, 12000), ("0x10", 2, 1600), ("9.2233720368547758074", 18, .max),
      ("9.2233720368547758075", 18, nil), ("-9.2233720368547758084", 18, .min),
      ("-9.2233720368547758085", 18, nil), ("1e17", 3, nil), ("1e15", 3, 1_000_000_000_000_000_000),
      ("99999999999999999999", 0, nil), ("123456", -3, 123), ("123500", -3, 124),
    ] as [(String, Int, Int64?)])
  func steps(text: String, places: Int, expected: Int64?) throws {
    #expect(try #require(JSONNumber(text)).decimal(places: places) == expected)
  }

  @Test("a number is a number and nothing around it")
  func refused() {
    for text in ["", " 1", "1 ", "1,", "[1]", "\"1\"", "NaN", "1e", "1/**/", "null", "0x"] {
      #expect(JSONNumber(text) == nil, "\(text)")
    }
  }

  @Test("steps written as a number are read back", arguments: [1, 2, 3] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<2000 {
      let raw = Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random)
      let decimals = Int.random(in: 0...18, using: &random)
      let number = JSONNumber(raw, decimals: decimals)
      #expect(number.decimal(places: decimals) == raw, "seed \(seed): \(number)")
      #expect(JSONNumber(number.text) == number, "seed \(seed): \(number)")
    }
  }
}
