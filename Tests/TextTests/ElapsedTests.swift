// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Durations for people")
struct ElapsedTests {
  @Test(
    "the two largest units",
    arguments: [
      (0, "0 s"), (1, "1 ms"), (250, "250 ms"), (1000, "1 s"), (1500, "1 s 500 ms"),
      (59_999, "59 s 999 ms"), (60_000, "1 min"), (4_320_000, "1 h 12 min"), (3_600_500, "1 h"),
      (90_061_000, "1 d 1 h"), (-4_320_000, "-1 h 12 min"), (.max, "106751991167 d 7 h"),
      (.min, "-106751991167 d 7 h"),
    ] as [(Int64, String)])
  func text(milliseconds: Int64, expected: String) {
    #expect(Elapsed.text(milliseconds) == expected)
  }

  @Test(
    "what people write",
    arguments: [
      ("250ms", 250), ("90 s", 90_000), ("2h", 7_200_000), ("1 h 12 min", 4_320_000),
      ("1h12m", 4_320_000), ("1.5h", 5_400_000), (".5s", 500), ("0s", 0), ("1d", 86_400_000),
      (" 1 s ", 1000), ("0.0005s", 1), ("0.0004s", 0), ("10000000000ms", 10_000_000_000),
      ("9223372036854775807ms", .max), ("9223372036854775807ms 1ms", nil), ("999999999999d", nil),
      ("", nil), (" ", nil), ("5", nil), ("s", nil), ("-1s", nil), ("1 hour", nil), ("1S", nil),
      ("1.2.3s", nil), ("1e3s", nil), ("1 s 2", nil), ("٣s", nil), (".s", nil),
    ] as [(String, Int64?)])
  func read(text: String, expected: Int64?) { #expect(Elapsed.milliseconds(text) == expected) }
}
