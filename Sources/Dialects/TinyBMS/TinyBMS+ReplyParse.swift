// SPDX-License-Identifier: Apache-2.0

import Quantities
public import Wire

extension TinyBMS.Reply {
  /// The answer in `frame` to a command; a long answer to 07 or 09 stands in it packet by packet.
  ///
  /// Errors: `truncated`, `badChecksum`, and `unexpected` where the shape does not fit the command.
  /// A refusal is a value here, not an error.
  public init(_ frame: borrowing Span<UInt8>, to command: TinyBMS.Command) throws(WireError) {
    let count = frame.count
    guard count >= 5 else { throw .truncated(got: count, needed: 5) }
    guard frame[0] == TinyBMS.start else { throw .unexpected(byte: frame[0], at: 0) }
    if frame[1] <= 1 {
      self = try Self.verdict(frame, command)
      return
    }
    guard frame[1] == command.code else { throw .unexpected(byte: frame[1], at: 1) }
    switch command {
    case .readBlock(_, let words):
      let data = try Self.join(frame, size: Int(words) * 2)
      self = .readBlock(TinyBMS.littleWords(data.span, from: 0, count: Int(words)))
    case .readIndividual(let addresses):
      let data = try Self.join(frame, size: addresses.count * 4)
      let words = TinyBMS.wordPairs(data.span, from: 0, count: addresses.count)
      for (index, word) in words.enumerated() where word.address != addresses[index] {
        throw .unexpected(byte: UInt8(truncatingIfNeeded: word.address), at: 3 + 4 * index)
      }
      self = .readIndividual(words)
    default:
      let length = try Self.length(of: frame, to: command)
      guard count >= length else { throw .truncated(got: count, needed: length) }
      guard count == length else { throw .unexpected(byte: frame[length], at: length) }
      try TinyBMS.check(frame, length: length)
      self = try Self.content(frame, command)
    }
  }

  private static func verdict(_ frame: borrowing Span<UInt8>, _ command: TinyBMS.Command)
    throws(WireError) -> Self
  {
    let length = frame[1] == 0 ? 6 : 5
    guard frame.count >= length else { throw .truncated(got: frame.count, needed: length) }
    guard frame.count == length else { throw .unexpected(byte: frame[length], at: length) }
    try TinyBMS.check(frame, length: length)
    guard frame[2] == command.code else { throw .unexpected(byte: frame[2], at: 2) }
    return frame[1] == 0
      ? .refused(command: frame[2], code: frame[3]) : .acknowledged(command: frame[2])
  }

  /// The whole length of an answer in one frame, as the command and its length byte have it.
  private static func length(of frame: borrowing Span<UInt8>, to command: TinyBMS.Command)
    throws(WireError) -> Int
  {
    switch TinyBMS.shape(of: command.code, asked: command.asked) {
    case .fixed(let length): return length
    case .counted(let sizes, let step):
      let size = Int(frame[2])
      guard sizes.contains(size), size % step == sizes.lowerBound % step else {
        throw .unexpected(byte: frame[2], at: 2)
      }
      return 5 + size
    case .packets, .verdict: throw .unexpected(byte: frame[1], at: 1)
    }
  }

  private static func content(_ frame: borrowing Span<UInt8>, _ command: TinyBMS.Command)
    throws(WireError) -> Self
  {
    let words = (frame.count - 5) / 2
    switch command {
    case .readModbus: return .readModbus(TinyBMS.bigWords(frame, from: 3, count: words))
    case .writeModbus(let address, let values):
      guard frame.bigUInt16(at: 2) == address, frame[4] == 0, Int(frame[5]) == values.count else {
        throw .unexpected(byte: frame[3], at: 3)
      }
      return .writtenModbus(address: address, count: frame[5])
    case .newestEvents: return .newestEvents(events(frame))
    case .allEvents: return .allEvents(events(frame))
    case .packVoltage: return .packVoltage(Binary32(bits: frame.littleUInt32(at: 2)))
    case .packCurrent: return .packCurrent(Binary32(bits: frame.littleUInt32(at: 2)))
    case .highestCell: return .highestCell(frame.littleUInt16(at: 2))
    case .lowestCell: return .lowestCell(frame.littleUInt16(at: 2))
    case .status: return .status(frame.littleUInt16(at: 2))
    case .lifetime: return .lifetime(frame.littleUInt32(at: 2))
    case .soc: return .soc(frame.littleUInt32(at: 2))
    case .temperatures:
      return .temperatures(
        internal: Int16(bitPattern: frame.littleUInt16(at: 3)),
        external1: Int16(bitPattern: frame.littleUInt16(at: 5)),
        external2: Int16(bitPattern: frame.littleUInt16(at: 7)))
    case .cells: return .cells(TinyBMS.littleWords(frame, from: 3, count: words))
    case .settings: return .settings(TinyBMS.littleWords(frame, from: 3, count: words))
    case .version: return .version(TinyBMS.Version(frame, at: 3))
    case .extendedVersion:
      return .extendedVersion(
        TinyBMS.Version(frame, at: 3), bootloader: frame[8], registerMap: frame[9])
    case .trip:
      return .trip(
        speed: Binary32(bits: frame.littleUInt32(at: 2)), distance: frame.littleUInt32(at: 6),
        time: frame.littleUInt32(at: 10))
    case .reset, .readBlock, .readIndividual, .writeBlock, .writeIndividual:
      throw .unexpected(byte: frame[1], at: 1)
    }
  }

  private static func events(_ frame: borrowing Span<UInt8>) -> TinyBMS.EventList {
    var events: [TinyBMS.Event] = []
    for place in stride(from: 7, to: frame.count - 2, by: 4) {
      events.append(TinyBMS.Event(packed: frame.littleUInt32(at: place)))
    }
    return TinyBMS.EventList(now: frame.littleUInt32(at: 3), events: events)
  }

  /// The payload of the packets of an answer, `size` bytes in all.
  static func join(_ frame: borrowing Span<UInt8>, size: Int) throws(WireError) -> [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(size)
    var place = 0
    let whole = TinyBMS.packedLength(size)
    guard frame.count >= whole else { throw .truncated(got: frame.count, needed: whole) }
    guard frame.count == whole else { throw .unexpected(byte: frame[whole], at: whole) }
    while data.count < size {
      let part = min(TinyBMS.packetPayload, size - data.count)
      let isLast = data.count + part == size
      let packet = frame.extracting(place..<place + part + 5)
      guard packet[0] == TinyBMS.start else { throw .unexpected(byte: packet[0], at: place) }
      guard packet[1] == frame[1] else { throw .unexpected(byte: packet[1], at: place + 1) }
      guard isLast ? Int(packet[2] & 0xBF) == part : packet[2] & 0x80 != 0 else {
        throw .unexpected(byte: packet[2], at: place + 2)
      }
      try TinyBMS.check(packet, length: part + 5)
      for index in 3..<3 + part { data.append(packet[index]) }
      place += part + 5
    }
    return data
  }
}

extension TinyBMS.Version {
  init(_ bytes: borrowing Span<UInt8>, at offset: Int) {
    self.init(
      hardware: bytes[offset], hardwareChanges: bytes[offset + 1], firmware: bytes[offset + 2],
      internalFirmware: bytes.littleUInt16(at: offset + 3))
  }
}
