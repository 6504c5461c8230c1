// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// What holds for every line of every fixtures file, whatever its dialect.
struct VectorTests {
  /// A line and the dialect that it belongs to.
  struct Line: Sendable, CustomTestStringConvertible {
    let dialect: Dialect
    let fixture: Fixture

    var testDescription: String { fixture.id }

    /// The line as one whole answer, where it is one that a session would take.
    var answer: (request: Request, bytes: [UInt8])? {
      guard let sent = fixture.request, !fixture.saysNo else { return nil }
      let request = Request(tag: 0, bytes: sent)
      let bytes = Array(fixture.chunks.joined())
      switch dialect.scan(bytes.span, request) {
      case .frame(bytes.count), .broadcast(bytes.count): break
      default: return nil
      }
      return rejects(bytes, request) ? nil : (request, bytes)
    }

    /// Whether a session would take nothing from these bytes.
    func rejects(_ bytes: [UInt8], _ request: Request) -> Bool {
      let scan = dialect.scan(bytes.span, request)
      switch scan {
      case .frame(bytes.count), .broadcast(bytes.count): break
      case .frame(let length) where length < bytes.count: break
      case .broadcast(let length) where length < bytes.count: break
      default: return true
      }
      var facts = Facts()
      var reading = Reading()
      let isAnswer = if case .frame = scan { true } else { false }
      do throws(WireError) {
        try dialect.read(bytes.span, isAnswer ? request : nil, &facts, &reading)
        return false
      } catch {
        return error != .notAReading
      }
    }
  }

  static let all = Dialect.all.flatMap { dialect in
    Fixture.load("\(dialect.name)").map { Line(dialect: dialect, fixture: $0) }
  }
  /// The lines that are one whole answer behind a checksum: a bus checks its frames itself.
  static let checked = all.filter { $0.fixture.link != "can" && $0.answer != nil }

  /// How many lines there are, and how many of them were captured from hardware.
  static let counts: [(dialect: String, lines: Int, captured: Int)] = [
    ("tinybms", 40, 3), ("daly-a5", 23, 23), ("daly-d2", 30, 21), ("daly-81", 16, 16),
    ("daly-can", 6, 6), ("daly-can-hkms", 1, 0), ("daly-sinowealth", 1, 1),
    ("jbd", 74, 66), ("jbd-ffaa", 6, 6), ("jbd-up", 10, 10),
    ("pylontech-rs485", 27, 21), ("seplos-v2", 16, 15), ("seplos-v3", 21, 14),
    ("ve-direct", 14, 10), ("discover-can", 2, 1),
    ("jk-ble", 75, 58), ("jk-uart", 5, 4), ("jk-can", 2, 0), ("jk-pb", 4, 3),
    ("jk-modbus", 4, 3),
  ]

  @Test func everyLineIsThereWithItsSource() {
    for (name, lines, captured) in Self.counts {
      let fixtures = Fixture.load(name)
      #expect(fixtures.count == lines, "\(name)")
      #expect(fixtures.count(where: \.isCaptured) == captured, "\(name)")
    }
    #expect(Self.counts.map(\.dialect) == Dialect.all.map { "\($0.name)" })
    #expect(Set(Self.all.map(\.fixture.id)).count == Self.all.count)
    for line in Self.all {
      #expect(!line.fixture.source.isEmpty && !line.fixture.expectedValues.isEmpty)
    }
  }

  @Test(arguments: all)
  func saysWhatIsExpected(_ line: Line) {
    let exchange = line.dialect.explain(after: line.fixture)
    let expected = line.fixture.expectedValues
    Flat(exchange).match(
      expected, ignoring: line.fixture.untold)
    if expected["nack"] != nil {
      guard case .refused = exchange.error else {
        Issue.record("a refusal must be an error, found \(exchange.error as Any)")
        return
      }
    } else if (expected["crc_valid"] ?? expected["crc_ok"]) as? Bool == false {
      guard case .badChecksum = exchange.error else {
        Issue.record("a wrong checksum must be an error, found \(exchange.error as Any)")
        return
      }
    } else {
      #expect((exchange.error != nil) == line.fixture.saysNo, "\(exchange.error as Any)")
    }
  }

  /// The sizes of the pieces that a driver was handed are no matter of the protocol.
  @Test(arguments: all.filter { $0.fixture.link != "can" && !$0.fixture.chunks.isEmpty })
  func anyChunkingSaysTheSame(_ line: Line) {
    let whole = Array(line.fixture.chunks.joined())
    for size in [1, 2, 7, 64] {
      let chunks = stride(from: 0, to: whole.count, by: size).map {
        Array(whole[$0..<min($0 + size, whole.count)])
      }
      let exchange = line.dialect.explain(after: line.fixture, chunks)
      Flat(exchange).match(
        line.fixture.expectedValues, ignoring: line.fixture.untold)
    }
  }

  /// Every answer of the fixtures, one bit changed: never taken, and never a trap.
  @Test(arguments: checked)
  func everySingleBitFlipIsRejected(_ line: Line) throws {
    let (request, whole) = try #require(line.answer)
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      #expect(line.rejects(bytes, request), "bit \(bit)")
    }
  }

  @Test(arguments: checked)
  func everyPrefixIsRejected(_ line: Line) throws {
    let (request, whole) = try #require(line.answer)
    for length in 0..<whole.count {
      let bytes = Array(whole[..<length])
      switch line.dialect.scan(bytes.span, request) {
      case .frame(let found), .broadcast(let found): #expect(found > length)
      case let scan: #expect(scan == .incomplete, "\(length) bytes")
      }
      let exchange = line.dialect.explain(request.bytes, [bytes])
      #expect(!exchange.whole.reading.hasValues)
    }
  }
}

extension Dialect {
  /// The account of a line, with what the lines before it have taught: those that hold a request are
  /// parts of one conversation.
  func explain(after fixture: Fixture, _ chunks: [[UInt8]]? = nil) -> Exchange {
    var facts = Facts()
    if fixture.request != nil {
      for line in Fixture.load("\(name)") {
        if line.id == fixture.id { break }
        if line.request != nil { _ = explanation(line.request, line.chunks, &facts) }
      }
    }
    return explanation(fixture.request, chunks ?? fixture.chunks, &facts)
  }
}
