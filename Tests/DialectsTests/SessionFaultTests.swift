// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

private let wake = TinyBMS.Command.status.encode()
private let live = TinyBMS.Command.readModbus(address: 0, count: 54).encode()

/// Conversations over lines that misbehave.
struct SessionFaultTests {
  static let text: [UInt8] = Array(
    ("BPV:46.20\tMINCV:3.3000\tMAXCV:3.3130\tBPC:-12.50\tSOC:55\tBMST:30.10\tEXT1:21.50\tEXT2:----\t"
      + "OS:147\tCB:0000000000000000\tLST:0\tLSS:0\tCST:0\tCSS:0\r\n").utf8)

  @Test func broadcastsBetweenFramesDoNoHarmAndTellTheSwitches() {
    var talk = Conversation()
    talk.wire = { _, answer, _ in
      [
        (1, Self.text + answer), (3, Array(Self.text.prefix(50))),
        (4, Array(Self.text.dropFirst(50))),
      ]
    }
    talk.run(until: 3000)
    #expect(talk.live.count >= 11)
    #expect(talk.faults.isEmpty)
    #expect(talk.session.statistics.broadcasts > 10)
    // The load switch is open: no live value says otherwise. An open charger switch denies nothing: the
    // unit closes it when it sees a charger.
    #expect(talk.live.last?.reading[.chargeEnabled] == 1)
    #expect(talk.live.last?.reading[.dischargeEnabled] == 0)
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
  }

  /// Text has no checksum: a broadcast alone never tells a measured value, nor that the unit lives.
  @Test func broadcastsAloneAreNoSignOfLife() {
    var talk = Conversation()
    talk.wire = { _, _, _ in [] }
    for time in stride(from: Int64(0), to: 5000, by: 100) { talk.deliver(Self.text, at: time) }
    talk.run(until: 5000)
    #expect(talk.live.isEmpty)
    #expect(talk.readings.allSatisfy { $0.reading.voltage == nil && $0.reading.soc == nil })
    #expect(talk.faults.contains { if case .silent = $0.fault { true } else { false } })
  }

  @Test func switchStatesOfABroadcastAreForgottenWhenItStops() {
    var talk = Conversation()
    talk.deliver(Self.text, at: 400)
    talk.run(until: 1000)
    #expect(talk.live.last?.reading[.dischargeEnabled] == 0)
    talk.run(until: 40_000)
    #expect(talk.live.last?.reading[.dischargeEnabled] == 1)
  }

  @Test func ourOwnRequestIsNoAnswer() {
    var talk = Conversation()
    talk.wire = { request, answer, _ in [(1, request), (5, answer)] }
    talk.run(until: 2000)
    #expect(talk.live.count >= 7)
    #expect(talk.faults.isEmpty)
    #expect(talk.session.statistics.badChecksums == 0)
    talk.wire = { request, answer, _ in [(5, request + answer)] }
    talk.session.enqueue(TinyBMS.Command.writeModbus(address: 315, [4190, 2800]).request)
    talk.session.enqueue(TinyBMS.Command.writeIndividual([.init(317, 50)]).request)
    talk.run(until: 8000)
    #expect(talk.answers.contains { $0.frame == [0xAA, 0x10, 0x01, 0x3B, 0x00, 0x02, 0x28, 0x22] })
    #expect(talk.unit.registers[317] == 50)
    #expect(talk.faults.isEmpty)
  }

  @Test func noiseBeforeFramesIsSkipped() {
    var talk = Conversation()
    var dice = Dice(seed: 7)
    talk.wire = { _, answer, _ in
      [(3, (0..<20).map { _ in UInt8.random(in: 0...255, using: &dice) }), (5, answer)]
    }
    talk.run(until: 5000)
    #expect(talk.live.count >= 15)
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
  }

  /// Makes registers 400 on look like live values of another battery; asks for them.
  static func twin(_ unit: inout Unit) -> Request {
    for index in 0..<54 { unit.registers[400 + index] = unit.registers[index] }
    unit.setDouble(446, 11_000_000)
    unit.registers[400] = 0x1234
    unit.registers[453] = 15
    unit.registers[440] = 0x1234 / 10
    unit.setFloat(436, unit.registers[400..<416].reduce(0) { $0 + Float($1) / 10_000 })
    return TinyBMS.Command.readModbus(address: 400, count: 54).request
  }

  /// A late answer of the same shape would pass for the answer to another request.
  @Test func aLateReplyIsNeverTakenForAnother() {
    var talk = Conversation()
    talk.run(until: 1000)
    // Another 54 registers, whose answer has the shape of the live block's.
    let other = Self.twin(&talk.unit)
    var delayed = 0
    talk.wire = { request, answer, _ in
      if request == live, delayed < 3 {
        delayed += 1
        return [(1080, answer)]
      }
      return [(5, answer)]
    }
    talk.session.enqueue(other)
    talk.run(until: 1300)
    talk.session.enqueue(other)
    talk.run(until: 8000)
    #expect(talk.answers.filter { $0.request == other }.count == 2)
    for answer in talk.answers where answer.request == other {
      #expect(answer.frame[3] == 0x12 && answer.frame[4] == 0x34)
    }
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
  }

  /// Every delay of one answer, however it falls among the questions.
  @Test(arguments: Array(stride(from: 250, through: 3000, by: 50)) + Array(345...365))
  func everyDelayIsHarmless(_ delay: Int) {
    var talk = Conversation()
    talk.run(until: 1000)
    let other = Self.twin(&talk.unit)
    var delayed = false
    talk.wire = { request, answer, _ in
      if request == other.bytes, !delayed {
        delayed = true
        return [(delay, answer)]
      }
      return [(5, answer)]
    }
    talk.session.enqueue(other)
    talk.run(until: 8000)
    #expect(talk.live.count > 10)
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
    #expect(talk.answers.allSatisfy { $0.request != other || $0.frame[3] == 0x12 })
    #expect(talk.session.statistics.implausible == 0)
  }

  @Test func aReplyThatNeverEndsIsCutAndCounted() {
    var talk = Conversation()
    talk.run(until: 1000)
    talk.wire = { request, answer, _ in
      guard request == live else { return [(5, answer)] }
      // A head that promises a block, then bytes that never stop.
      return [(5, [0xAA, 0x03, 0x6C])]
        + (6..<600).map { ($0, [UInt8](repeating: 0x55, count: 40)) }
    }
    talk.run(until: 4000)
    #expect(talk.session.statistics.skippedBytes > 20_000)
    #expect(talk.faults.contains { if case .garbled = $0.fault { true } else { false } })
    talk.wire = nil
    talk.line = []
    talk.lastArrival = talk.now
    let count = talk.live.count
    talk.run(until: 7000)
    #expect(talk.live.count > count)
  }

  @Test func anAvalancheInOnePieceIsCutToItsEnd() {
    var talk = Conversation()
    talk.run(until: 1000)
    var flood = [UInt8](repeating: 0xAA, count: 100_000)
    flood += talk.unit.live
    talk.deliver(flood, at: 1010)
    talk.run(until: 1400)
    #expect(talk.session.statistics.skippedBytes >= 99_000)
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
  }

  @Test func dropsOfAThirdOfTheBytesLeadToFaultsAndThenBack() {
    var talk = Conversation()
    var dice = Dice(seed: 30)
    talk.run(until: 1000)
    let before = talk.live.count
    talk.wire = { _, answer, _ in
      [(5, answer.filter { _ in Int.random(in: 0..<10, using: &dice) >= 3 })]
    }
    talk.run(until: 61_000)
    #expect(talk.live.count - before < 5)
    #expect(!talk.faults.isEmpty)
    #expect(talk.live.allSatisfy { $0.reading[.soc] == 55_123_456 })
    talk.wire = nil
    talk.run(until: 64_000)
    #expect(talk.live.last.map { $0.at > 62_500 } == true)
  }

  @Test func aGarbledReplyIsAskedForAgainWithoutWaitingForTheTimeout() {
    var talk = Conversation()
    talk.run(until: 1000)
    var spoilt = 0
    talk.wire = { request, answer, _ in
      guard request == live, spoilt == 0 else { return [(5, answer)] }
      spoilt += 1
      var answer = answer
      answer[30] ^= 0xFF
      return [(5, answer)]
    }
    talk.run(until: 1500)
    #expect(talk.session.statistics.badChecksums == 1)
    #expect(talk.session.statistics.timeouts == 0)
    let sent = talk.sent.filter { $0.at > 1000 && $0.bytes == live }
    #expect(sent.count >= 2 && sent[1].at - sent[0].at <= 120)
  }

  @Test func anImplausibleReplyIsAFaultAndNoReading() {
    var talk = Conversation()
    talk.unit.registers[5] = 60_000
    talk.run(until: 3000)
    #expect(talk.live.isEmpty)
    #expect(talk.session.statistics.implausible > 2)
    let told = talk.faults.contains {
      if case .garbled(.implausible) = $0.fault { true } else { false }
    }
    #expect(told)
  }
}
