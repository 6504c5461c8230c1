// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// What a conversation needs of a network, and counts of it.
struct NetworkTests {
  @Test(arguments: LawTests.names)
  func whatGoesOverModbusIsModbus(_ name: String) throws {
    let dialect = try LawTests.dialect(name)
    let hasDoor = dialect.doors.contains { if case .modbusTCP = $0 { true } else { false } }
    #expect(hasDoor == (dialect.overModbus != nil))
    guard let other = dialect.overModbus else { return }
    let requests = other.polls.map(\.request) + (other.wake.map { [$0] } ?? [])
    for request in requests { #expect(isModbus(request.bytes)) }
    // As everywhere: no late answer may pass for another.
    #expect(Set(requests.map(\.tag)).count == requests.count)
    #expect(Set(requests.map { $0.bytes[5] }).count == requests.count)
  }

  @Test func settingsOverModbusAreReadAndWrittenByModbus() throws {
    for map in SettingsMap.all {
      guard let other = map.overModbus else { continue }
      for question in other.questions {
        #expect(isModbus(question.request.bytes))
        #expect(question.instead == nil)
      }
      #expect(other.questions.contains { $0.part == .current })
      #expect(other.questions.contains { $0.part == .identity })
      let writing = other.writing(300, 3500)
      #expect(isModbus(writing.bytes))
      #expect(writing.tries == 1 && writing.pauseAfter == map.writing(300, 3500).pauseAfter)
      #expect(isModbus(other.reading(300).bytes))
    }
  }

  @Test func aBatteryIsReadOverModbusAlone() throws {
    let dialect = try #require(Dialect.tinyBMS.overModbus)
    var talk = Conversation()
    talk.session = Session(dialect)
    talk.session.linkOpened(at: Tick(0))
    talk.run(until: 10_000)
    #expect(talk.sent.allSatisfy { isModbus($0.bytes) })
    #expect(talk.live.count > 30 && talk.faults.isEmpty)
    // Also from sleep: the first call is not answered.
    talk.unit = Unit()
    var deaf = true
    talk.wire = { _, answer, _ in
      defer { deaf = false }
      return deaf ? [] : [(5, answer)]
    }
    talk.session.linkOpened(at: Tick(talk.now))
    talk.run(until: 12_000)
    #expect(talk.session.statistics.wakeUps == 1)
  }

  @Test(arguments: [0x0B, 0x02, 0x06] as [UInt8])
  func anExceptionIsToldAndAskedAgain(_ code: UInt8) throws {
    var talk = Conversation()
    talk.session = Session(try #require(Dialect.tinyBMS.overModbus))
    talk.session.linkOpened(at: Tick(0))
    talk.run(until: 1000)
    let before = talk.live.count
    talk.wire = { request, answer, at in
      guard at < 4000 else { return [(5, answer)] }
      var refusal = [request[0], request[1] | 0x80, code]
      refusal.appendLittle(Checksum.crc16Modbus(refusal.span))
      return [(5, refusal)]
    }
    talk.run(until: 3990)
    #expect(talk.live.count == before)
    #expect(talk.faults.contains { $0.fault == .garbled(.exception(function: 3, code: code)) })
    #expect(
      talk.faults.first.map { "\($0.fault)" }?.hasPrefix("the gateway refuses: Modbus exception")
        == true)
    #expect(talk.session.statistics.refusals == 0)
    talk.run(until: 8000)
    #expect(talk.live.count > before)
    // A refusal whose checksum does not hold is none.
    talk.wire = { request, _, _ in [(5, [request[0], request[1] | 0x80, code, 0, 0])] }
    let faults = talk.faults.count
    talk.run(until: 11_000)
    #expect(talk.faults.count > faults)
    for fault in talk.faults.dropFirst(faults) {
      if case .garbled(.exception) = fault.fault { Issue.record("it was believed") }
    }
  }

  @Test(arguments: [0, 500] as [Int64])
  func aSlowLinkIsWaitedFor(_ delay: Int64) {
    var talk = Conversation()
    talk.session.linkDelay = delay
    talk.session.linkOpened(at: Tick(0))
    talk.wire = { _, answer, _ in [(400, answer)] }
    talk.run(until: 10_000)
    #expect((talk.live.count > 10) == (delay == 500))
    #expect((talk.session.statistics.timeouts == 0) == (delay == 500))
  }

  @Test func latencyIsCountedFromSendingToTheWholeAnswer() {
    var talk = Conversation()
    #expect(talk.session.statistics.latency == Latency())
    #expect(talk.session.statistics.latency.mean == nil)
    // Beginning and end of an answer come at different times; the end counts.
    talk.wire = { request, answer, _ in
      request[1] == 0x18
        ? [(0, answer)] : [(3, Array(answer[..<4])), (7, Array(answer[4...]))]
    }
    talk.run(until: 1000)
    let latency = talk.session.statistics.latency
    #expect(latency.count == Int64(talk.session.statistics.replies))
    #expect(latency.lowest == 0 && latency.highest == 7 && latency.last == 7)
    #expect(latency[0] == 1 && Int64(latency[3]) == latency.count - 1)
    #expect(latency.total == 7 * (latency.count - 1))
    #expect(latency.mean == (latency.total * 10 + latency.count / 2) / latency.count)
    var classes = 0
    for index in 0..<Latency.classes { classes += Int(latency[index]) }
    #expect(Int64(classes) == latency.count)
  }

  @Test func classesOfLatencyDoubleUpToASecond() {
    #expect(
      (0..<Latency.classes).map(Latency.bound) == [
        1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, nil,
      ])
    for (delay, index) in [(1, 1), (2, 2), (3, 2), (4, 3), (255, 8), (256, 9)] {
      var talk = Conversation()
      talk.wire = { _, answer, _ in [(delay, answer)] }
      talk.session.linkDelay = 500
      talk.run(until: 300)
      #expect(talk.session.statistics.latency[index] > 0, "\(delay) ms")
    }
  }
}

private func isModbus(_ bytes: [UInt8]) -> Bool { ModbusTCP.isRequest(bytes.span) }
