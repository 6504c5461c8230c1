// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Machine
import Quantities
import TestKit
import Testing
import Text

@testable import cellbus

@Suite("The search for a battery on a line")
struct DetectionTests {
  @Test("All speeds are listened to before anything is asked, and each is opened once for that")
  func speeds() {
    let rounds = Detection(on: .serial(baud: nil), Dialect.wired).rounds
    #expect(rounds.map(\.baud) == [9600, 19_200, 115_200, 9600, 19_200, 115_200])
    #expect(rounds.map(\.isAsking) == [false, false, false, true, true, true])
    for round in rounds {
      #expect(round.probes.allSatisfy { $0.dialect.serialBaud == round.baud })
    }
    let asked = rounds.filter(\.isAsking).flatMap(\.probes).map(\.dialect.name)
    #expect(Set(asked).count == asked.count)
    // One that talks by itself is never asked.
    let talkers = Dialect.serial.filter(\.polls.isEmpty).map(\.name)
    #expect(talkers.contains("ve-direct"))
    #expect(Set(asked) == Set(Dialect.serial.map(\.name)).subtracting(talkers))
    let heard = rounds.filter { !$0.isAsking }.flatMap(\.probes).map(\.dialect.name)
    #expect(Set(heard) == Set(Dialect.serial.map(\.name)))
  }

  @Test("A speed that is told is the only one, and every language is tried at it")
  func speed() {
    let rounds = Detection(on: .serial(baud: 4800), Dialect.wired).rounds
    #expect(rounds.map(\.baud) == [4800, 4800])
    #expect(rounds[0].probes.count == Dialect.serial.count)
  }

  @Test("Behind a gateway only languages of Modbus are asked, and a bus hears those of CAN")
  func wires() {
    let modbus = Detection(on: .modbus, Dialect.wired).rounds
    #expect(modbus.map(\.isAsking) == [true])
    #expect(modbus.flatMap(\.probes).contains { $0.dialect.name == "tinybms" })
    #expect(!modbus.flatMap(\.probes).contains { $0.dialect.name == "jbd" })
    let can = Detection(on: .can, Dialect.wired).rounds
    #expect(can.map(\.isAsking) == [false, true])
    #expect(can.allSatisfy { $0.probes.allSatisfy { $0.dialect.canBitrate == 250_000 } })
    #expect(Detection(on: .can, Dialect.serial.filter { $0.name == "jbd" }).rounds.isEmpty)
    #expect(Detection(on: .stream, Dialect.wired).rounds.map(\.baud) == [nil, nil])
  }

  @Test("The usual number comes first, then those of the list that the language has, each once")
  func addresses() {
    let dialects = Dialect.wired.filter { ["jbd-up", "jbd"].contains($0.name) }
    let rounds = Detection(on: .stream, dialects, addresses: [0, 1, 2, 3]).rounds
    #expect(
      rounds[1].probes.map(\.name) == ["jbd", "jbd-up", "jbd-up address 2", "jbd-up address 3"])
    let frames = rounds[1].probes.map { $0.dialect.polls[0].request.bytes }
    #expect(Set(frames).count == frames.count)
  }

  @Test(
    "The numbers of a list",
    arguments: [("", []), ("1-4", [1, 2, 3, 4]), ("2,1-2,255", [2, 1, 255])])
  func list(text: String, numbers: [UInt8]) throws {
    #expect(try DetectCommand.addresses(text) == numbers)
  }

  @Test(
    "What is no list of numbers is refused", arguments: ["x", "4-1", "1-2-3", "256", "-1", "1-"])
  func noList(text: String) {
    #expect(throws: CommandFailure.self) { try DetectCommand.addresses(text) }
  }

  @Test("Only calls and questions may be sent", arguments: Dialect.wired.map(\.name))
  func onlyQuestions(name: String) throws {
    let dialect = try #require(Dialect.named(name))
    for request in dialect.polls.flatMap(\.requests) + [dialect.wake].compactMap(\.self) {
      #expect(Detection.mayAsk(request.bytes, in: dialect))
      for index in request.bytes.indices {
        var other = request.bytes
        other[index] ^= 0x80
        #expect(!Detection.mayAsk(other, in: dialect))
      }
      #expect(!Detection.mayAsk(request.bytes + [0], in: dialect))
    }
    // Switches a JBD board off.
    #expect(!Detection.mayAsk([0xDD, 0x5A, 0xE1, 0x02, 0, 3, 0xFF, 0x1A, 0x77], in: dialect))
    #expect(!Detection.mayAsk([], in: dialect))
  }

  @Test("Every byte on the line belongs to a call or question, whatever comes back")
  func readOnly() throws {
    let pty = try Pty()
    var random = SplitMix64(seed: 7)
    var sent: [UInt8] = []
    var detector = Detector(
      .serial(SerialSettings(path: pty.path)),
      Detection(on: .serial(baud: nil), Dialect.wired, addresses: [2, 3]),
      isOver: {
        var bytes: [UInt8] = []
        guard (try? pty.receive(into: &bytes)) ?? 0 > 0 else { return false }
        sent += bytes
        // Half of it comes back with one byte turned, and noise behind it.
        if random.next() % 2 == 0 { bytes[Int(random.next() % UInt64(bytes.count))] ^= 0x10 }
        bytes += (0..<8).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        _ = try? pty.send(bytes)
        return false
      })
    detector.patience = Patience(pause: 5, listening: 30, stream: 60, probe: 250, answered: 250)
    detector.run()
    #expect(detector.trouble == nil)
    #expect(detector.hits.isEmpty)
    let asked = detector.detection.rounds.filter(\.isAsking).flatMap(\.probes)
    #expect(detector.attempts.count { !$0.isListening } == asked.count)
    let questions = asked.flatMap { probe in
      (probe.dialect.polls.flatMap(\.requests) + [probe.dialect.wake].compactMap(\.self))
        .map(\.bytes)
    }
    #expect(sent.count > 200)
    #expect(Self.consists(sent, of: questions))
    #expect(!Self.consists(sent + [0xDD], of: questions))
  }

  /// Whether bytes are nothing but messages of a list, one behind the other.
  private static func consists(_ bytes: [UInt8], of messages: [[UInt8]]) -> Bool {
    var reached = [Bool](repeating: false, count: bytes.count + 1)
    reached[0] = true
    for start in bytes.indices where reached[start] {
      for message in messages where bytes[start...].starts(with: message) {
        reached[start + message.count] = true
      }
    }
    return reached[bytes.count]
  }

  @Test("A strong check is better than a weak one, and then more cells are")
  func order() throws {
    func found(_ name: String, cells: Int) throws -> Attempt {
      let dialect = try #require(Dialect.named(name))
      var attempt = Attempt(
        baud: 9600, probe: Detection.Probe(dialect: dialect, address: nil), isListening: false)
      var reading = Reading()
      reading.cells = Cells()
      for index in 0..<cells { reading.cells.place(.millivolts(3300), at: index) }
      attempt.snapshot = Snapshot()
      attempt.snapshot?.take(reading, at: Tick(0), isLive: true)
      return attempt
    }
    let strong = try found("daly-d2", cells: 4)
    let weak = try found("daly-a5", cells: 16)
    #expect(strong.isBetter(than: weak) && !weak.isBetter(than: strong))
    let many = try found("jbd", cells: 16)
    #expect(many.isBetter(than: strong) && !strong.isBetter(than: many))
    #expect(!many.isBetter(than: many))
  }

  @Test("The ports of a folder come in order; none where there is none")
  func ports() throws {
    let scratch = try Scratch()
    #expect(SerialPorts.list(in: scratch("none")) == [])
    for name in ["usb-b", "usb-a", ".hidden"] { try scratch.write("", to: name) }
    #expect(SerialPorts.list(in: scratch.path) == [scratch("usb-a"), scratch("usb-b")])
  }
}
