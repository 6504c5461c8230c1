// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Testing

/// What a map may not say, and what the owner is told then.
struct ModbusMapCheckTests {
  /// A change of the sample map, the place that is told, and words of the message.
  struct Case: Sendable, CustomTestStringConvertible {
    let place: ModbusMap.Problem.Place
    let key: String
    let words: String
    let change: @Sendable (inout ModbusMap) -> Void

    init(
      _ place: ModbusMap.Problem.Place, _ key: String, _ words: String,
      _ change: @escaping @Sendable (inout ModbusMap) -> Void
    ) {
      self.place = place
      self.key = key
      self.words = words
      self.change = change
    }

    var testDescription: String { "\(place) \(key): \(words)" }
  }

  static let cases: [Case] = [
    Case(.map, "blocks", "at least one block without \"every_s\"") { $0.blocks = [] },
    Case(.block(0), "count", "ends at 0xFFFF") { $0.blocks[0].address = 0xFFF8 },
    Case(.block(1), "count", "a count of its own") { $0.blocks[1].count = 12 },
    Case(.block(1), "optional", "must be there") { $0.blocks[1].isOptional = true },
    Case(.row(0), "address", "0x0100 to 0x010B, 0x0200 to 0x0208") { $0.rows[0].address = 0x400 },
    Case(.row(0), "address", "with function 4") { $0.rows[0].function = 4 },
    Case(.row(10), "address", "0x0200 to 0x0208 only") { $0.rows[10].count = 10 },
    Case(.row(10), "address", "belong to the live values") { $0.blocks[1].turn = .every(5000) },
    Case(.row(1), "address", "voltage_v begins at 0x0100 and takes 1") {
      $0.rows[1].address = 0x100
    },
    Case(.row(1), "", "row 1 tells it") { $0.rows[1].target = .point(.voltage) },
    Case(.row(0), "scale", "worth") { $0.rows[0].scale = 0 },
    Case(.row(0), "scale", "a scale above 0") { $0.rows[0].scale = -100_000 },
    Case(.row(0), "scale", "tenths of a volt") { $0.rows[0].scale = 10_000_000 },
    Case(.row(0), "scale", "a larger one") { $0.rows[0].scale = 10 },
    Case(.row(10), "scale", "0.001 where the register counts millivolts") {
      $0.rows[10].scale = 1_000_000
    },
    Case(.row(6), "scale", "no scale") { $0.rows[6].scale = 1000 },
    Case(.row(9), "scale", "float32") { $0.rows[9].scale = 1 },
    Case(.row(0), "type", "text") { $0.rows[0].form = .text },
    Case(.row(14), "type", "text") { $0.rows[14].form = .uint16 },
    Case(.row(7), "type", "u16") { $0.rows[7].form = .int16 },
    Case(.row(5), "bit", "0 to 15") { $0.rows[5].target = .flag(.chargeEnabled, bit: 16) },
    Case(.row(5), "bit", "an amount") { $0.rows[5].target = .flag(.cycles, bit: 1) },
    Case(.row(4), "alarms", "0 to 31") { $0.rows[4].target = .alarms([.init(32, .afeFault)]) },
    Case(.row(0), "point", "the gateway's") { $0.rows[0].target = .point(.consumed) },
    Case(.row(10), "first", "one after the other") { $0.rows[10].target = .cells(first: 2) },
    Case(.row(10), "count", "at most 48") {
      $0.rows[10].count = 49
      $0.blocks[1].count = 60
    },
  ]

  @Test(arguments: cases)
  func mistakesAreToldWithTheirPlace(_ one: Case) {
    var map = ModbusMap.sample
    one.change(&map)
    let told = map.problems.first { $0.place == one.place && $0.key == one.key }
    #expect(told?.expected.contains(one.words) == true, "\(map.problems)")
  }

  @Test func whatIsRightIsNotComplainedOf() {
    var map = ModbusMap.sample
    #expect(map.problems == [])
    // Half registers beside each other, bytes as addresses, a current that counts the other way.
    map = ModbusMap(name: "bytes", title: "Bytes")
    map.step = 2
    map.blocks = [.init(0x1000, 4)]
    map.rows = [
      ModbusMap.row(0x1000, .uint8High, .point(.soc)),
      ModbusMap.row(0x1000, .uint8Low, .point(.soh)),
      ModbusMap.row(0x1002, .uint32, .point(.voltage), 1000),
      ModbusMap.row(0x1006, .int16, .point(.current), -100_000),
    ]
    #expect(map.problems == [])
    map.rows[3].address = 0x1005
    #expect(map.problems.contains { $0.expected.contains("every second one") })
  }
}
