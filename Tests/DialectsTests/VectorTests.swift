// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

struct VectorTests {
  static let tinyBMS = Fixture.load("tinybms")

  @Test func everyLineIsThereWithItsSource() {
    #expect(Self.tinyBMS.count == 40)
    #expect(Set(Self.tinyBMS.map(\.id)).count == 40)
    #expect(Self.tinyBMS.allSatisfy { !$0.source.isEmpty && !$0.expectedValues.isEmpty })
    #expect(Self.tinyBMS.filter(\.isCaptured).count == 3)
  }

  /// The sizes of the pieces that a driver was handed are no matter of the protocol.
  @Test(arguments: tinyBMS)
  func saysWhatIsExpected(_ fixture: Fixture) {
    let exchange = Dialect.tinyBMS.explain(fixture.request, fixture.chunks)
    let expected = fixture.expectedValues
    Flat(exchange).match(expected, ignoring: ["reply_chunks_bytes"])
    if expected["nack"] != nil {
      guard case .refused = exchange.error else {
        Issue.record("a refusal must be an error, found \(exchange.error as Any)")
        return
      }
    } else if expected["crc_valid"] != nil {
      guard case .badChecksum = exchange.error else {
        Issue.record("a wrong checksum must be an error, found \(exchange.error as Any)")
        return
      }
    } else {
      #expect(exchange.error == nil)
    }
  }

  @Test(arguments: tinyBMS.filter { $0.link == "uart" && !$0.chunks.isEmpty })
  func anyChunkingSaysTheSame(_ fixture: Fixture) {
    let whole = Array(fixture.chunks.joined())
    for size in [1, 2, 7, 64] {
      let chunks = stride(from: 0, to: whole.count, by: size).map {
        Array(whole[$0..<min($0 + size, whole.count)])
      }
      let exchange = Dialect.tinyBMS.explain(fixture.request, chunks)
      Flat(exchange).match(fixture.expectedValues, ignoring: ["reply_chunks_bytes"])
    }
  }

  /// Every frame of the fixtures, one bit changed: never the same values again, and never a trap.
  @Test(
    arguments: tinyBMS.filter { $0.link == "uart" && $0.request != nil && $0.chunks.count == 1 })
  func everySingleBitFlipIsRejected(_ fixture: Fixture) throws {
    let request = try #require(fixture.request)
    let whole = Array(fixture.chunks.joined())
    guard whole.first == 0xAA else { return }
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      var facts = Facts()
      var reading = Reading()
      #expect(throws: WireError.self, "bit \(bit)") {
        try Dialect.tinyBMS.read(bytes.span, Request(tag: 0, bytes: request), &facts, &reading)
      }
    }
  }

  @Test(arguments: tinyBMS.filter { $0.request != nil && !$0.chunks.isEmpty })
  func everyPrefixIsRejected(_ fixture: Fixture) throws {
    let request = try #require(fixture.request)
    let whole = Array(fixture.chunks.joined())
    guard whole.first == 0xAA else { return }
    for length in 0..<whole.count {
      let bytes = Array(whole[..<length])
      let scan = Dialect.tinyBMS.scan(bytes.span, Request(tag: 0, bytes: request))
      if case .frame(let found) = scan {
        #expect(found > length)
      } else {
        #expect(scan == .incomplete)
      }
      var facts = Facts()
      var reading = Reading()
      #expect(throws: WireError.self, "\(length) bytes") {
        try Dialect.tinyBMS.read(bytes.span, Request(tag: 0, bytes: request), &facts, &reading)
      }
      let exchange = Dialect.tinyBMS.explain(request, [bytes])
      #expect(!exchange.whole.reading.hasValues)
    }
  }
}
