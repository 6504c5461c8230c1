// SPDX-License-Identifier: Apache-2.0

package import Battery
import Quantities
import Wire

extension JSONWriter {
  /// Writes an exchange as fields of the object that is open: `reading`, and where there is any
  /// `registers`, `exchange` and `error`.
  package mutating func fields(of exchange: Exchange) {
    if exchange.error == nil || exchange.whole.reading.hasValues || !exchange.whole.details.isEmpty
    {
      object("reading") { writer in
        writer.fields(of: exchange.whole)
        guard !exchange.series.isEmpty else { return }
        writer.array("series") { writer in
          for part in exchange.series { writer.object { $0.fields(of: part) } }
        }
      }
    }
    if !exchange.registers.isEmpty {
      object("registers") { writer in
        for register in exchange.registers { writer.fields(of: register) }
      }
    }
    if !exchange.exchange.isEmpty {
      object("exchange") { writer in
        for entry in exchange.exchange { writer.field(entry) }
      }
    }
    if let error = exchange.error {
      object("error") { writer in
        writer.field("kind", error.kind)
        writer.field("message", error.description)
      }
    }
  }

  private mutating func fields(of part: Exchange.Part) {
    fields(of: part.reading)
    for entry in part.details { field(entry) }
  }

  /// A register stands under its address with its raw number, and under its name with its meaning.
  private mutating func fields(of register: Exchange.RegisterValue) {
    field(String(register.row.address), register.raw)
    guard register.raw != register.row.absent else {
      key(register.row.name)
      null()
      return
    }
    let (scaled, overflow) = register.raw.multipliedReportingOverflow(
      by: Int64(register.row.numerator))
    guard !overflow else { return }
    field(register.row.name, scaled, decimals: Int(register.row.decimals))
  }

  private mutating func field(_ entry: Exchange.Entry) {
    key(entry.name)
    value(entry.value)
  }

  private mutating func value(_ value: Exchange.Value) {
    switch value {
    case .number(let raw, let decimals): decimal(raw, decimals: decimals)
    case .text(let text): self.value(text)
    case .flag(let flag): self.value(flag)
    case .list(let values): array { writer in for value in values { writer.value(value) } }
    case .object(let entries): object { writer in for entry in entries { writer.field(entry) } }
    case .none: null()
    }
  }
}
