// SPDX-License-Identifier: Apache-2.0

import Quantities
import Testing
import Text

@Suite("JSON is written as it goes")
struct JSONWriterTests {
  private static func reading(_ layout: JSONWriter.Layout) -> JSONWriter {
    var writer = JSONWriter(layout)
    writer.object { writer in
      writer.field("voltage_v", Voltage(raw: 53120))
      writer.field("current_a", Current(raw: -5))
      writer.field("soc_pct", nil as Percent?)
      writer.field("cell_count", 16)
      writer.field("charge_enabled", true)
      writer.field("name", "A \"b\"")
      writer.field("note", nil as String?)
      writer.array("cell_voltages_v") { writer in
        writer.value(CellVoltage(raw: 33475))
        writer.value(nil as CellVoltage?)
        writer.value(CellVoltage(raw: 33400))
      }
      writer.array("alarms") { _ in }
      writer.object("limits") { _ in }
      writer.object("deep") {
        $0.object("er") {
          $0.key("x"); $0.null()
        }
      }
    }
    return writer
  }

  @Test("compact")
  func compact() {
    #expect(
      Self.reading(.compact).text == """
        {"voltage_v":53.12,"current_a":-0.005,"cell_count":16,"charge_enabled":true,\
        "name":"A \\"b\\"","cell_voltages_v":[3.3475,null,3.34],"alarms":[],"limits":{},\
        "deep":{"er":{"x":null}}}
        """)
  }

  @Test("pretty")
  func pretty() {
    #expect(
      Self.reading(.pretty).text == """
        {
          "voltage_v": 53.12,
          "current_a": -0.005,
          "cell_count": 16,
          "charge_enabled": true,
          "name": "A \\"b\\"",
          "cell_voltages_v": [
            3.3475,
            null,
            3.34
          ],
          "alarms": [],
          "limits": {},
          "deep": {
            "er": {
              "x": null
            }
          }
        }
        """)
  }

  @Test("every control character, quote and backslash is escaped, nothing else")
  func escapes() throws {
    let all = String(String.UnicodeScalarView((0..<0x250).compactMap { Unicode.Scalar($0) })) + "😀"
    var writer = JSONWriter()
    writer.value(all)
    #expect(!writer.bytes.contains { $0 < 0x20 })
    #expect(try JSON5Reader.read(writer.bytes, as: .json).string == all)
    #expect(writer.text.hasPrefix(#""\u0000\u0001"#))
    #expect(writer.text.contains(#"\b\t\n\u000b\f\r\u000e"#))
    #expect(writer.text.contains(##"\u001f !\"#$%&'()*+,-./0"##))
    #expect(writer.text.hasSuffix("😀\""))
  }

  @Test("whole numbers and decimals at their ends")
  func numbers() {
    var writer = JSONWriter()
    writer.array { writer in
      writer.value(Int64.min)
      writer.value(UInt64.max)
      writer.value(UInt8(0))
      writer.value(nil as Int?)
      writer.decimal(.min, decimals: 3)
      writer.decimal(1005, decimals: 3, places: 2)
      writer.decimal(1000, decimals: 3, places: 1)
      writer.decimal(1000, decimals: 3)
      writer.decimal(nil, decimals: 3)
      writer.value(JSONNumber("+.5"))
      writer.value(Energy(raw: .max))
    }
    #expect(
      writer.text == """
        [-9223372036854775808,18446744073709551615,0,null,-9223372036854775.808,1.01,1.0,1,null,\
        0.5,9223372036854775.807]
        """)
  }

  @Test("lines follow each other, and what was written can be forgotten")
  func lines() {
    var writer = JSONWriter()
    for index in 0..<2 {
      writer.object { $0.field("i", index) }
      writer.newline()
    }
    #expect(writer.text == "{\"i\":0}\n{\"i\":1}\n")
    writer.removeAll()
    writer.value("again" as StaticString)
    #expect(writer.text == "\"again\"")
  }

  @Test("names and texts may be static or part of another text")
  func texts() {
    let name: StaticString = "na\"me"
    var writer = JSONWriter()
    writer.object { writer in
      writer.field(name, "a=b".dropFirst(2))
      writer.field("x".prefix(1), name)
      writer.field("t", .array([.null]) as JSONValue)
      writer.field("n", .null as JSONValue)
      writer.field("d", 15, decimals: 1)
      writer.field("e", nil as Int64?, decimals: 1)
    }
    #expect(writer.text == #"{"na\"me":"b","x":"na\"me","t":[null],"n":null,"d":1.5}"#)
  }

  @Test("an error of the body passes through")
  func typedErrors() {
    struct Stop: Error {}
    var writer = JSONWriter()
    #expect(throws: Stop.self) {
      try writer.object { _ throws(Stop) in throw Stop() }
    }
  }

  @Test("any tree is read back, compact and pretty", arguments: 1...20 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<50 {
      let tree = random.tree()
      for layout in [JSONWriter.Layout.compact, .pretty] {
        let text = tree.text(layout)
        #expect(try JSON5Reader.read(text, as: .json) == tree, "seed \(seed): \(text)")
        #expect(try JSON5Reader.read(text, as: .json5) == tree, "seed \(seed): \(text)")
      }
    }
  }
}
