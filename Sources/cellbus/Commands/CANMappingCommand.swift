// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Text

/// `cellbus can mapping`: which value of a battery goes into which field of which frame.
enum CANMappingCommand {
  static let command = Command(
    "mapping", "print which value goes into which field of a frame",
    discussion: """
      For each field of each frame that Cellbus sends: its bytes, how it is written, the step in which it \
      counts, what becomes of what is finer, and where it comes from.
      """,
    options: [CANCommand.profile, Option(flag: "json", "print JSON")],
    examples: [
      Command.Example("cellbus can mapping", "what a Victron GX is told"),
      Command.Example("cellbus can mapping --profile sma", "what a Sunny Island is told"),
    ],
    exitCodes: [.ok, .usage],
    run: { parsed throws(CommandFailure) in
      let profile = try CANCommand.profile(parsed)
      let isJSON = parsed.flag("json")
      Console.print(isJSON ? json(profile) : text(profile), terminator: isJSON ? "\n" : "")
      return .ok
    })

  /// The mapping as a table.
  static func text(_ profile: InverterProfile) -> String {
    var table = Table(["id", "bytes", "field", "type", "step", "rounding", "source"])
    for row in profile.fields {
      table.add([
        id(row), bytes(row), "\(row.name)", "\(row.form.name)", step(row) ?? "",
        row.divisor > 0 ? "\(row.rounding.name)" : "", source(row),
      ])
    }
    return table.text(Console.style)
  }

  /// The mapping as JSON.
  static func json(_ profile: InverterProfile) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("profile", profile.name)
      writer.key("frames")
      writer.array { writer in
        for frame in profile.frames where frame.until != nil {
          writer.object { writer in
            writer.field("id", hex(frame.id))
            writer.field("name", frame.name)
            writer.field("bytes", Int(frame.length))
            writer.field("period_ms", frame.period)
            writer.field("until", "\(frame.until?.name ?? "")")
            writer.key("fields")
            writer.array { writer in
              for row in profile.fields where row.id == frame.id { field(row, &writer) }
            }
          }
        }
      }
    }
    return writer.text
  }

  private static func field(_ row: FieldRow, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", row.name)
      writer.field("offset", Int(row.offset))
      writer.field("bytes", Int(row.length))
      writer.field("type", row.form.name)
      if let step = step(row) {
        writer.field("step", step)
        if row.offsetSteps != 0 { writer.field("plus_steps", row.offsetSteps) }
        writer.field("rounding", row.rounding.name)
      }
      writer.field("source", source(row))
    }
  }

  private static func id(_ row: FieldRow) -> String { hex(row.id) }

  private static func hex(_ id: UInt32) -> String {
    let digits = String(id, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  private static func bytes(_ row: FieldRow) -> String {
    row.length == 1 ? "\(row.offset)" : "\(row.offset)-\(row.offset + row.length - 1)"
  }

  /// A step of the field with its unit, such as `0.1 V`.
  private static func step(_ row: FieldRow) -> String? {
    guard row.divisor > 0 else { return nil }
    switch row.source {
    case .point(let point), .limit(let point):
      let kind = point.kind
      let number = Decimal.string(row.divisor, decimals: kind.decimals)
      let unit = row.offsetSteps == 273 ? "K" : "\(kind.unit)"
      return unit.isEmpty ? number : "\(number) \(unit)"
    case .other: return nil
    }
  }

  private static func source(_ row: FieldRow) -> String {
    switch row.source {
    case .point(let point): "\(point.name)"
    case .limit(let point): "\(point.name), as decided"
    case .other(let words): "\(words)"
    }
  }
}
