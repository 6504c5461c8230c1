// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing
import Wire

@Suite struct ReplayTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func log(_ text: String) throws -> String { try scratch.write(text, to: "log") }

  @Test func endVanishesAndOpeningBeginsAgain() throws {
    let replay = CandumpReplay(path: try log("(1.0) can0 001#\n(2.0) can0 002#"), pace: .immediate)
    for _ in 0..<2 {
      try replay.open()
      #expect(try replay.receive()?.id == 1)
      #expect(try replay.receive()?.id == 2)
      #expect(throws: LinkError.vanished(path: replay.name)) { try replay.receive() }
      #expect(throws: LinkError.closed(path: replay.name)) { try replay.receive() }
    }
    #expect(replay.counters.opens == 2)
  }

  @Test func otherInterfacesAndBadLinesArePassedOver() throws {
    let text = "(1.0) can1 001#\nnonsense\n\n(2.0) can0 002#\n"
    let replay = CandumpReplay(path: try log(text), interface: "can0", pace: .immediate)
    try replay.open()
    #expect(try replay.receive()?.id == 2)
    #expect(replay.counters.errors == 2)
  }

  @Test func recordedGapsAreKept() throws {
    let text = "(5.000) can0 001#\n(5.020) can0 002#\n(4.000) can0 003#\n(4.030) can0 004#\n"
    let replay = CandumpReplay(path: try log(text))
    let start = MonotonicClock.nanoseconds()
    try replay.open()
    var times: [Int64] = []
    for id: UInt32 in 1...4 {
      #expect(try replay.next()?.id == id)
      times.append((MonotonicClock.nanoseconds() - start) / 1_000_000)
    }
    // Never early; how late is the machine's business.
    #expect(times[1] >= 20 && times[2] >= 20 && times[3] >= 50)
  }

  @Test func frameToComeIsNotThereYet() throws {
    let replay = CandumpReplay(path: try log("(1.0) can0 001#\n(90000.0) can0 002#\n"))
    try replay.open()
    #expect(try replay.next()?.id == 1)
    #expect(try replay.receive() == nil)
    #expect(try waitReadable([try #require(replay.descriptor)], milliseconds: 5) == false)
  }

  @Test func endlessLineIsNoTrap() throws {
    let replay = CandumpReplay(path: "/dev/zero", pace: .immediate)
    try replay.open()
    #expect(try replay.receive() == nil)
    #expect(replay.counters.errors == 256)
  }

  @Test func recordingDoesNotSend() throws {
    let replay = CandumpReplay(path: try log(""))
    try replay.open()
    #expect(throws: LinkError.unsupported(path: replay.name, what: "send: it is a recording")) {
      try replay.send(CANFrame(id: 1, []))
    }
  }

  @Test func whatIsNotThereIsAbsent() {
    #expect(throws: LinkError.absent(path: scratch("none"))) {
      try CandumpReplay(path: scratch("none")).open()
    }
  }

  @Test func loggedBusReplaysAsItWas() throws {
    let bench = try SLCANBench()
    guard case .frames(let bus) = bench.link else { return }
    let log = try CandumpLog(path: scratch("log"))
    let logged = LoggedFrameLink(bus, log: log)
    try logged.open()
    try bench.peerSend([1, 2, 3])
    #expect(try logged.next() == busFrame([1, 2, 3]))
    try logged.send(busFrame([4]))
    logged.close()
    // What could not be sent is not in the log.
    #expect(throws: LinkError.closed(path: logged.name)) { try logged.send(busFrame([5])) }
    log.close()
    let replay = CandumpReplay(path: scratch("log"), interface: "tty", pace: .immediate)
    try replay.open()
    #expect(try replay.receive() == busFrame([1, 2, 3]))
    #expect(try replay.receive() == busFrame([4]))
    #expect(throws: LinkError.vanished(path: replay.name)) { try replay.receive() }
  }
}
