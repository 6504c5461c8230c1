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
        var last: UInt16?
        for register in exchange.registers {
          if register.row.address != last { writer.word(of: register, among: exchange.registers) }
          last = register.row.address
          writer.field(register)
        }
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

  /// The raw number at an address; a word that two rows share is put together from its halves.
  private mutating func word(
    of register: Exchange.RegisterValue, among all: [Exchange.RegisterValue]
  ) {
    let halves = all.filter { $0.row.address == register.row.address }
    guard halves.count > 1 else { return field(String(register.row.address), register.raw) }
    var word: Int64 = 0
    for half in halves {
      let isHigh = half.row.form == .uint8High || half.row.form == .int8High
      word |= (half.raw & 0xFF) << (isHigh ? 8 : 0)
    }
    field(String(register.row.address), word)
  }

  /// A register under its name, with its meaning.
  private mutating func field(_ register: Exchange.RegisterValue) {
    guard register.raw != register.row.absent else {
      key(register.row.name)
      null()
      return
    }
    guard let scaled = register.row.steps(register.raw) else { return }
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
