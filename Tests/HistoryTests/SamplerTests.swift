// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@testable import History

@Suite struct SamplerTests {
  /// Runs 4 Hz records through a sampler; `change` makes them what the test needs.
  private func run(
    seconds: Int, rate: Sampler.Rate = .init(),
    _ change: (Int64, inout Record) -> Void = { _, _ in }
  ) -> (records: [Record], events: [Event]) {
    var sampler = Sampler(rate: rate)
    var records: [Record] = []
    var events: [Event] = []
    for index in Int64(0)..<Int64(seconds * 4) {
      // Polling never keeps its period exactly.
      let jitter = (index * 37) % 9
      var record = Record(battery: 0, sequence: index, at: moment(index * 250 + jitter))
      record.reading.reportsAlarms = true
      change(index, &record)
      sampler.take(record, records: &records, events: &events)
    }
    return (records, events)
  }

  @Test func `one record a second is stored`() {
    let (records, events) = run(seconds: 100)
    #expect(records.count == 100)
    #expect(Set(records.map { $0.moment.monotonic.milliseconds / 1000 }).count == 100)
    #expect(events.isEmpty)
  }

  @Test func `every record around an alarm is stored, once`() {
    let (records, events) = run(seconds: 100) { index, record in
      if (200..<204).contains(index) { record.reading.alarms = .of(.cellOvervoltage) }
    }
    #expect(events.map(\.kind) == [.alarmRaised, .alarmCleared])
    #expect(events.map(\.sequence) == [200, 204])
    #expect(events.allSatisfy { $0.code == Int64(Alarm.cellOvervoltage.rawValue) })
    let sequences = records.map(\.sequence)
    #expect(Set(sequences).count == sequences.count)
    // 10 s before the first, 30 s after the second.
    #expect(Set(160...324).isSubset(of: Set(sequences)))
    #expect(records.count == 100 + (160...324).filter { $0 % 4 != 0 }.count)
  }

  @Test(arguments: [Event.Kind.mode, .freshness, .warningRaised])
  func `mode, stage and warnings are events too`(kind: Event.Kind) {
    let (records, events) = run(seconds: 60) { index, record in
      record.mode = kind == .mode && index >= 100 ? .float : .bulk
      record.freshness = kind == .freshness && index >= 100 ? .aging : .fresh
      if kind == .warningRaised && index >= 100 { record.reading.warnings = .of(.socLow) }
    }
    #expect(events.map(\.kind) == [kind])
    #expect(events.first?.sequence == 100)
    #expect(records.filter { (60...220).contains($0.sequence) }.count == 161)
  }

  @Test func `alarms that are no longer known are not cleared`() {
    let (_, events) = run(seconds: 30) { index, record in
      record.reading.reportsAlarms = !(40..<80).contains(index)
      if index >= 20 && index < 100 { record.reading.alarms = .of(.shortCircuit) }
      if !record.reading.reportsAlarms { record.reading.alarms = [] }
    }
    #expect(events.map(\.kind) == [.alarmRaised, .alarmCleared])
    #expect(events.map(\.sequence) == [20, 100])
  }

  @Test func `an alarm that was there from the start is told but does not raise the rate`() {
    let (records, events) = run(seconds: 50) { _, record in
      record.reading.alarms = .of(.shortCircuit)
    }
    #expect(events.map(\.kind) == [.alarmRaised])
    #expect(records.count == 50)
  }

  @Test func `the rate can be chosen`() {
    var rate = Sampler.Rate()
    rate.interval = 250
    #expect(run(seconds: 20, rate: rate).records.count == 80)
    rate.interval = 60_000
    #expect(run(seconds: 180, rate: rate).records.count == 4)
    rate.interval = 10_000
    rate.before = 0
    rate.after = 0
    let (records, _) = run(seconds: 100, rate: rate) { index, record in
      record.mode = index >= 203 ? .float : .bulk
    }
    // 1000 s up is a multiple of 10 s: ten slots, and the event itself.
    #expect(records.count == 11)
  }
}
