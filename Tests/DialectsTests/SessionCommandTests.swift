// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

private let wake = TinyBMS.Command.status.encode()
private let settings = TinyBMS.Command.readModbus(address: 300, count: 44).encode()

/// Commands that somebody else puts between the polls.
struct SessionCommandTests {
  @Test func aWriteIsAcknowledgedThenLeftAloneThenReadBack() throws {
    var talk = Conversation()
    talk.run(until: 1000)
    let write = TinyBMS.Command.writeIndividual([.init(317, 55)]).request
    talk.session.enqueue(write)
    talk.run(until: 4000)
    let answer = try #require(talk.answers.first { $0.request == write })
    #expect(answer.frame.prefix(3) == [0xAA, 0x01, 0x0D])
    let next = try #require(talk.sent.first { $0.at > answer.at })
    #expect(next.at - answer.at >= 1000)
    let back = try #require(talk.sent.first { $0.at > answer.at && $0.bytes == settings })
    #expect(back.at - answer.at <= 1200)
    #expect(talk.readings.contains { $0.reading.cutoffs.dischargeOvercurrent == .amperes(55) })
  }

  @Test func aRefusalIsAFaultAndNotRepeated() {
    var talk = Conversation()
    talk.run(until: 1000)
    let write = TinyBMS.Command.writeIndividual([.init(10, 55)]).request
    talk.session.enqueue(write)
    talk.run(until: 4000)
    #expect(talk.faults.map(\.fault) == [.refused(command: 0x0D, code: 0)])
    #expect(talk.sent.filter { $0.bytes == write.bytes }.count == 1)
    #expect(talk.answers.allSatisfy { $0.request != write })
    #expect(talk.session.statistics.refusals == 1)
  }

  /// Code 1 says that the request arrived damaged: the same request may succeed.
  @Test func aRefusalForItsChecksumIsRepeated() {
    var talk = Conversation()
    talk.run(until: 1000)
    let write = TinyBMS.Command.writeIndividual([.init(317, 55)]).request
    var count = 0
    talk.wire = { request, answer, _ in
      guard request == write.bytes else { return [(5, answer)] }
      count += 1
      return count == 1
        ? [(5, TinyBMS.Reply.refused(command: 0x0D, code: 1).encode())] : [(5, answer)]
    }
    talk.session.enqueue(write)
    talk.run(until: 4000)
    #expect(count == 2)
    #expect(talk.faults.isEmpty)
    #expect(talk.answers.contains { $0.request == write })
  }

  @Test func aWriteIsNeverTheCallThatWakes() {
    var talk = Conversation(rates: PollRates(livePeriod: 10_000))
    let write = TinyBMS.Command.writeIndividual([.init(317, 55)]).request
    talk.session.enqueue(write)
    talk.run(until: 1500)
    #expect(talk.sent.first?.bytes == wake)
    talk.wire = { _, _, _ in [] }
    talk.run(until: 30_000)
    let before = talk.sent.count
    talk.session.enqueue(write)
    talk.run(until: 45_000)
    #expect(talk.sent[before...].allSatisfy { $0.bytes != write.bytes })
    talk.wire = nil
    talk.run(until: 50_000)
    #expect(talk.sent.last { $0.bytes == write.bytes } != nil)
  }

  @Test func aCommandGoesBeforeTheNextPoll() {
    var talk = Conversation()
    talk.run(until: 1003)
    let read = TinyBMS.Command.readModbus(address: 300, count: 5).request
    talk.session.enqueue(read)
    let before = talk.sent.count
    talk.run(until: 1100)
    #expect(talk.sent.dropFirst(before).first?.bytes == read.bytes)
    #expect(talk.answers.contains { $0.request == read && $0.frame.count == 15 })
  }

  @Test func aLinkLostDuringAWriteIsToldToWhoAsked() {
    var talk = Conversation()
    talk.run(until: 1000)
    let write = TinyBMS.Command.writeIndividual([.init(317, 55)]).request
    talk.wire = { request, answer, _ in request == write.bytes ? [] : [(5, answer)] }
    talk.session.enqueue(write)
    talk.run(until: 1100)
    talk.session.linkOpened(at: Tick(talk.now))
    talk.run(until: 1200)
    #expect(talk.faults.map(\.fault).contains(.silent(request: write.tag)))
    #expect(talk.sent.filter { $0.bytes == write.bytes }.count == 1)
  }
}
