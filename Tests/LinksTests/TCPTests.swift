// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing

@Suite struct TCPTests {
  /// Why a connection does not come about.
  private func refusal(_ link: TCPLink) throws -> LinkError? {
    do {
      try AnyLink.bytes(link).reach()
      return nil
    } catch let error as LinkError {
      #expect(link.descriptor == nil && !link.isReady)
      #expect(link.counters.opens == 0 && link.counters.errors > 0)
      return error
    }
  }

  @Test func openingWaitsForNobody() throws {
    let peer = try TCPPeer()
    let link = TCPLink(host: "127.0.0.1", port: peer.port)
    try link.open()
    #expect(link.isOpen && !link.isReady)
    #expect(link.counters.opens == 0)
    // Nothing is taken for a far end that has not been reached.
    #expect(throws: LinkError.congested(path: link.name)) { try link.send([1]) }
    try AnyLink.bytes(link).reach()
    #expect(link.isReady && link.counters.opens == 1)
    try link.send([2])
    #expect(try waitUntil { try peer.receive() == [2] })
  }

  @Test func nobodyListensIsRefused() throws {
    let peer = try TCPPeer()
    let link = TCPLink(host: "127.0.0.1", port: peer.port)
    try AnyLink.bytes(link).reach()
    link.close()
    try peer.leave(broken: false)
    #expect(try refusal(TCPLink(host: "127.0.0.1", port: peer.port)) == .refused(path: link.name))
  }

  @Test func allAddressesOfANameAreTried() throws {
    // The name of this machine has two addresses in most systems; the peer listens on one of them.
    let peer = try TCPPeer()
    let link = TCPLink(host: "localhost", port: peer.port)
    for _ in 0..<3 {
      try AnyLink.bytes(link).reach()
      #expect(link.isReady)
      try peer.send([7])
      #expect(try AnyLink.bytes(link).collect(1) == [7])
      link.close()
      peer.hangUp(broken: false)
    }
    #expect(link.counters.opens == 3 && link.counters.reopens == 2)
  }

  @Test func anUnknownNameIsNamed() throws {
    let link = TCPLink(host: "nobody.invalid", port: 9)
    #expect(try refusal(link) == .unknownHost(path: "nobody.invalid:9"))
    // And again: a lookup that failed is made anew.
    #expect(try refusal(link) == .unknownHost(path: "nobody.invalid:9"))
  }

  @Test func anAddressOfSixIsWrittenInBrackets() throws {
    let link = TCPLink(host: "::1", port: 9)
    #expect(link.name == "[::1]:9")
    let why = try #require(try refusal(link))
    // Refused, or where a machine has no such addresses, no way.
    #expect([.refused(path: link.name), .unreachable(path: link.name)].contains(why))
  }

  @Test func aHostThatSaysNothingTimesOut() throws {
    // A listener whose queue is full lets further calls go unanswered.
    let listener = try TCPListener()
    var held: [TCPLink] = []
    var why: LinkError?
    while why == nil, held.count < 64 {
      let link = TCPLink(host: "127.0.0.1", port: listener.port)
      why = try refusal(link)
      held.append(link)
    }
    #expect(why == .timedOut(path: "127.0.0.1:\(listener.port)"))
    #expect(held.count > 2)
  }

  @Test func theEndOfALongMessageFollowsByItself() throws {
    let peer = try TCPPeer()
    let link = TCPLink(host: "127.0.0.1", port: peer.port)
    try AnyLink.bytes(link).reach()
    let message = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
    try link.send(message)
    #expect(link.hasUnsent)
    #expect(throws: LinkError.congested(path: link.name)) { try link.send([1]) }
    // Only the reactor tells when there is room.
    let reactor = try Reactor()
    var buffer: [UInt8] = []
    try reactor.watch(try #require(link.descriptor)) { _ in
      _ = try? link.receive(into: &buffer)
    }
    var got: [UInt8] = []
    let end = MonotonicClock.now() + 60_000
    while got.count < message.count, MonotonicClock.now() < end {
      got += try peer.receive()
      try reactor.turn(until: MonotonicClock.now() + 1)
    }
    #expect(got == message)
    #expect(!link.hasUnsent && link.isOpen && buffer.isEmpty)
  }

  @Test(arguments: [false, true]) func bytesBeforeTheEndAreNotLost(_ isBroken: Bool) throws {
    let peer = try TCPPeer()
    let link = TCPLink(host: "127.0.0.1", port: peer.port)
    try AnyLink.bytes(link).reach()
    try peer.send([1, 2, 3])
    var got = try AnyLink.bytes(link).collect(3)
    try peer.send([4])
    peer.hangUp(broken: isBroken)
    var failure: LinkError?
    #expect(
      waitUntil {
        do throws(LinkError) { _ = try link.receive(into: &got) } catch { failure = error }
        return failure != nil
      })
    #expect(failure == .vanished(path: link.name))
    // A reset may overtake what came before it, but nothing is made up.
    #expect(got == [1, 2, 3, 4] || isBroken && got == [1, 2, 3])
  }

  @Test func messagesNameTheHostAndTheNextStep() {
    #expect(
      "\(LinkError.refused(path: "a:1"))"
        == "a:1: connection refused; check the port, and that the server runs and is not taken")
    #expect(
      "\(LinkError.timedOut(path: "a:1"))"
        == "a:1: does not answer; check the address and that it is on")
    #expect(
      "\(LinkError.unknownHost(path: "a:1"))"
        == "a:1: no such name is known; check how it is written, or give the address")
    #expect(
      "\(LinkError.unreachable(path: "a:1"))"
        == "a:1: there is no way to it; check the network and the address")
    #expect(LinkError.timedOut(path: "a").kind.description == "timed_out")
  }
}
