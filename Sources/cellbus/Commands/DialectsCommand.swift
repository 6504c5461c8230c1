// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

/// `cellbus dialects`: the languages that Cellbus speaks, and their registers.
enum DialectsCommand {
  static let command = Command(
    "dialects", "list the battery languages and their registers",
    arguments: [Argument("NAME", "a dialect, to list its registers", isOptional: true)],
    options: [MapFile.option, Option(flag: "json", "print JSON")],
    examples: [
      Command.Example("cellbus dialects", "what can be read"),
      Command.Example("cellbus dialects tinybms", "every register of a TinyBMS"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput],
    run: { parsed throws(CommandFailure) in
      let isJSON = parsed.flag("json")
      let all = Dialect.all + (try MapFile.dialects(parsed))
      guard let name = parsed.text(ifPresent: "NAME") else {
        Console.print(isJSON ? listJSON(all) : list(all), terminator: isJSON ? "\n" : "")
        return .ok
      }
      guard let dialect = all.first(where: { $0.name == name }) else {
        let hint =
          EditDistance.nearest(name, in: all.map(\.name)).map {
            "; did you mean \($0)?"
          } ?? ""
        throw CommandFailure("no dialect \(name) is known\(hint)", .failed)
      }
      Console.print(
        isJSON ? registersJSON(dialect) : registers(dialect), terminator: isJSON ? "\n" : "")
      return .ok
    })

  private static func list(_ all: [Dialect]) -> String {
    var table = Table(["name", "battery", "facts from", "links"])
    for dialect in all {
      let doors = dialect.doors.map { door in
        switch door {
        case .uart(let baud): "serial \(baud)"
        case .rs485(let baud): "RS485 \(baud)"
        case .modbusTCP(let unit): "Modbus TCP unit \(unit)"
        case .can(let bitrate): "CAN \(bitrate)"
        case .bluetooth: "Bluetooth"
        }
      }
      table.add([
        "\(dialect.name)", "\(dialect.title)", "\(dialect.provenance.name)",
        doors.joined(separator: ", "),
      ])
    }
    return table.text(Console.style)
  }

  private static func registers(_ dialect: Dialect) -> String {
    var table = Table(["address", "name", "unit", "access", "meaning"])
    for row in dialect.registers {
      table.add([
        String(row.address), "\(row.name)", "\(row.unit)", row.access == .write ? "write" : "read",
        "\(row.meaning)",
      ])
    }
    return table.text(Console.style)
  }

  private static func listJSON(_ all: [Dialect]) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for dialect in all {
        writer.object { writer in
          writer.field("name", dialect.name)
          writer.field("title", dialect.title)
          writer.field("maker", dialect.maker)
          writer.field("provenance", dialect.provenance.name)
          writer.field("registers", dialect.registers.count)
        }
      }
    }
    return writer.text
  }

  private static func registersJSON(_ dialect: Dialect) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for row in dialect.registers { writer.object { $0.fields(of: row) } }
    }
    return writer.text
  }
}
