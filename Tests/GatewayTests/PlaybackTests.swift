// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Quantities
import Simulation
import Testing
import Text
import Wire

@testable import Gateway
@testable import Links

/// All that a reading says.
private func text(_ reading: Reading) -> String {
  var writer = JSONWriter()
  writer.object { $0.fields(of: reading) }
  return writer.text
}

/// A conversation on a bad line, recorded as it runs, in time that the test makes pass.
private struct RecordedTalk {
  var session = Session(.tinyBMS)
  var items: [TrafficReader.Item] = []
  var readings: [String] = []
  var faults: [Fault] = []
  private var rig: Rig
  private var now = Tick(5000)
  private var snapshot = Snapshot()

  init(_ faults: [FaultWindow], seed: UInt64) {
    var scenario = Scenario.demo
    scenario.control = .own
    scenario.faults = faults
    rig = Rig(scenario, seed: seed, at: now)
    note(.opened)
    session.linkOpened(at: now)
  }

  /// Talks until a moment, and on until a whole answer is the last that was heard.
  mutating func run(for milliseconds: Int64) {
    let end = now + milliseconds
    while true {
      let count = readings.count
      let wake = exchange()
      if now >= end, readings.count > count { return }
      now = max(now + 1, min(wake, now + 100))
      rig.advance(to: now)
    }
  }

  /// All that happens at this moment: what is heard before what is said.
  private mutating func exchange() -> Tick {
    while true {
      var wake = Tick.never
      switch rig.serialNext(at: now) {
      case .send(let bytes):
        note(.received(bytes))
        session.received(bytes.span, at: now)
        continue
      case .wait(let until): wake = until
      }
      switch session.next(at: now) {
      case .send(let bytes):
        note(.sent(bytes))
        rig.serialReceived(bytes.span, at: now)
      case .reading(let reading, let isLive):
        snapshot.take(reading, at: now, isLive: isLive)
        if isLive {
          readings.append(text(snapshot.reading))
          // What lies here still is understood at the next moment.
          return now
        }
      case .answered: break
      case .fault(let fault): faults.append(fault)
      case .wait(let until): return min(wake, until)
      }
    }
  }

  private mutating func note(_ event: TrafficLine.Event) {
    let line = TrafficLine(
      wall: 1_700_000_000_000_000 + now.milliseconds * 1000, monotonic: now.milliseconds * 1000,
      wire: "tty", event)
    // Through its text, as a file would carry it.
    var text: [UInt8] = []
    line.append(to: &text)
    guard let read = TrafficLine(text: text.dropLast()) else { return }
    items.append(.init(path: "log", number: items.count + 1, content: .line(read)))
  }
}

@Suite struct PlaybackTests {
  /// What a playback says of a recording.
  private struct Said {
    var readings: [String] = []
    var faults: [Fault] = []
    var places: [Int] = []
    var strays: [(bytes: [UInt8], line: Int, byte: Int)] = []
    var lost: UInt64 = 0
  }

  private func play(
    _ items: [TrafficReader.Item], finish: Bool = false
  ) -> (playback: Playback, said: Said) {
    var playback = Playback(.tinyBMS)
    var said = Said()
    func hear() {
      while let finding = playback.next() {
        switch finding {
        case .reading(let isLive):
          if isLive { said.readings.append(text(playback.snapshot.reading)) }
        case .fault(let fault, let place):
          said.faults.append(fault)
          said.places.append(place.line)
        case .stray(let bytes, let place, let byte): said.strays.append((bytes, place.line, byte))
        case .lost(let count, _): said.lost += count
        case .opened, .closed, .unknown: break
        }
      }
    }
    for item in items {
      playback.take(item)
      hear()
    }
    if finish {
      playback.finish()
      hear()
    }
    return (playback, said)
  }

  static let faults: [SimulatedFault?] = [
    nil, .silent, .asleep, .garbled(permille: 5), .droppedBytes(permille: 20), .echo, .broadcast,
    .endless, .wrongChecksum, .refusing,
  ]

  /// The same bytes at the same times are understood in the same way.
  @Test(arguments: faults) func whatWasReadIsReadAgain(_ fault: SimulatedFault?) {
    for seed: UInt64 in 1...3 {
      var talk = RecordedTalk(
        fault.map { [FaultWindow($0, from: 3000, to: 33_000)] } ?? [], seed: seed)
      talk.run(for: 45_000)
      let (playback, said) = play(talk.items)
      #expect(said.readings == talk.readings, "seed \(seed)")
      #expect(said.faults == talk.faults, "seed \(seed)")
      #expect(playback.statistics == talk.session.statistics, "seed \(seed)")
      #expect(talk.readings.count > 30)
      #expect(
        said.strays.reduce(0) { $0 + $1.bytes.count } == talk.session.statistics.skippedBytes)
      // Each stray stands where it is said to stand.
      for stray in said.strays {
        guard case .line(let line) = talk.items[stray.line - 1].content,
          case .received(let bytes) = line.event
        else {
          Issue.record("line \(stray.line) holds nothing that was received")
          continue
        }
        #expect(Array(bytes.dropFirst(stray.byte).prefix(stray.bytes.count)) == stray.bytes)
      }
      for place in said.places {
        guard case .line(let line) = talk.items[place - 1].content, case .sent = line.event else {
          Issue.record("line \(place) holds no question")
          continue
        }
      }
    }
  }

  private func item(
    _ number: Int, _ milliseconds: Int64, _ event: TrafficLine.Event
  ) -> TrafficReader.Item {
    .init(
      path: "log", number: number,
      content: .line(
        TrafficLine(wall: 0, monotonic: milliseconds * 1000, wire: "tty", event)))
  }

  /// Another program's questions are none of ours: what their answers say is taken all the same.
  @Test func questionsOfOthersAreUnderstood() throws {
    let command = TinyBMS.Command.readBlock(address: 36, count: 4)
    let request = command.encode()
    // 51.2 V and 10 A, from function 07.
    var reply: [UInt8] = [0xAA, 0x07, 0x08, 0xCD, 0xCC, 0x4C, 0x42, 0x00, 0x00, 0x20, 0x41]
    let sum = Checksum.crc16Modbus(reply.span)
    reply += [UInt8(sum & 0xFF), UInt8(sum >> 8)]
    let (playback, said) = play([
      // Heard in pieces, as an adapter hands it over.
      item(1, 1000, .sent(Array(request[..<3]))), item(2, 1004, .sent(Array(request[3...]))),
      item(3, 1010, .received(Array(reply[..<5]))), item(4, 1012, .received(Array(reply[5...]))),
    ])
    #expect(playback.snapshot.reading.voltage == .millivolts(51_200))
    #expect(playback.snapshot.reading.current == .milliamperes(10_000))
    #expect(playback.totals.readings == 1)
    #expect(said.faults.isEmpty && said.strays.isEmpty)
  }

  @Test func answersWithoutQuestionsAreStrays() {
    let unit: [UInt8] = [0xAA, 0x18, 0x97, 0x00, 0xCE, 0xCB]
    let (playback, said) = play([item(7, 1000, .received(unit))], finish: true)
    #expect(said.strays.map(\.bytes) == [unit])
    #expect(said.strays.map(\.line) == [7])
    #expect(playback.totals.readings == 0)
  }

  @Test func aQuestionAtTheEndIsGivenUp() {
    let live = TinyBMS.Command.readModbus(address: 0, count: 54).encode()
    let items = (0..<3).map { item($0 + 1, 1000 + Int64($0) * 360, .sent(live)) }
    let (playback, said) = play(items, finish: true)
    #expect(said.faults.map { "\($0.kind)" } == ["silent"])
    #expect(said.places == [3])
    #expect(playback.totals.duration == 720)
  }

  @Test func holesAndNotesAreTold() {
    let (playback, said) = play([
      item(1, 1000, .opened), item(2, 1001, .lost(12)), item(3, 1002, .closed),
      .init(path: "log", number: 4, content: .unknown),
    ])
    #expect(said.lost == 12)
    #expect(playback.totals.lost == 12)
    #expect(playback.totals.unknown == 1)
    #expect(playback.totals.lines == 3)
  }

  /// The machine was started anew: its clock begins again, and so does the conversation.
  @Test func aClockThatBeginsAnewIsNoTrouble() {
    var talk = RecordedTalk([], seed: 1)
    talk.run(for: 3000)
    let later = talk.items.map { item -> TrafficReader.Item in
      guard case .line(var line) = item.content else { return item }
      line.monotonic += 900_000_000
      return .init(path: item.path, number: item.number, content: .line(line))
    }
    let header = TrafficHeader(link: "tty", dialect: "tinybms", wall: 0, monotonic: 1)
    let (playback, said) = play(
      later + [.init(path: "log", number: 0, content: .header(header))] + talk.items)
    #expect(said.readings == talk.readings + talk.readings)
    #expect(playback.statistics.timeouts == 0)
  }
}
