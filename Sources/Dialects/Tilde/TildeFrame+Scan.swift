// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension TildeFrame {
  /// What a battery says that could not read a request: the same may succeed when asked again.
  static let transientCodes: [UInt8] = [0x02, 0x03]

  /// What stands at the head of the bytes received by a host that has sent `request`.
  ///
  /// An answer does not say what it answers: its length must fit, which `fits` tells from the command
  /// and the count of data bytes.
  static func scan(
    _ bytes: borrowing Span<UInt8>, _ request: Request?, fits: (UInt8, Int) -> Bool
  ) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == start, let sent = request?.bytes, sent.count >= overhead else {
      return .skip(toNextStart(bytes))
    }
    // The address as it was asked, and a battery; each battery has its own version.
    let head = min(bytes.count, 7)
    for index in 3..<max(3, head) where bytes[index] != sent[index] {
      return .skip(toNextStart(bytes))
    }
    for index in 1..<min(bytes.count, 13) where digit(bytes[index]) == nil {
      return .skip(toNextStart(bytes))
    }
    guard bytes.count >= 13 else { return .incomplete }
    let code = byte(bytes, at: 7)
    let length = word(bytes, at: 9)
    let count = Int(length & 0xFFF)
    guard isResult(code), Int(length >> 12) == nibble(count), count % 2 == 0, count <= longestData,
      code == 0 ? fits(byte(sent.span, at: 7), count / 2) : count <= 2
    else { return .skip(toNextStart(bytes)) }
    let whole = overhead + count
    guard bytes.count < whole || bytes[whole - 1] == end else {
      return .skip(toNextStart(bytes))
    }
    return .frame(length: whole)
  }

  /// Whether a code tells how a request went; all others are commands, so that our own request on the
  /// line is no answer.
  static func isResult(_ code: UInt8) -> Bool {
    code < 0x10 || code == 0x90 || code == 0x91 || (0xE1...0xE4).contains(code)
  }

  static func toNextStart(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != start { index += 1 }
    return index
  }

  /// The checked answer to a request.
  static func answer(
    _ bytes: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> (asked: TildeFrame, answer: TildeFrame) {
    guard let sent = request?.bytes else { throw .notAReading }
    let asked = try TildeFrame(sent.span)
    let answer = try TildeFrame(bytes)
    guard answer.address == asked.address else { throw .unexpected(byte: bytes[4], at: 4) }
    guard isResult(answer.code) else { throw .unexpected(byte: bytes[7], at: 7) }
    guard answer.code == 0 else { throw .refused(command: asked.code, code: answer.code) }
    return (asked, answer)
  }

  /// The checked answer among the pieces that came back, for an account of an exchange; `nil` with
  /// the reason in `exchange.error`.
  static func find(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ exchange: inout Exchange
  ) -> (asked: TildeFrame, answer: TildeFrame)? {
    guard let request else {
      exchange.error = .truncated(got: 0, needed: overhead)
      return nil
    }
    let bytes = chunks.flatMap { $0 }
    let asked = Request(tag: 0, bytes: request)
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      guard rest[0] == start, rest.count >= 13 else {
        place += toNextStart(rest)
        continue
      }
      let count = overhead + Int(word(rest, at: 9) & 0xFFF)
      guard count <= rest.count else {
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: count)
        place += toNextStart(rest)
        continue
      }
      do throws(WireError) {
        let found = try answer(rest.extracting(0..<count), asked)
        exchange.error = nil
        return found
      } catch {
        exchange.error = error
        if case .refused(_, let code) = error {
          exchange.exchange.append(.init("nack", .flag(true)))
          exchange.exchange.append(.init("result", .number(Int64(code))))
          exchange.exchange.append(.init("meaning", .text("\(meaning(of: code))")))
          return nil
        }
        place += toNextStart(rest)
      }
    }
    exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: overhead)
    if case .badChecksum = exchange.error {
      exchange.exchange.append(.init("crc_valid", .flag(false)))
    }
    return nil
  }

  /// What a code of a refusal means.
  ///
  /// Source: both documents' tables of return codes.
  static func meaning(of code: UInt8) -> StaticString {
    switch code {
    case 0x01: "the version is not known there"
    case 0x02: "the checksum did not hold"
    case 0x03: "the checksum of the length did not hold"
    case 0x04: "the command is not known there"
    case 0x05: "the command has the wrong form"
    case 0x06: "the data is not valid"
    case 0x07: "there is no data"
    case 0x90: "the address is wrong"
    case 0x91: "the batteries cannot talk to each other"
    case 0xE1: "the kind of device is wrong"
    case 0xE2: "the command failed"
    case 0xE3: "the device has a fault"
    case 0xE4: "it is not allowed"
    default: "the reason is not known"
    }
  }
}
