// SPDX-License-Identifier: Apache-2.0
import Battery
import Charts
import History
import Quantities
import Testing

@testable import cellbus

@Suite struct HistoryLanesTests {
  private func event(
    _ kind: Event.Kind, _ time: Int64, _ code: Int64 = 0, previous: Int64? = nil
  ) -> Event {
    Event(kind, battery: 1, at: Moment(Tick(time), wall: time), code: code, previous: previous)
  }

  /// The rows as text: name, and each span with its label.
  private func rows(_ events: [Event], from: Int64 = 1000, to: Int64 = 9000) -> [String] {
    HistoryLanes.lanes(events, from: from, to: to).map { lane in
      lane.name + lane.spans.map { " \($0.from)-\($0.to) \($0.label)" }.joined()
    }
  }

  @Test func `modes reach from change to change, and from before the picture`() {
    let bulk = Int64(ChargeMode.bulk.rawValue)
    let float = Int64(ChargeMode.float.rawValue)
    #expect(
      rows([event(.mode, 200, bulk), event(.mode, 4000, float, previous: bulk)])
        == ["mode 1000-4000 bulk 4000-9000 float"])
    // What it was before the first change is told by that change.
    #expect(
      rows([event(.started, 2000), event(.mode, 4000, float, previous: bulk)])
        == ["mode 2000-4000 bulk 4000-9000 float"])
    #expect(rows([event(.mode, 4000, float)]) == ["mode 4000-9000 float"])
  }

  @Test func `an end of the gateway ends what was known`() {
    let code = Int64(Alarm.overtemperature.rawValue)
    let events = [
      event(.mode, 1500, 0), event(.alarmRaised, 2000, code), event(.stopped, 3000),
      event(.started, 5000), event(.alarmRaised, 5100, code), event(.alarmCleared, 6000, code),
    ]
    #expect(
      rows(events) == [
        "mode 1500-3000 bulk", "reading 3000-5000 gateway off",
        "alarm 2000-3000 overtemperature 5100-6000 overtemperature",
      ])
  }

  @Test func `alarms come before warnings, and only so many rows`() {
    var events: [Event] = []
    for code in Int64(1)...9 {
      events.append(event(.warningRaised, 2000, code))
      events.append(event(.alarmRaised, 2500, code))
    }
    let rows = rows(events)
    #expect(rows.count == 8 && rows.allSatisfy { $0.hasPrefix("alarm 2500-9000") })
  }

  @Test func `only what is no longer believed is silence`() {
    let events = [
      event(.freshness, 2000, 1, previous: 0), event(.freshness, 3000, 2, previous: 1),
      event(.freshness, 4000, 3, previous: 2), event(.freshness, 5000, 0, previous: 3),
    ]
    #expect(rows(events) == ["reading 3000-4000 stale 4000-5000 lost"])
    #expect(rows([]).isEmpty)
  }
}
