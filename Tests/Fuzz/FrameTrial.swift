// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Wire

/// Bytes as they stand, against every request of a dialect.
///
/// A seed is a fixture's answer after one byte that says so.
struct FrameTrial {
  private let dialect: Dialect
  private let bytes: [UInt8]
  private let requests: [Request?]

  init(_ dialect: Dialect, _ bytes: [UInt8]) {
    self.dialect = dialect
    self.bytes = bytes
    requests = [nil, dialect.wake, dialect.modbusWake] + dialect.polls.flatMap(\.requests)
  }

  /// Scans, reads and explains.
  func run() {
    for request in requests {
      walk(request)
      explain(request)
    }
  }

  /// Goes through the bytes as a session does.
  private func walk(_ request: Request?) {
    var head = 0
    var facts = Facts()
    var reading = Reading()
    while head < bytes.count {
      let left = bytes.count - head
      let found = dialect.scan(bytes.span.extracting(head..<bytes.count), request)
      let isAsked: Bool
      let length: Int
      switch found {
      case .incomplete: return
      case .skip(let count):
        hold(count > 0, "a scan skips \(count) bytes, so that it never ends")
        head += min(count, left)
        continue
      case .frame(let told): (isAsked, length) = (true, told)
      case .broadcast(let told): (isAsked, length) = (false, told)
      }
      hold(length > 0, "a scan finds a frame of \(length) bytes")
      hold(length <= Session.bufferCapacity, "a frame of \(length) bytes never fits the buffer")
      guard length <= left else { return }
      let isRead = take(
        head..<head + length, isAsked ? request : nil, &facts, &reading)
      head += isRead ? length : 1
    }
  }

  private func take(
    _ range: Range<Int>, _ request: Request?, _ facts: inout Facts, _ reading: inout Reading
  ) -> Bool {
    facts.isFirst = !facts.isPartial
    facts.isPartial = false
    facts.isLive = false
    do throws(WireError) {
      try dialect.read(bytes.span.extracting(range), request, &facts, &reading)
      hold(facts.takeWanted() >> UInt32(dialect.polls.count) == 0, "a poll is wanted that is none")
      return true
    } catch { return error == .notAReading }
  }

  /// The account must come for the whole, and for pieces.
  private func explain(_ request: Request?) {
    var facts = Facts()
    _ = dialect.explanation(request?.bytes, [bytes], &facts)
    let cut = bytes.count / 2
    _ = dialect.explanation(request?.bytes, [Array(bytes[..<cut]), Array(bytes[cut...])], &facts)
    // A request may be anything, too, when somebody decodes a log.
    _ = dialect.explanation(Array(bytes[..<min(cut, 64)]), [Array(bytes[cut...])], &facts)
  }
}
