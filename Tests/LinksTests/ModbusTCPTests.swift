// SPDX-License-Identifier: Apache-2.0
import Links
import Machine
import TestKit
import Testing

@Suite struct ModbusTCPTests {
  private let peer: TCPPeer
  private let link: ModbusTCPLink
  /// Reads three registers of unit 17; the example of the specification of the serial line.
  private let question = sealed([0x11, 0x03, 0x00, 0x6B, 0x00, 0x03])
  private let words: [UInt8] = [0x11, 0x03, 0x06, 0xAE, 0x41, 0x56, 0x52, 0x43, 0x40]

  init() throws {
    peer = try TCPPeer()
    link = ModbusTCPLink(host: "127.0.0.1", port: peer.port)
    try AnyLink.bytes(link).reach()
  }

  private func heard(_ count: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    #expect(
      try waitUntil {
        all += try peer.receive()
        return all.count >= count
      })
    return all
  }

  /// Sends from the far end and gives what the link makes of it, once it has seen everything.
  private func answer(_ bytes: [UInt8]) throws -> [UInt8] {
    let before = link.counters.bytesIn
    try peer.send(bytes)
    var got: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try link.receive(into: &got)
        return link.counters.bytesIn >= before + UInt64(bytes.count)
      })
    return got
  }

  private func message(_ transaction: UInt8, _ body: [UInt8], protocolID: UInt8 = 0) -> [UInt8] {
    [0, transaction, 0, protocolID, 0, UInt8(body.count)] + body
  }

  @Test func aQuestionGetsItsHeaderAndAnAnswerItsChecksum() throws {
    try link.send(question)
    #expect(try heard(12) == [0, 1, 0, 0, 0, 6, 0x11, 0x03, 0x00, 0x6B, 0x00, 0x03])
    #expect(try answer(message(1, words)) == sealed(words))
    try link.send(question)
    #expect(try heard(12)[1] == 2)
    #expect(link.counters.framesOut == 2 && link.counters.framesIn == 1)
    #expect(link.counters.errors == 0)
  }

  @Test func anAnswerInPiecesIsJoined() throws {
    try link.send(question)
    var got: [UInt8] = []
    for byte in message(1, words) { got += try answer([byte]) }
    #expect(got == sealed(words))
  }

  @Test func whatIsNoAnswerIsDroppedAndCounted() throws {
    try link.send(question)
    let strange: [[UInt8]] = [
      message(2, words),  // another transaction
      message(0, words),
      message(1, [0x12] + words.dropFirst()),  // another unit
      message(1, [0x11, 0x04] + words.dropFirst(2)),  // another function
      message(1, words + [0]),  // a length that is not that of its data
      message(1, words.dropLast()),
      message(1, [0x11, 0x90, 0x02]),  // an exception to another function
      message(1, words, protocolID: 1),  // another protocol
    ]
    for bytes in strange { #expect(try answer(bytes) == [], "\(bytes)") }
    #expect(link.counters.errors == UInt64(strange.count))
    #expect(try answer(message(1, words)) == sealed(words))
    // Once only.
    #expect(try answer(message(1, words)) == [])
    #expect(link.counters.errors == UInt64(strange.count + 1))
    #expect(link.isReady)
  }

  @Test func aLateAnswerIsNoAnswerToTheNextQuestion() throws {
    try link.send(question)
    try link.send(question)
    #expect(try answer(message(1, words)) == [])
    #expect(try answer(message(2, words)) == sealed(words))
  }

  @Test func anExceptionIsPassedOn() throws {
    try link.send(question)
    #expect(try answer(message(1, [0x11, 0x83, 0x0B])) == sealed([0x11, 0x83, 0x0B]))
  }

  @Test(
    arguments: [
      [0, 1, 0, 0, 0, 2, 0x11, 0x03], [0, 1, 0, 0, 0, 0], [0, 1, 0, 0, 1, 0],
      [0, 1, 0, 0, 0xFF, 0xFF],
      // Messages of another protocol, one after the other.
      [0, 1, 0, 9, 0, 3, 1, 2, 3, 0, 1, 0, 9, 0, 3, 1, 2, 3],
    ] as [[UInt8]])
  func aStreamOutOfStepIsClosed(_ bytes: [UInt8]) throws {
    try link.send(question)
    #expect(throws: LinkError.vanished(path: link.name)) { try answer(bytes) }
    #expect(link.descriptor == nil)
    // Opened anew, nothing of the old stream is left.
    peer.hangUp(broken: false)
    try AnyLink.bytes(link).reach()
    try link.send(question)
    _ = try heard(12)
    #expect(try answer(message(2, words)) == sealed(words))
    #expect(link.counters.opens == 2)
  }

  @Test func ordersThatAreNoModbusAreRefused() throws {
    for body in [
      [0xAA, 0x18], [0xAA, 0x02, 0x05], [0xAA, 0x1D, 4, 0, 44], [0xAA, 0x0D, 4, 1, 2, 3, 4],
    ] as [[UInt8]] {
      let error = #expect(throws: LinkError.self) { try link.send(sealed(body)) }
      #expect(error?.kind.description == "unsupported")
    }
    // A checksum that does not hold would come out right at the other end.
    var wrong = question
    wrong[7] ^= 1
    #expect(throws: LinkError.self) { try link.send(wrong) }
    #expect(link.isReady && link.counters.framesOut == 0)
    let error = #expect(throws: LinkError.self) { try link.send(sealed([0xAA, 0x18])) }
    #expect(
      error?.description.contains("cannot carry command 0x18: Modbus TCP has the functions") == true
    )
  }
}
