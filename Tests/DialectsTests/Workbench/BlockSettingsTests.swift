// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Dialects

/// Four values that a board takes by one order only, and never acknowledges.
private let grouped = SettingsMap(
  rows: [
    .init(0x164, "cell_high_l1_v", .uint16, .settings, .write, decimals: 3, unit: "V", "One."),
    .init(0x165, "cell_high_l2_v", .uint16, .settings, .write, decimals: 3, unit: "V", "Two."),
    .init(0x166, "cell_low_l1_v", .uint16, .settings, .write, decimals: 3, unit: "V", "Three."),
    .init(0x167, "cell_low_l2_v", .uint16, .settings, .write, decimals: 3, unit: "V", "Four."),
  ], rules: [.ascending(0x164, 0x165, gap: 0)], traits: { _ in .init() },
  language: SettingsMap.dalyA5(DialectOptions()).language,
  questions: [.init(.current, ask(0x59))],
  words: DalyA5.words, identify: { _, _, _ in },
  block: { SettingsBlock($0 / 4 * 4, count: 4) }, reading: { ask(UInt8($0 / 4)) },
  writes: { address, words in
    var data: [8 of UInt8] = .init(repeating: 0)
    for index in 0..<4 {
      data[2 * index] = UInt8(words[index] >> 8)
      data[2 * index + 1] = UInt8(words[index] & 0xFF)
    }
    return Request(
      tag: 1, bytes: DalyA5.encode(0x19, data), tries: 1, pauseAfter: 200, isAnswered: false)
  })

private func ask(_ command: UInt8) -> Request {
  Request(tag: UInt32(command) << 16, bytes: DalyA5.encode(command), timeout: 400, pauseAfter: 60)
}

/// A board that takes four limits at once, without a word.
private struct GroupedStore: WireUnit {
  var limits: [UInt8] = [0x0E, 0x10, 0x0E, 0x42, 0x0B, 0xB8, 0x09, 0xC4]
  /// How many orders get lost on the way.
  var deaf = 0
  var orders = 0

  mutating func restart() {}

  mutating func answer(_ request: [UInt8]) -> [UInt8]? {
    if request[2] == 0x19 {
      orders += 1
      if orders > deaf { limits = Array(request[4..<12]) }
      return nil
    }
    guard request[2] == 0x59 else {
      var classic = DalyClassicStore()
      return classic.answer(request)
    }
    let bytes = [0xA5, 1, 0x59, 8] + limits
    return bytes + [bytes.reduce(UInt8(0), &+)]
  }
}

@Suite("Settings that are written together, without an answer") struct BlockSettingsTests {
  @Test("One order carries the new values and the old ones beside them")
  func together() throws {
    var bench = WireBench(GroupedStore())
    let outcome = try bench.set(
      [("cell_high_l2_v", .number(3700)), ("cell_low_l1_v", .number(2900))], grouped)
    #expect(outcome.isApplied, "\(outcome)")
    #expect(bench.unit.orders == 1)
    #expect(bench.unit.limits == [0x0E, 0x10, 0x0E, 0x74, 0x0B, 0x54, 0x09, 0xC4])
    #expect(outcome.written.map(\.new) == [[3600, 3700, 2900, 2500]])
    #expect(
      grouped.rows(in: outcome.written[0]).map { "\($0.name)" } == [
        "cell_high_l2_v", "cell_low_l1_v",
      ])
  }

  @Test("An order that nobody took is given again, and then given up", arguments: [1, 2, 3])
  func deaf(_ orders: Int) throws {
    var bench = WireBench(GroupedStore())
    bench.unit.deaf = orders
    let outcome = try bench.set([("cell_high_l2_v", .number(3700))], grouped)
    #expect(outcome.isApplied == (orders < SettingsJob.tries))
    #expect(bench.unit.orders == min(orders + 1, SettingsJob.tries))
    if orders == SettingsJob.tries {
      #expect(outcome.failure == .unacknowledged && outcome.isUnchanged)
    }
  }
}
