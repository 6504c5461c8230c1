// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Charts

/// Central Europe: an hour ahead, two from 29 March to 25 October 2026, from and to 01:00 UTC.
private let berlin = Zone(
  offset: { (1_774_746_000..<1_792_890_000).contains($0) ? 7200 : 3600 },
  name: { (1_774_746_000..<1_792_890_000).contains($0) ? "CEST" : "CET" })

@Suite struct TimeAxisTests {
  /// 2026-06-20T00:00:00Z in seconds.
  private let start: Int64 = 1_781_913_600

  private func axis(_ from: Int64, _ to: Int64, _ most: Int, _ zone: Zone = .utc) -> TimeAxis {
    TimeAxis(from: from * 1000, to: to * 1000, zone: zone, most: most)
  }

  @Test func `hours are marked at whole hours, days where they begin`() {
    let ticks = axis(start + 7 * 3600, start + 31 * 3600, 10).ticks
    #expect(
      ticks.map(\.label) == [
        "09:00", "12:00", "15:00", "18:00", "21:00", "00:00", "03:00", "06:00",
      ])
    #expect(ticks.map(\.time).first == (start + 9 * 3600) * 1000)
    #expect(ticks.compactMap(\.context) == ["20 Jun 2026", "21 Jun 2026"])
    #expect(ticks[5].context == "21 Jun 2026")
  }

  @Test func `local days begin at local midnight`() {
    let ticks = axis(start, start + 5 * 86_400, 6, berlin).ticks
    #expect(ticks.map(\.label) == ["21 Jun", "22 Jun", "23 Jun", "24 Jun", "25 Jun"])
    #expect(ticks.allSatisfy { $0.time / 1000 % 86_400 == 22 * 3600 })
  }

  @Test func `a clock that is put forward or back makes no mark twice or wrong`() {
    // 2026-03-29, 01:00 UTC: 02:00 becomes 03:00. 2026-10-25, 01:00 UTC: 03:00 becomes 02:00.
    for change in [1_774_746_000, 1_792_890_000] as [Int64] {
      let ticks = axis(change - 4 * 3600, change + 4 * 3600, 20, berlin).ticks
      #expect(Set(ticks.map(\.label)).count == ticks.count)
      #expect(ticks.map(\.time) == ticks.map(\.time).sorted())
      for tick in ticks {
        let second = berlin.civil(tick.time / 1000).second
        #expect(tick.label.hasPrefix(second / 3600 < 10 ? "0\(second / 3600)" : "\(second / 3600)"))
      }
      #expect(ticks.contains { $0.label == "02:00" } == (change > 1_780_000_000))
    }
    let spring = axis(1_774_746_000 - 4 * 3600, 1_774_746_000 + 4 * 3600, 20, berlin).ticks
    #expect(
      spring.map(\.label).filter { $0.hasSuffix(":00") } == [
        "22:00", "23:00", "00:00", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00",
      ])
    let days = axis(1_774_746_000 - 3 * 86_400, 1_774_746_000 + 3 * 86_400, 8, berlin).ticks
    #expect(days.map(\.label) == ["27 Mar", "28 Mar", "29 Mar", "30 Mar", "31 Mar", "1 Apr"])
  }

  @Test func `weeks begin on Monday, months on the first, years in January`() {
    let weeks = axis(start, start + 60 * 86_400, 10).ticks
    // The fourth day of 1970 was a Sunday.
    #expect(weeks.allSatisfy { ($0.time / 86_400_000) % 7 == 4 })
    let months = axis(start, start + 365 * 86_400, 14).ticks
    #expect(months.map(\.label).prefix(4) == ["Jul", "Aug", "Sep", "Oct"])
    #expect(months.compactMap(\.context) == ["2026", "2027"])
    let years = axis(start, start + 9 * 365 * 86_400, 10).ticks
    #expect(years.map(\.label).first == "2027" && years.allSatisfy { $0.context == nil })
  }

  @Test(arguments: [1, 2, 5, 12, 40])
  func `there are never many more marks than wanted, and mostly some`(most: Int) {
    for power in 0..<20 {
      let length = Int64(1) << Int64(power + 4)
      for shift in [0, 12_345, 40_000_000] as [Int64] {
        let from = start + shift
        for zone in [Zone.utc, berlin] {
          let ticks = axis(from, from + length, most, zone).ticks
          #expect(ticks.count <= most + 2, "\(length) s, \(most)")
          #expect(ticks.allSatisfy { $0.time >= from * 1000 && $0.time <= (from + length) * 1000 })
        }
      }
    }
  }

  @Test func `a title says the day, or from when to when`() {
    func title(_ from: Int64, _ to: Int64, _ zone: Zone = .utc) -> String {
      TimeAxis.title(from: (start + from) * 1000, to: (start + to) * 1000, zone: zone)
    }
    #expect(title(0, 86_400) == "20 Jun 2026, UTC")
    #expect(title(0, 86_400, berlin) == "20 Jun 2026 02:00 – 21 Jun 2026 02:00 CEST")
    #expect(title(25_200, 86_399) == "20 Jun 2026 07:00 – 21 Jun 2026 00:00 UTC")
    #expect(title(25_200, 25_260) == "20 Jun 2026 07:00:00 – 07:01:00 UTC")
  }
}
