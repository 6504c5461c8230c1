// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SeplosV3 {
  /// The block that a request asks for; `nil` where it is no such request.
  static func block(_ sent: [UInt8]) -> Block? {
    guard sent.count == 8, sent[1] == readRegisters || sent[1] == readBits else { return nil }
    let block = Block(
      start: sent.span.bigUInt16(at: 2), count: sent.span.bigUInt16(at: 4), function: sent[1])
    return block.count > 0 ? block : nil
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard let sent = request?.bytes, let block = block(sent) else { return .skip(bytes.count) }
    guard bytes[0] == sent[0] else { return .skip(toNext(bytes, sent[0])) }
    guard bytes.count >= 2 else { return .incomplete }
    if bytes[1] == sent[1] | 0x80 { return .frame(length: 5) }
    guard bytes[1] == sent[1] else { return .skip(toNext(bytes, sent[0])) }
    guard bytes.count >= 3 else { return .incomplete }
    if Int(bytes[2]) == block.bytes, !beginsLikeEcho(bytes, sent) {
      return .frame(length: 5 + block.bytes)
    }
    for index in 0..<min(bytes.count, sent.count) where bytes[index] != sent[index] {
      return Int(bytes[2]) == block.bytes
        ? .frame(length: 5 + block.bytes) : .skip(toNext(bytes, sent[0]))
    }
    return bytes.count >= sent.count ? .skip(sent.count) : .incomplete
  }

  /// Whether the bytes may be our own request, of which the third byte looks like a length.
  private static func beginsLikeEcho(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Bool {
    for index in 0..<min(bytes.count, sent.count) where bytes[index] != sent[index] {
      return false
    }
    return true
  }

  private static func toNext(_ bytes: borrowing Span<UInt8>, _ address: UInt8) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != address { index += 1 }
    return index
  }

  /// The data of a checked answer, with the block that was asked for.
  static func data(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> (block: Block, data: [UInt8]) {
    guard let sent = request?.bytes, let block = block(sent) else { throw .notAReading }
    guard frame.count >= 5 else { throw .truncated(got: frame.count, needed: 5) }
    guard frame[0] == sent[0] else { throw .unexpected(byte: frame[0], at: 0) }
    let isRefusal = frame[1] == sent[1] | 0x80
    guard isRefusal || frame[1] == sent[1] else { throw .unexpected(byte: frame[1], at: 1) }
    let length = isRefusal ? 5 : 5 + block.bytes
    guard frame.count == length else { throw .truncated(got: frame.count, needed: length) }
    let found = frame.littleUInt16(at: length - 2)
    let computed = Checksum.crc16Modbus(frame, count: length - 2)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
    if isRefusal { throw .refused(command: sent[1], code: frame[2]) }
    guard Int(frame[2]) == block.bytes else { throw .unexpected(byte: frame[2], at: 2) }
    return (block, frame.copy(3, 3 + block.bytes))
  }

  /// Checks one answer and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let (block, data) = try data(frame, request)
    try place(block, data, &reading, inverts: inverts)
  }
}
