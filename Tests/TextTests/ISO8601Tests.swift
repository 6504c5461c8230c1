// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Text

@Suite("ISO 8601")
struct ISO8601Tests {
  @Test(
    "known moments",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (1_795_223_545_123, "2026-11-21T01:12:25.123Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
      (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
      (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func known(milliseconds: Int64, text: String) {
    #expect(ISO8601.string(milliseconds) == text)
    #expect(ISO8601.milliseconds(text) == milliseconds)
  }

  @Test("the ends of 64 bits are written and read back")
  func ends() {
    for value in [Int64.min, .min + 1, .min + 86_400_000, .max, .max - 1] {
      #expect(ISO8601.milliseconds(ISO8601.string(value)) == value)
    }
    #expect(ISO8601.milliseconds("+300000000-01-01T00:00Z") == nil)
    #expect(ISO8601.milliseconds("-300000000-01-01T00:00Z") == nil)
  }

  @Test(
    "ways to write the same moment",
    arguments: [
      "2026-11-21T01:12:00.000Z", "2026-11-21T01:12:00Z", "2026-11-21T01:12Z", "2026-11-21 01:12Z",
      "2026-11-21t01:12z", "2026-11-21T02:12+01:00", "2026-11-20T19:42:00-0530",
      "2026-11-21T03:12:00.0009+02", "2026-11-21T01:12:00,0Z", "2026-11-21T01:12:00-00:00",
      "2026-11-22T01:11:00+23:59",
    ])
  func ways(text: String) {
    #expect(ISO8601.milliseconds(text) == 1_795_223_520_000)
  }

  @Test("a day alone begins in UTC")
  func day() { #expect(ISO8601.milliseconds("2026-11-21") == 1_795_219_200_000) }

  @Test(
    "what is no moment",
    arguments: [
      "", "2026", "2026-11", "2026-11-21T", "2026-11-21T01", "2026-11-21T01:12",
      "2026-11-21T01:12:25",
      "2026-02-29T00:00Z", "1900-02-29T00:00Z", "2026-13-01T00:00Z", "2026-00-01T00:00Z",
      "2026-04-31T00:00Z", "2026-01-00T00:00Z", "2026-01-01T24:00Z", "2026-01-01T00:60Z",
      "2026-12-31T23:59:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1", "26-01-01T00:00Z",
      "2026-1-1T00:00Z", "2026-01-01T00:00ZZ", "2026-01-01T00:00+1", "2026-01-01T00:00+24:00",
      "2026-01-01T00:00+01:60", "2026-01-01T00:00+01:", "02026-01-01T00:00Z", "+2026-01-01T00:00Z",
      "2026-01-01X00:00Z", " 2026-01-01T00:00Z", "2026-01-01T00:00Z ", "٢٠٢٦-01-01T00:00Z",
    ])
  func refused(text: String) { #expect(ISO8601.milliseconds(text) == nil) }

  @Test("Foundation writes and reads the same", arguments: 1...8 as ClosedRange<UInt64>)
  func peer(seed: UInt64) throws {
    var random = Seeded(seed)
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    for _ in 0..<500 {
      // From 1600 to 2600: before, Foundation's calendar may be the Julian one.
      let seconds = Int64.random(in: -11_676_096_000...19_880_899_200, using: &random)
      let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      #expect(ISO8601.string(seconds * 1000, fraction: false) == text, "seed \(seed)")
      #expect(ISO8601.milliseconds(text) == seconds * 1000, "seed \(seed)")
      let ours = ISO8601.string(seconds * 1000, fraction: false)
      #expect(formatter.date(from: ours)?.timeIntervalSince1970 == Double(seconds), "seed \(seed)")
    }
  }

  @Test("every day of 900 years follows the one before")
  func everyDay() throws {
    var previous = CivilDate(daysSince1970: -200_001)
    for days in Int64(-200_000)...130_000 {
      let date = CivilDate(daysSince1970: days)
      guard date.daysSince1970 == days else {
        Issue.record("\(date) is not \(days)")
        return
      }
      let follows =
        date.day == previous.day + 1 && date.month == previous.month
        || date.day == 1
          && previous.day == CivilDate.days(in: previous.month, of: previous.year)
          && (date.month == previous.month + 1 || date.month == 1 && previous.month == 12)
      guard follows else {
        Issue.record("\(date) does not follow \(previous)")
        return
      }
      previous = date
    }
  }
}
