// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// Answers in several frames, polls of several requests, requests without an answer, and streams: on
/// a made-up language of frames `[7E, kind, value]` in which every byte is plain.
struct SessionPartTests {
  /// Kinds: 1 voltage, 2 one of three cells (its number in the high nibble), 3 current; 8 and 9 come
  /// unasked, 8 as the first half of 9.
  static let language = Dialect(
    name: "made-up", title: "", maker: "", summary: "", provenance: .documented,
    doors: [.uart(baud: 9600)], polls: plan,
    scan: { bytes, request in
      guard bytes[0] == 0x7E else { return .skip(1) }
      guard bytes.count >= 3 else { return .incomplete }
      if bytes[1] >= 8 { return .broadcast(length: 3) }
      return bytes[1] == request?.bytes[1] ? .frame(length: 3) : .skip(3)
    },
    read: {
      (frame, request, facts, reading) throws(WireError) in
      let value = Int64(frame[2])
      switch frame[1] {
      case 1: reading[.voltage] = value * 1000
      case 2:
        if facts.isFirst { facts[0] = 0 }
        let index = frame[2] >> 4
        reading.cells.place(.millivolts(3000 + Int(frame[2] & 15)), at: Int(index))
        facts[0] = (facts[0] ?? 0) | 1 << Int64(index)
        facts.isPartial = facts[0] != 7
      case 3: reading[.current] = value * 1000
      case 4: reading[.cycles] = value
      case 8:
        reading[.soc] = value
        facts.isPartial = true
      case 9:
        reading[.cycles] = value
        facts.isLive = true
      default: throw .unexpected(byte: frame[1], at: 1)
      }
    },
    explain: { _, _, _ in Exchange() })

  static let plan = [
    Poll([ask(1), ask(2), ask(3)], .live),
    Poll(Request(tag: 9, bytes: [0x7E, 0], isAnswered: false), .every(2000)),
    Poll(ask(4), .every(1000), isOptional: true),
  ]

  static func ask(_ kind: UInt8) -> Request {
    Request(tag: UInt32(kind), bytes: [0x7E, kind], timeout: 200, tries: 2)
  }

  /// Runs a session against answers; `answer` is asked once for each sending.
  static func run(
    until end: Int64, stream: [(Int64, [UInt8])] = [],
    answer: (_ kind: UInt8, _ sending: Int) -> [[UInt8]]
  ) -> (sent: [UInt8], readings: [(at: Int64, reading: Reading, isLive: Bool)], faults: [Fault]) {
    var session = Session(language, rates: PollRates(livePeriod: 1000))
    // These parts are no battery: what is tested is how they are joined.
    session.gate = nil
    var (sent, faults): ([UInt8], [Fault]) = ([], [])
    var readings: [(Int64, Reading, Bool)] = []
    var line = stream
    var sendings: [UInt8: Int] = [:]
    session.linkOpened(at: Tick(0))
    for now in 0..<end {
      while let index = line.firstIndex(where: { $0.0 <= now }) {
        let bytes = line.remove(at: index).1
        session.received(bytes.span, at: Tick(now))
      }
      steps: while true {
        switch session.next(at: Tick(now)) {
        case .send(let bytes):
          sent.append(bytes[1])
          sendings[bytes[1], default: 0] += 1
          for (order, frame) in answer(bytes[1], sendings[bytes[1]] ?? 1).enumerated() {
            line.append((now + 5 + 10 * Int64(order), frame))
          }
        case .reading(let reading, let isLive): readings.append((now, reading, isLive))
        case .answered: break
        case .fault(let fault): faults.append(fault)
        case .wait: break steps
        }
      }
    }
    return (sent, readings, faults)
  }

  static func good(_ kind: UInt8, _ sending: Int) -> [[UInt8]] {
    switch kind {
    case 1: [[0x7E, 1, 13]]
    case 2: [[0x7E, 2, 0x01], [0x7E, 2, 0x12], [0x7E, 2, 0x23]]
    case 3: [[0x7E, 3, 5]]
    case 4: [[0x7E, 4, 6]]
    default: []
    }
  }

  @Test func requestsOfAPollMakeOneReading() throws {
    let talk = Self.run(until: 900, answer: Self.good)
    #expect(talk.sent.prefix(3) == [1, 2, 3] && Set(talk.sent) == [0, 1, 2, 3, 4])
    let (_, reading, isLive) = try #require(talk.readings.first)
    #expect(isLive)
    #expect(reading.voltage == .decivolts(130) && reading.current == .amperes(5))
    #expect(reading.cells.count == 3)
    #expect(reading.cells[2] == .millivolts(3003))
    #expect(talk.faults.isEmpty)
  }

  /// A lost part: the question is asked again, and nothing of the first attempt remains.
  @Test func aLostPartIsAskedForAgain() throws {
    let talk = Self.run(until: 1900) { kind, sending in
      var frames = Self.good(kind, sending)
      if kind == 2, sending == 1 { frames[0] = [0x7E, 2, 0x0F]; frames.removeLast() }
      return frames
    }
    #expect(talk.sent.prefix(4) == [1, 2, 2, 3])
    let reading = try #require(talk.readings.first).reading
    #expect(reading.cells[0] == .millivolts(3001))
    #expect(talk.faults.isEmpty)
  }

  /// One request of a poll that stays without answer: nothing of the poll is told.
  @Test func aPollIsToldWholeOrNotAtAll() {
    let talk = Self.run(until: 5000) { kind, sending in
      kind == 3 ? [] : Self.good(kind, sending)
    }
    #expect(talk.readings.allSatisfy { $0.reading.voltage == nil && !$0.isLive })
    #expect(talk.faults.contains(.silent(request: 3)))
    #expect(talk.sent.count { $0 == 1 } > 2)
  }

  @Test func surplusPartsAreSwallowed() {
    let talk = Self.run(until: 900) { kind, sending in
      Self.good(kind, sending) + (kind == 2 ? [[0x7E, 2, 0x0F], [0x7E, 2, 0x1F]] : [])
    }
    #expect(talk.readings.first?.reading.cells[0] == .millivolts(3001))
    #expect(talk.faults.isEmpty)
  }

  @Test func aRequestWithoutAnswerIsSentOnceEachPeriod() {
    let talk = Self.run(until: 7000, answer: Self.good)
    #expect(talk.sent.count { $0 == 0 } == 4)
    #expect(talk.faults.isEmpty)
  }

  /// What many batteries of the kind do not answer is asked once and left, without a fault; where it is
  /// answered, it is asked on.
  @Test func whatIsOptionalIsLeftWhereNobodyAnswersIt() {
    let silent = Self.run(until: 6000) { kind, sending in kind == 4 ? [] : Self.good(kind, sending)
    }
    #expect(silent.sent.count { $0 == 4 } == 2, "one request and its repetition")
    #expect(silent.faults.isEmpty && silent.readings.count > 3)
    let told = Self.run(until: 6000, answer: Self.good)
    #expect(told.sent.count { $0 == 4 } > 3)
    #expect(told.readings.contains { $0.reading[.cycles] == 6 && !$0.isLive })
  }

  @Test func aStreamIsLiveWhenItSaysSo() throws {
    let talk = Self.run(
      until: 900, stream: [(500, [0x7E, 8, 7]), (600, [0x7E, 9, 3])], answer: Self.good)
    let last = try #require(talk.readings.last)
    #expect(last.isLive && last.reading[.soc] == 7 && last.reading[.cycles] == 3)
    #expect(talk.readings.count(where: \.isLive) == 2)
  }
}
