// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import TestKit
import Wire

/// Every kind of link that the laws are held against.
enum LinkKind: String, CaseIterable, Sendable {
  case serial
  case tcp
  case modbusTCP
  case slcan
  case logged
  case recorded
  case replay
  case byteReplay
  case records
  case socketCAN

  /// The interface that the SocketCAN laws need: `ip link add vcan0 type vcan; ip link set vcan0
  /// up`.
  static let interface = "vcan0"
  static let hasInterface = unsafe if_nametoindex(interface) != 0

  /// The kinds that can run on this machine.
  static let here = allCases.filter { $0 != .socketCAN || hasInterface }
  /// Those that can also send, and whose far end is alive.
  static let live = here.filter { !$0.isReplay }
  /// Those that one program holds for itself.
  static let exclusive: [LinkKind] = [.serial, .slcan, .logged, .recorded, .records]

  /// Whether the far end has spoken before the link is opened, and hears nothing.
  var isReplay: Bool { self == .replay || self == .byteReplay }

  func bench() throws -> any LinkBench {
    switch self {
    case .serial: try SerialBench()
    case .tcp: try TCPBench()
    case .modbusTCP: try ModbusTCPBench()
    case .slcan: try SLCANBench()
    case .logged: try SLCANBench(isLogged: true)
    case .recorded: try SerialBench(isRecorded: true)
    case .replay: try ReplayBench()
    case .byteReplay: try ByteReplayBench()
    case .records: try SLCANBench(isRecords: true)
    case .socketCAN: SocketCANBench()
    }
  }
}

/// A link and its far end, with bytes on both: for a CAN bus, the payloads one after the other.
protocol LinkBench: AnyObject {
  var link: AnyLink { get }
  /// Another link to the same device.
  func rival() -> AnyLink
  /// Sends from the far end.
  func peerSend(_ bytes: [UInt8]) throws
  /// What the far end has received.
  func peerReceive() throws -> [UInt8]
  /// Takes the far end away.
  func unplug() throws
  /// Puts a new far end where the old one was.
  func replug() throws
}

/// A byte link or a frame link, spoken to in bytes.
enum AnyLink {
  case bytes(any ByteLink)
  case frames(any FrameLink)
  /// A line of CAN records, spoken to in the payloads of its frames.
  case records(any ByteLink)

  var name: String { each({ $0.name }, { $0.name }) }
  var descriptor: Int32? { each({ $0.descriptor }, { $0.descriptor }) }
  var counters: LinkCounters { each({ $0.counters }, { $0.counters }) }
  var hasUnsent: Bool { each({ $0.hasUnsent }, { $0.hasUnsent }) }
  var isReady: Bool { each({ $0.isReady }, { $0.isOpen }) }

  func open() throws(LinkError) {
    switch self {
    case .bytes(let link), .records(let link): try link.open()
    case .frames(let link): try link.open()
    }
  }

  /// Opens, and goes on until the far end is reached, as a reactor would.
  func reach() throws {
    try open()
    while !isReady, let number = descriptor {
      guard try waitReadable([number], milliseconds: 10_000) else { break }
      _ = try receive()
    }
  }

  func close() { each({ $0.close() }, { $0.close() }) }

  /// All that is there now, in one array.
  func receive() throws(LinkError) -> [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .bytes(let link): _ = try link.receive(into: &bytes)
    case .frames(let link):
      while let frame = try link.receive() { bytes += frame.payload }
    case .records(let link):
      var records: [UInt8] = []
      _ = try link.receive(into: &records)
      for start in stride(from: 0, to: records.count, by: CANRecord.length) {
        bytes += CANRecord.frame(records.span, at: start)?.payload ?? []
      }
    }
    return bytes
  }

  /// One message of at most 8 bytes.
  func send(_ bytes: [UInt8]) throws(LinkError) {
    switch self {
    case .bytes(let link): try link.send(bytes)
    case .frames(let link): try link.send(busFrame(bytes))
    case .records(let link): try link.send(CANRecord.bytes(busFrame(bytes)))
    }
  }

  private func each<T>(_ bytes: (any ByteLink) -> T, _ frames: (any FrameLink) -> T) -> T {
    switch self {
    case .bytes(let link), .records(let link): bytes(link)
    case .frames(let link): frames(link)
    }
  }

  /// Receives until `count` bytes have come; waits for them as a reactor would.
  func collect(_ count: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let got = try receive()
      all += got
      if !got.isEmpty { continue }
      guard let number = descriptor, try waitReadable([number], milliseconds: 10_000) else { break }
    }
    return all
  }
}
