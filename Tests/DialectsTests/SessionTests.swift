// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

private let wake = TinyBMS.Command.status.encode()
private let live = TinyBMS.Command.readModbus(address: 0, count: 54).encode()

/// Conversations with a unit that behaves.
struct SessionTests {
  @Test func wakesFirstAndReadsAllWithinHalfASecond() throws {
    var talk = Conversation()
    talk.run(until: 500)
    #expect(talk.sent.first?.bytes == wake)
    #expect(talk.sent.dropFirst().first?.bytes == live)
    #expect(talk.faults.isEmpty)
    let reading = try #require(talk.live.first)
    #expect(reading.at <= 20)
    #expect(reading.reading[.soc] == 55_123_456)
    #expect(reading.reading[.current] == -12_500)
    #expect(reading.reading[.cellCount] == 14)
    #expect(reading.reading.cells.count == 14)
    #expect(talk.readings.contains { $0.reading.cutoffs.cellOvervoltage == .millivolts(4200) })
    #expect(talk.readings.contains { $0.reading.cutoffs.dischargeOvercurrent == .amperes(60) })
    #expect(talk.readings.contains { $0.reading.identity.firmware == Label("2.1.242") })
    #expect(
      talk.readings.contains { $0.reading[.full] == 64_680 && $0.reading[.nominal] == 66_000 })
    // Statistics are no reading; they come as they are, and never as limits.
    #expect(talk.answers.contains { $0.frame.count == 41 })
    #expect(talk.session.statistics.consecutiveFailures == 0)
    #expect(talk.session.statistics.latency.last == 5)
  }

  @Test(arguments: [100, 250, 1000])
  func keepsTheLivePeriod(_ period: Int64) {
    var talk = Conversation(rates: PollRates(livePeriod: period))
    talk.run(until: 20_000)
    let count = Int64(talk.live.count)
    #expect(count >= 20_000 / period - 1 && count <= 20_000 / period + 1)
    for (one, next) in zip(talk.live.dropFirst(), talk.live.dropFirst(2)) {
      #expect(next.at - one.at <= period + 20)
    }
    #expect(talk.faults.isEmpty)
    #expect(talk.session.statistics.skippedBytes == 0)
  }

  @Test func theOthersComeAtTheirOwnPace() {
    var talk = Conversation()
    talk.run(until: 130_000)
    func count(_ address: UInt16, _ registers: UInt8) -> Int {
      let bytes = TinyBMS.Command.readModbus(address: address, count: registers).encode()
      return talk.sent.count { $0.bytes == bytes }
    }
    #expect(count(300, 44) == 3)
    #expect(count(100, 18) == 3)
    #expect(count(200, 98) == 26)
    #expect(count(500, 10) == 1)
  }

  @Test func livePeriodIsKeptWithinItsBounds() {
    #expect(PollRates(livePeriod: 1).livePeriod == 100)
    #expect(PollRates(livePeriod: 1_000_000).livePeriod == 10_000)
    var rates = PollRates()
    #expect(rates.livePeriod == 250)
    rates.livePeriod = 7
    #expect(rates.livePeriod == 100)
  }

  /// The unit may sleep between polls that lie further apart than it stays awake.
  @Test func slowPollsCallFirst() {
    var talk = Conversation(rates: PollRates(livePeriod: 10_000))
    talk.unit.registers[50] = 0x97
    talk.run(until: 4000)
    let before = talk.sent.count
    talk.run(until: 11_000)
    #expect(talk.sent.count > before)
    #expect(talk.live.count == 2)
  }

  @Test func aSleepingUnitIsWokenByTheSecondCall() {
    var talk = Conversation()
    var calls = 0
    talk.wire = { _, answer, _ in
      calls += 1
      return calls == 1 ? [] : [(5, answer)]
    }
    talk.run(until: 1000)
    #expect(talk.sent[0].bytes == wake)
    #expect(talk.sent[1].bytes == wake)
    #expect(talk.sent[2].bytes == live)
    #expect(talk.session.statistics.wakeUps == 1)
    #expect(talk.faults.map(\.fault) == [.asleep])
    #expect(talk.live.count >= 2)
  }

  @Test func silenceIsToldAndCallingGoesOnForEver() {
    var talk = Conversation()
    talk.wire = { _, _, _ in [] }
    talk.run(until: 60_000)
    #expect(talk.live.isEmpty)
    #expect(talk.faults.first?.fault == .asleep)
    let silent = talk.faults.dropFirst()
    #expect(silent.allSatisfy { if case .silent = $0.fault { true } else { false } })
    // Never before the unit had 1.2 s to wake, never a pause above a second, and never anything but
    // the call.
    #expect(silent.first.map { $0.at >= 1200 } == true)
    #expect(talk.sent.allSatisfy { $0.bytes == wake })
    for (one, next) in zip(talk.sent, talk.sent.dropFirst()) { #expect(next.at - one.at <= 1000) }
    #expect(talk.session.statistics.consecutiveFailures == silent.count)
    talk.wire = nil
    talk.run(until: 62_000)
    #expect(!talk.live.isEmpty)
    #expect(talk.session.statistics.consecutiveFailures == 0)
  }

  @Test func aReplyThatIsLostOnceIsAskedForAgain() throws {
    var talk = Conversation()
    talk.run(until: 1000)
    let before = talk.session.statistics
    var lost = false
    talk.wire = { request, answer, _ in
      if request == live, !lost {
        lost = true
        return []
      }
      return [(5, answer)]
    }
    talk.run(until: 2000)
    #expect(talk.session.statistics.timeouts == before.timeouts + 1)
    #expect(talk.faults.isEmpty)
    // Asked twice, answered once: the place in the conversation is found again before anything else
    // is asked.
    let second = try #require(talk.sent.lastIndex { $0.bytes == wake })
    try #require(second > 0)
    #expect(talk.sent[second - 1].bytes == live)
  }

  @Test func threeLostRepliesAreAFault() {
    var talk = Conversation()
    talk.run(until: 1000)
    talk.wire = { request, answer, _ in request == live ? [] : [(5, answer)] }
    talk.run(until: 3000)
    #expect(talk.faults.contains { $0.fault == .silent(request: 0x0300_0036) })
    let after = talk.sent.filter { $0.at > 1000 && $0.bytes == live }
    #expect(after.count >= 3)
  }

  @Test func reopeningForgetsAndCallsFirst() {
    var talk = Conversation()
    talk.wire = { request, answer, _ in
      request == live ? [(5, Array(answer.prefix(40)))] : [(5, answer)]
    }
    talk.run(until: 100)
    #expect(talk.live.isEmpty)
    talk.wire = nil
    talk.session.linkOpened(at: Tick(talk.now))
    let before = talk.sent.count
    talk.deliver(Array(talk.unit.live.dropFirst(40)), at: talk.now)
    talk.run(until: 400)
    #expect(talk.sent[before].bytes == wake)
    #expect(talk.live.first?.reading[.soc] == 55_123_456)
    #expect(talk.session.statistics.badChecksums == 0)
  }
}
