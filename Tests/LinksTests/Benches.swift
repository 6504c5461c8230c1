// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import TestKit
import Wire

/// The frame that carries these bytes in the laws.
func busFrame(_ bytes: [UInt8]) -> CANFrame { CANFrame(id: 0x351, bytes) }

/// A pseudo-terminal in place of a serial cable; the path is a link, as udev makes them.
final class SerialBench: LinkBench {
  let scratch: Scratch
  var pty: Pty
  let link: AnyLink

  init(isRecorded: Bool = false) throws {
    scratch = try Scratch()
    pty = try Pty(link: scratch("tty"))
    let port = SerialLink(path: scratch("tty"), baud: 115_200)
    guard isRecorded else {
      link = .bytes(port)
      return
    }
    // A recording that can never be written must not be felt.
    let log = try TrafficLog(path: "/dev/full", link: port.name, dialect: nil, milliseconds: 1)
    link = .bytes(LoggedByteLink(port, log: log))
  }

  func rival() -> AnyLink { .bytes(SerialLink(path: scratch("tty"), baud: 9_600)) }
  func peerSend(_ bytes: [UInt8]) throws { try pty.send(bytes) }
  func peerReceive() throws -> [UInt8] {
    var bytes: [UInt8] = []
    _ = try pty.receive(into: &bytes)
    return bytes
  }
  func unplug() throws { pty.close() }
  func replug() throws { pty = try Pty(link: scratch("tty")) }
}

/// An adapter in a test: text made and read here, by other means than the codec under test.
final class SLCANBench: LinkBench {
  let scratch: Scratch
  var pty: Pty
  let link: AnyLink
  private var text = ""

  init(isLogged: Bool = false, isRecords: Bool = false) throws {
    scratch = try Scratch()
    pty = try Pty(link: scratch("tty"))
    let adapter = SLCANLink(over: SerialLink(path: scratch("tty"), baud: 1_000_000))
    if isRecords {
      link = .records(CANRecordLink(over: adapter, filters: [CANFilter(id: 0x351)]))
      return
    }
    guard isLogged else {
      link = .frames(adapter)
      return
    }
    // A log that can never be written must not be felt.
    let log = try CandumpLog(path: "/dev/full", milliseconds: 1)
    link = .frames(LoggedFrameLink(adapter, log: log))
  }

  func rival() -> AnyLink {
    .frames(SLCANLink(over: SerialLink(path: scratch("tty"), baud: 115_200)))
  }
  func peerSend(_ bytes: [UInt8]) throws {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let payload = bytes.prefix(8)
      let hex = payload.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      try pty.send(Array("t351\(payload.count)\(hex)\r".utf8))
      bytes = bytes.dropFirst(8)
    }
  }
  func peerReceive() throws -> [UInt8] {
    var bytes: [UInt8] = []
    _ = try pty.receive(into: &bytes)
    text += String(decoding: bytes, as: UTF8.self)
    var payload: [UInt8] = []
    while let end = text.firstIndex(of: "\r") {
      let line = text[..<end]
      text = String(text[text.index(after: end)...])
      guard line.hasPrefix("t351") else { continue }
      let digits = Array(line.dropFirst(5))
      for index in stride(from: 0, to: digits.count, by: 2) {
        payload.append(UInt8(String(digits[index...index + 1]), radix: 16) ?? 0)
      }
    }
    return payload
  }
  func unplug() throws { pty.close() }
  func replug() throws { pty = try Pty(link: scratch("tty")) }
}

/// A log; its far end speaks before the link is opened.
final class ReplayBench: LinkBench {
  let scratch: Scratch
  let link: AnyLink
  private var text = ""

  init() throws {
    scratch = try Scratch()
    try scratch.write("", to: "log")
    link = .frames(CandumpReplay(path: scratch("log"), pace: .immediate))
  }

  func rival() -> AnyLink { .frames(CandumpReplay(path: scratch("log"))) }
  func peerSend(_ bytes: [UInt8]) throws {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      text += "(1700000000.000000) can0 \(busFrame(Array(bytes.prefix(8))))\n"
      bytes = bytes.dropFirst(8)
    }
    try scratch.write(text, to: "log")
  }
  func peerReceive() throws -> [UInt8] { [] }
  func unplug() throws {}
  func replug() throws {}
}

/// A recording of bytes; its far end speaks before the link is opened.
final class ByteReplayBench: LinkBench {
  let scratch: Scratch
  let link: AnyLink
  private var text: [UInt8] = []

  init() throws {
    scratch = try Scratch()
    try scratch.write("", to: "log")
    link = .bytes(ReplayLink(paths: [scratch("log")], pace: .immediate))
  }

  func rival() -> AnyLink { .bytes(ReplayLink(paths: [scratch("log")], pace: .immediate)) }
  func peerSend(_ bytes: [UInt8]) throws {
    for start in stride(from: 0, to: bytes.count, by: 50) {
      TrafficLine(
        wall: 1, monotonic: 1, wire: "tty",
        .received(Array(bytes[start..<min(start + 50, bytes.count)]))
      ).append(to: &text)
    }
    try scratch.write(String(decoding: text, as: UTF8.self), to: "log")
  }
  func peerReceive() throws -> [UInt8] { [] }
  func unplug() throws {}
  func replug() throws {}
}

/// Two sockets on a virtual bus of the kernel.
final class SocketCANBench: LinkBench {
  let link = AnyLink.frames(SocketCANLink(interface: LinkKind.interface))
  private let peer = AnyLink.frames(SocketCANLink(interface: LinkKind.interface))

  func rival() -> AnyLink { .frames(SocketCANLink(interface: LinkKind.interface)) }
  func peerSend(_ bytes: [UInt8]) throws {
    try peer.open()
    var bytes = bytes[...]
    while !bytes.isEmpty {
      try peer.send(Array(bytes.prefix(8)))
      bytes = bytes.dropFirst(8)
    }
  }
  func peerReceive() throws -> [UInt8] {
    try peer.open()
    return try peer.receive()
  }
  func unplug() throws { try set("down") }
  func replug() throws { try set("up") }
  private func set(_ state: String) throws {
    _ = try Program.run(["ip", "link", "set", LinkKind.interface, state])
    if state == "down" { peer.close() }
  }
}
