// SPDX-License-Identifier: Apache-2.0

import Wire

extension TinyBMS {
  /// What stands at the head of the bytes received by a host that has sent `request`.
  ///
  /// Besides the answer there may be our own request, which some two-wire adapters send back,
  /// broadcast text, noise, and answers that come too late.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    let count = bytes.count
    guard count > 0 else { return .incomplete }
    guard bytes[0] == start else { return scanText(bytes) }
    guard let sent = request?.bytes, sent.count >= 4 else { return .skip(toNextHead(bytes)) }
    guard count >= 2 else { return .incomplete }
    switch length(bytes, to: sent) {
    case .none:
      guard let echo = echo(bytes, of: sent) else { return .skip(toNextHead(bytes)) }
      return echo
    case .some(0): return .incomplete
    case .some(let length):
      // Before an answer of the same beginning stands, maybe, the request itself.
      guard count >= length else { return .incomplete }
      if beginsAlike(bytes, sent), length <= sent.count || !isWhole(bytes, length) {
        return count >= sent.count ? .skip(sent.count) : .incomplete
      }
      return .frame(length: length)
    }
  }

  /// The length of the answer that may stand at the head; 0 when more bytes are needed to tell,
  /// `nil` when it is no answer to what was sent.
  private static func length(_ bytes: borrowing Span<UInt8>, to sent: [UInt8]) -> Int? {
    let code = sent[1]
    switch bytes[1] {
    case 0, 1:
      let isRefusal = bytes[1] == 0
      guard bytes.count >= 3 else { return 0 }
      guard bytes[2] == code else { return nil }
      guard isRefusal else { return takesVerdict(code) ? 5 : nil }
      guard bytes.count >= 4 else { return 0 }
      return bytes[3] <= 0x0F ? 6 : nil
    case code: break
    // A Modbus gateway refuses in Modbus's own form.
    case code | 0x80 where code == 0x03 || code == 0x10: return 5
    default: return nil
    }
    switch shape(of: code, asked: asked(sent)) {
    case .verdict: return nil
    case .fixed(let length): return length
    case .counted(let sizes, let step):
      guard bytes.count >= 3 else { return 0 }
      let size = Int(bytes[2])
      return sizes.contains(size) && (size - sizes.lowerBound) % step == 0 ? 5 + size : nil
    case .packets(let size):
      guard bytes.count >= 3 else { return 0 }
      let isGood =
        size <= packetPayload ? Int(bytes[2] & 0xBF) == size : bytes[2] & 0x80 != 0
      return isGood ? packedLength(size) : nil
    }
  }

  private static func takesVerdict(_ code: UInt8) -> Bool {
    if case .verdict = shape(of: code, asked: 0) { return true }
    return false
  }

  /// What to do about our own request at the head; `nil` when it is not there.
  private static func echo(_ bytes: borrowing Span<UInt8>, of sent: [UInt8]) -> Scan? {
    guard beginsAlike(bytes, sent) else { return nil }
    return bytes.count >= sent.count ? .skip(sent.count) : .incomplete
  }

  private static func beginsAlike(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Bool {
    for index in 0..<min(bytes.count, sent.count) where bytes[index] != sent[index] { return false }
    return true
  }

  private static func isWhole(_ bytes: borrowing Span<UInt8>, _ length: Int) -> Bool {
    bytes.littleUInt16(at: length - 2) == Checksum.crc16Modbus(bytes, count: length - 2)
  }

  private static func scanText(_ bytes: borrowing Span<UInt8>) -> Scan {
    switch Broadcast.line(bytes) {
    case .none: .skip(toNextHead(bytes))
    case .some(0): bytes.count > Broadcast.longestLine ? .skip(toNextHead(bytes)) : .incomplete
    case .some(let length): .broadcast(length: length)
    }
  }

  /// How far the next byte lies with which a frame or a line may begin.
  private static func toNextHead(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != start, bytes[index] != Broadcast.firstByte {
      index += 1
    }
    return index
  }
}
