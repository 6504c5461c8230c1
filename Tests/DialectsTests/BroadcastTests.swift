// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// The text that a TinyBMS sends by itself.
struct BroadcastTests {
  static func line(single: Bool = false) -> TinyBMS.Broadcast {
    var line = TinyBMS.Broadcast()
    line.voltage = .millivolts(49_050)
    line.cellMin = .decimillivolts(37_660)
    line.cellMax = .decimillivolts(37_760)
    line.current = .milliamperes(-3030)
    line.soc = .percent(80)
    line.inside = .init(.centidegrees(2360))
    line.external1 = .init(nil)
    line.external2 = .init(.centidegrees(-463))
    line.status = 0x97
    line.balancing = 0b101
    if single {
      line.single = .init(kind: 1, isOn: false)
    } else {
      line.dual = .init(load: .init(isOn: true), charger: .init(kind: 1, isOn: false))
    }
    return line
  }

  @Test(arguments: [false, true])
  func linesGoThereAndBack(_ single: Bool) {
    let line = Self.line(single: single)
    let text = line.encode()
    #expect(TinyBMS.Broadcast(text: text.span) == line)
    #expect(Dialect.tinyBMS.scan(text.span, nil) == .broadcast(length: text.count))
    #expect(line.chargeEnabled == false)
    #expect(line.dischargeEnabled == !single)
  }

  /// The line end is in no document.
  @Test(arguments: [false, true])
  func linesNeedNoLineEnd(_ single: Bool) {
    let text = Array(Self.line(single: single).encode().dropLast(2))
    let length = text.count
    #expect(Dialect.tinyBMS.scan((text + text).span, nil) == .broadcast(length: length))
    #expect(Dialect.tinyBMS.scan((text + [0xAA]).span, nil) == .broadcast(length: length))
    for count in 1..<length {
      #expect(Dialect.tinyBMS.scan(Array(text[..<count]).span, nil) == .incomplete, "\(count)")
    }
  }

  @Test func aDamagedLineIsSkipped() {
    let text = Self.line().encode()
    for index in 0..<text.count - 3 {
      var spoilt = text
      spoilt[index] = UInt8(ascii: "#")
      if case .broadcast = Dialect.tinyBMS.scan(spoilt.span, nil) {
        Issue.record("byte \(index) may not be wrong")
      }
    }
  }

  @Test func numbersAreExact() throws {
    let text = Array("BPV:-0.0005\tBPC:1.23456\tSOC:99.9999996\tMINCV:3.4\tMAXCV:x\tOS:\t".utf8)
    let line = TinyBMS.Broadcast(text: text.span)
    #expect(line.voltage == .millivolts(-1))
    #expect(line.current == .milliamperes(1235))
    #expect(line.soc == .percent(100))
    #expect(line.cellMin == .decimillivolts(34_000))
    #expect(line.cellMax == nil && line.status == nil)
  }

  @Test func cycleAnalystLinesGoThereAndBack() throws {
    let line = TinyBMS.CycleAnalyst(
      remaining: .centiampereHours(1234), voltage: .millivolts(49_050),
      current: .milliamperes(-3030), speed: 25_500, distance: 1_234_567,
      hottest: .centidegrees(2463))
    let text = line.encode()
    #expect(TinyBMS.CycleAnalyst(text: text.span) == line)
    #expect(text.count { $0 == 0x09 } == 12)
    let exchange = Dialect.tinyBMS.explain(nil, [text])
    #expect(exchange.whole.reading.voltage == .millivolts(49_050))
    #expect(exchange.whole.reading[.remaining] == 12_340)
    // In a session this text is noise: it has no checksum and tells no switches.
    if case .broadcast = Dialect.tinyBMS.scan(text.span, nil) {
      Issue.record("taken for a line of the other form")
    }
    #expect(TinyBMS.CycleAnalyst(text: Array(text.dropLast(2)).span) == nil)
  }
}
