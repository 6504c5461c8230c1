// SPDX-License-Identifier: Apache-2.0
import Gateway
import History
import Testing

@Suite struct HistorySettingsTests {
  @Test func `what the owner chose reaches the store`() throws {
    var settings = HistorySettings()
    settings.path = "some.db"
    settings.period = 500
    settings.commitPeriod = 10_000
    settings.largest = 123_456_789
    settings.recordDays = 14
    settings.minuteDays = 400
    settings.hourDays = 4000
    let choice = try #require(HistoryWriter.Settings(settings, batteries: ["a", "b"]))
    #expect(choice.path == "some.db" && choice.batteries == ["a", "b"])
    #expect(choice.rate.interval == 500 && choice.commitInterval == 10_000)
    let retention = choice.store.retention
    #expect(retention.maximumBytes == 123_456_789)
    #expect(retention.recordDays == 14 && retention.minuteDays == 400)
    #expect(retention.hourDays == 4000)
    settings.path = nil
    #expect(HistoryWriter.Settings(settings, batteries: ["a"]) == nil)
  }

  @Test func `without a choice all is kept that a gibibyte holds`() throws {
    let choice = try #require(HistoryWriter.Settings(HistorySettings(), batteries: []))
    #expect(choice.store.retention == Retention())
    #expect(choice.commitInterval == 1000 && choice.rate.interval == 1000)
  }
}
