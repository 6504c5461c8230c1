// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Text
import Wire

extension Reference {
  /// The languages that have registers of their own.
  static let withRegisters = Dialect.all.filter { !$0.registers.isEmpty }

  static func registers(_ dialect: Dialect) -> Page {
    Page(
      section: .registers, name: "\(dialect.name)", title: "Registers: \(dialect.title)",
      summary:
        "\(dialect.summary) What the document allows stands under range; the unit's own limits "
        + "may be narrower.",
      tables: [
        ReferenceTable(
          "", ["address", "name", "type", "unit", "group", "access", "range", "meaning"],
          dialect.registers.map { row in
            [
              "\(row.address)", "\(row.name)", "\(row.form.name)", "\(row.unit)",
              "\(row.group.name)", row.access == .write ? "write" : "read", row.range,
              "\(row.meaning)",
            ]
          })
      ])
  }

  static func writeDialects(_ writer: inout JSONWriter, of name: String?) {
    writer.array("dialects") { writer in
      for dialect in Dialect.all where name == nil || name == "\(dialect.name)" {
        writer.object { writer in
          writer.field("name", dialect.name)
          writer.field("title", dialect.title)
          writer.field("maker", dialect.maker)
          writer.field("summary", dialect.summary)
          writer.field("provenance", dialect.provenance.name)
          writer.array("links") { writer in
            for door in dialect.doors {
              writer.object { writer in
                switch door {
                case .uart(let baud):
                  writer.field("kind", "serial")
                  writer.field("baud", baud)
                case .rs485(let baud):
                  writer.field("kind", "rs485")
                  writer.field("baud", baud)
                case .modbusTCP(let unit):
                  writer.field("kind", "modbus_tcp")
                  writer.field("unit", unit)
                case .can(let bitrate):
                  writer.field("kind", "can")
                  writer.field("bitrate", bitrate)
                case .bluetooth(let service, let notify, let write):
                  writer.field("kind", "bluetooth")
                  writer.field("service", "\(Hex.word(service))")
                  writer.field("notify", "\(Hex.word(notify))")
                  writer.field("write", "\(Hex.word(write))")
                }
              }
            }
          }
          writer.array("registers") { writer in
            for row in dialect.registers { writer.object { $0.fields(of: row) } }
          }
        }
      }
    }
  }
}

extension Register {
  /// What the document allows, in its unit; empty where it says nothing.
  fileprivate var range: String {
    guard let lowest, let highest else { return "" }
    return "\(number(lowest)) to \(number(highest))"
  }
}

extension JSONWriter {
  /// Writes a row of a register map as fields of the object that is open.
  mutating func fields(of row: Register) {
    field("address", row.address)
    field("name", row.name)
    field("type", row.form.name)
    field("words", row.form.words)
    if let bits = row.bits { field("bits", "\(bits.lowerBound)–\(bits.upperBound)") }
    field("group", row.group.name)
    field("writable", row.access == .write)
    field("offset", row.offset)
    field("numerator", row.numerator)
    field("decimals", row.decimals)
    field("unit", row.unit)
    field("lowest_raw", row.lowest)
    field("highest_raw", row.highest)
    field("absent_raw", row.absent)
    field("meaning", row.meaning)
  }
}
