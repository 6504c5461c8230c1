// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing
import Wire

/// What every link promises.
///
/// One after the other, because SocketCAN has one bus for all.
@Suite(.serialized) struct LinkLaws {
  @Test(.enabled(if: LinkKind.hasInterface, "SocketCAN not tested: there is no vcan0 here"))
  func socketCANIsAmongThem() { #expect(LinkKind.here.contains(.socketCAN)) }

  @Test(arguments: LinkKind.here) func receivedInOrder(_ kind: LinkKind) throws {
    let seed: UInt64 = 0xCE11
    var random = SplitMix64(seed: seed)
    let bytes = random.bytes(3_000)
    let bench = try kind.bench()
    if kind.isReplay { try bench.peerSend(bytes) }
    try bench.link.reach()
    var got: [UInt8] = []
    if case .frames(let frames) = bench.link, kind == .replay {
      while got.count < bytes.count, let frame = try frames.receive() { got += frame.payload }
      #expect(got == bytes, "seed \(seed)")
      return
    }
    for piece in random.pieces(of: bytes, most: 40) where !kind.isReplay {
      try bench.peerSend(piece)
      if random.oneIn(3) { got += try bench.link.receive() }
    }
    got += try bench.link.collect(bytes.count - got.count)
    #expect(got == bytes, "seed \(seed)")
  }

  @Test(arguments: LinkKind.live) func sentInOrder(_ kind: LinkKind) throws {
    let seed: UInt64 = 0xB05
    var random = SplitMix64(seed: seed)
    let bytes = random.bytes(2_000)
    let bench = try kind.bench()
    try bench.link.reach()
    _ = try bench.peerReceive()
    var got: [UInt8] = []
    for piece in random.pieces(of: bytes, most: 8) {
      try bench.link.send(piece)
      got += try bench.peerReceive()
    }
    #expect(
      try waitUntil {
        got += try bench.peerReceive()
        return got.count >= bytes.count
      })
    #expect(got == bytes, "seed \(seed)")
  }

  @Test(arguments: LinkKind.live) func nothingThereIsNothing(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    try bench.link.reach()
    for _ in 0..<3 { #expect(try bench.link.receive() == []) }
    #expect(bench.link.counters.bytesIn == 0)
  }

  @Test(arguments: LinkKind.live) func fullBufferRefusesWhole(_ kind: LinkKind) throws {
    guard kind != .socketCAN else { return }  // A virtual bus is never full.
    let bench = try kind.bench()
    try bench.link.reach()
    var accepted = 0
    var refusal: LinkError?
    // Nobody reads at the far end.
    while refusal == nil && accepted < 1_000_000 {
      do throws(LinkError) {
        try bench.link.send([1, 2, 3, 4, 5, 6, 7])
        accepted += 1
      } catch { refusal = error }
    }
    #expect(refusal == .congested(path: bench.link.name))
    var got: [UInt8] = []
    #expect(
      try waitUntil {
        got += try bench.peerReceive()
        // Receiving also sends on what was left over.
        _ = try bench.link.receive()
        return got.count >= accepted * 7
      })
    #expect(!bench.link.hasUnsent)
    #expect(got == (0..<accepted).flatMap { _ in [1, 2, 3, 4, 5, 6, 7] as [UInt8] })
    try bench.link.send([9])
    #expect(try waitUntil { try bench.peerReceive() == [9] })
  }

  @Test(arguments: LinkKind.exclusive) func secondOpeningIsRefused(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    try bench.link.open()
    try bench.link.open()
    #expect(bench.link.counters.opens == 1)
    let rival = bench.rival()
    #expect(throws: LinkError.busy(path: rival.name)) { try rival.open() }
    #expect(rival.descriptor == nil)
    #expect(rival.counters.errors > 0)
    // The holder has not noticed.
    try bench.peerSend([1, 2])
    #expect(try bench.link.collect(2) == [1, 2])
    bench.link.close()
    try rival.open()
  }

  @Test(arguments: LinkKind.exclusive) func anotherProgramIsRefused(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    try bench.link.open()
    let path = bench.link.name
    #expect(try Program.run(["flock", "-n", path, "true"]).exit == .status(1))
    bench.link.close()
    #expect(try Program.run(["flock", "-n", path, "true"]).exit == .status(0))
  }

  @Test(arguments: LinkKind.exclusive) func portOfAnotherProgramIsRefused(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    // flock holds the lock for as long as cat waits for its input.
    let holder = try ChildProcess(
      ["flock", "-n", bench.link.name, "sh", "-c", "echo held; cat"], input: .pipe, output: .pipe)
    var said: [UInt8] = []
    #expect(waitUntil { (try? holder.read(.output, into: &said)) != nil && said.count >= 5 })
    #expect(throws: LinkError.busy(path: bench.link.name)) { try bench.link.open() }
    holder.closeInput()
    #expect(holder.wait(milliseconds: 10_000) == .status(0))
    try bench.link.open()
  }

  @Test(arguments: LinkKind.here) func closedIsClosed(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    if kind.isReplay { try bench.peerSend([1]) }
    for _ in 0..<2 {
      let closed = LinkError.closed(path: bench.link.name)
      #expect(throws: closed) { try bench.link.receive() }
      #expect(throws: closed) { try bench.link.send([1]) }
      #expect(bench.link.descriptor == nil)
      try bench.link.open()
      #expect(bench.link.descriptor != nil)
      bench.link.close()
      bench.link.close()
    }
  }

  @Test(arguments: LinkKind.live) func farEndGoesAndComesBack(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    for round: UInt8 in 1...3 {
      try bench.link.reach()
      try bench.peerSend([round])
      #expect(try bench.link.collect(1) == [round])
      try bench.unplug()
      #expect(throws: LinkError.vanished(path: bench.link.name)) { try bench.link.receive() }
      #expect(bench.link.descriptor == nil)
      #expect(throws: LinkError.closed(path: bench.link.name)) { try bench.link.receive() }
      #expect(throws: LinkError.self) { try bench.link.reach() }
      #expect(bench.link.descriptor == nil)
      try bench.replug()
    }
    #expect(bench.link.counters.opens == 3)
  }

  @Test(arguments: LinkKind.live) func sendingToNobodyTellsToo(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    try bench.link.reach()
    try bench.unplug()
    #expect(throws: LinkError.vanished(path: bench.link.name)) { try bench.link.send([1]) }
    #expect(bench.link.descriptor == nil)
    try bench.replug()
  }

  @Test(arguments: LinkKind.here) func countersCount(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    if kind.isReplay { try bench.peerSend(Array(0..<24)) }
    try bench.link.reach()
    let before = bench.link.counters
    if !kind.isReplay { try bench.peerSend(Array(0..<24)) }
    #expect(kind == .replay ? true : try bench.link.collect(24) == Array(0..<24))
    guard case .bytes = bench.link else { return try framesAreCounted(kind, bench, before) }
    try bench.link.send([1, 2, 3])
    if kind == .modbusTCP {
      // A question and its answer, and another question.
      #expect(bench.link.counters.framesIn == 1)
      #expect(bench.link.counters.framesOut == 2)
      #expect(bench.link.counters.bytesIn == 9 + 24)
      #expect(bench.link.counters.bytesOut == 12 + 13 + 3)
      #expect(bench.link.counters.errors == 0)
      #expect(bench.link.counters.opens == 1)
      return
    }
    #expect(bench.link.counters.bytesIn == 24)
    #expect(bench.link.counters.bytesOut == 3)
  }

  private func framesAreCounted(
    _ kind: LinkKind, _ bench: any LinkBench, _ before: LinkCounters
  ) throws {
    if kind == .replay, case .frames(let frames) = bench.link {
      for _ in 0..<3 { #expect(try frames.receive() != nil) }
    } else {
      try bench.link.send([1, 2, 3])
      #expect(bench.link.counters.framesOut == 1)
      #expect(bench.link.counters.bytesOut > before.bytesOut)
    }
    #expect(bench.link.counters.framesIn == 3)
    #expect(bench.link.counters.bytesIn >= 24)
    #expect(bench.link.counters.errors == 0)
    #expect(bench.link.counters.opens == 1)
  }

  @Test(arguments: LinkKind.live) func reactorTellsOfArrivalAndHangup(_ kind: LinkKind) throws {
    let bench = try kind.bench()
    let reactor = try Reactor()
    try bench.link.reach()
    var got: [UInt8] = []
    var failure: LinkError?
    let watch = try reactor.watch(try #require(bench.link.descriptor)) { _ in
      do throws(LinkError) { got += try bench.link.receive() } catch { failure = error }
    }
    try bench.peerSend([5, 6])
    while got.count < 2 {
      #expect(try reactor.turn(until: MonotonicClock.now() + 10_000) == .handled)
    }
    #expect(got == [5, 6])
    try bench.unplug()
    #expect(try reactor.turn(until: MonotonicClock.now() + 10_000) == .handled)
    #expect(failure == .vanished(path: bench.link.name))
    reactor.unwatch(watch)
    // The link has closed itself, so nothing is left that could be ready.
    #expect(try reactor.turn(until: MonotonicClock.now() + 5) == .expired)
    try bench.replug()
  }
}
