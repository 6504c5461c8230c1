// SPDX-License-Identifier: Apache-2.0
import Links
import Machine
import TestKit
import Testing

/// A program that listens on this machine, and the connection that it was last given.
final class TCPPeer {
  private(set) var port: UInt16
  private var listener: TCPListener?
  private var socket: Descriptor?

  init() throws {
    let listener = try TCPListener()
    port = listener.port
    self.listener = consume listener
  }

  /// Takes the connection that waits, unless it has one.
  func accept() throws {
    guard socket == nil else { return }
    #expect(waitUntil { take() })
  }

  private func take() -> Bool {
    guard let fresh = listener?.accept() else { return false }
    socket = consume fresh
    return true
  }

  func send(_ bytes: [UInt8]) throws {
    try accept()
    try socket?.writeAll(bytes.span)
  }

  /// What has come; at most a piece.
  func receive() throws -> [UInt8] {
    try accept()
    var bytes: [UInt8] = []
    _ = try socket?.read(into: &bytes, limit: 65_536)
    return bytes
  }

  /// Ends the connection, or breaks it, and listens no more.
  func leave(broken: Bool) throws {
    try accept()
    listener = nil
    hangUp(broken: broken)
  }

  /// Ends the connection, or breaks it, and goes on listening.
  func hangUp(broken: Bool) {
    guard let old = socket.take() else { return }
    if broken { old.reset() }
  }

  /// Listens again where it listened before.
  func comeBack() throws {
    guard listener == nil else { return }
    listener = try TCPListener(port: port)
  }
}

/// A connection over the loopback interface.
final class TCPBench: LinkBench {
  let peer: TCPPeer
  let link: AnyLink

  init() throws {
    peer = try TCPPeer()
    link = .bytes(TCPLink(host: "127.0.0.1", port: peer.port))
  }

  func rival() -> AnyLink { .bytes(TCPLink(host: "127.0.0.1", port: peer.port)) }
  func peerSend(_ bytes: [UInt8]) throws { try peer.send(bytes) }
  func peerReceive() throws -> [UInt8] { try peer.receive() }
  func unplug() throws { try peer.leave(broken: false) }
  func replug() throws { try peer.comeBack() }
}

/// A Modbus gateway in a test: messages made and read here, by other means than the code under test.
///
/// What the link sends travels in requests to write (function 10); what the far end sends, in
/// answers to requests to read (function 03), each of which the link asks first.
final class ModbusTCPBench: LinkBench {
  let peer: TCPPeer
  let link: AnyLink
  private let line: PayloadLink
  private var stream: [UInt8] = []
  private var payload: [UInt8] = []
  /// The transaction of the last request to read.
  private var asked: [UInt8]?

  init() throws {
    peer = try TCPPeer()
    line = PayloadLink(ModbusTCPLink(host: "127.0.0.1", port: peer.port))
    link = .bytes(line)
  }

  func rival() -> AnyLink { .bytes(ModbusTCPLink(host: "127.0.0.1", port: peer.port)) }

  func peerSend(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(200)
      rest = rest.dropFirst(200)
      #expect(try waitUntil { try line.isAnswered() })
      try line.ask()
      #expect(
        try waitUntil {
          try hear()
          return asked != nil
        })
      let transaction = asked ?? []
      asked = nil
      let count = UInt8(piece.count)
      try peer.send(transaction + [0, 0, 0, count + 3, 0x11, 0x03, count] + piece)
    }
  }

  func peerReceive() throws -> [UInt8] {
    try hear()
    defer { payload = [] }
    return payload
  }

  func unplug() throws { try peer.leave(broken: true) }

  func replug() throws {
    stream = []
    line.forget()
    try peer.comeBack()
  }

  private func hear() throws {
    stream += try peer.receive()
    while stream.count >= 6, stream.count >= 6 + Int(stream[5]) {
      let message = Array(stream[..<(6 + Int(stream[5]))])
      stream.removeFirst(message.count)
      if message[7] == 0x03 { asked = Array(message[0..<2]) } else { payload += message[13...] }
    }
  }
}

/// Bytes in the data of Modbus messages.
private final class PayloadLink: ByteLink {
  private let link: ModbusTCPLink
  private var inbox: [UInt8] = []
  /// Whether an answer is still to come.
  private var isAsking = false

  init(_ link: ModbusTCPLink) { self.link = link }

  var name: String { link.name }
  var descriptor: Int32? { link.descriptor }
  var isReady: Bool { link.isReady }
  var hasUnsent: Bool { link.hasUnsent }
  var counters: LinkCounters { link.counters }
  func open() throws(LinkError) { try link.open() }
  func close() { link.close() }

  func send(_ bytes: [UInt8]) throws(LinkError) {
    try link.send(sealed([0x11, 0x10, 0, 1, 0, 1, UInt8(bytes.count)] + bytes))
  }

  func ask() throws(LinkError) {
    try link.send(sealed([0x11, 0x03, 0, 1, 0, 1]))
    isAsking = true
  }

  /// Whether everything that was asked has been answered, so that the next can be asked.
  func isAnswered() throws(LinkError) -> Bool {
    if isAsking { try fill() }
    return !isAsking
  }

  func forget() { isAsking = false }

  func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    try fill()
    defer { inbox = [] }
    buffer += inbox
    return inbox.count
  }

  private func fill() throws(LinkError) {
    var frame: [UInt8] = []
    guard try link.receive(into: &frame) > 0 else { return }
    isAsking = false
    inbox += frame[3..<frame.count - 2]
  }
}

/// A frame with its checksum, computed a bit at a time.
func sealed(_ frame: [UInt8]) -> [UInt8] {
  var crc: UInt16 = 0xFFFF
  for byte in frame {
    crc ^= UInt16(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
  }
  return frame + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
}
