// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import Inverters
import Quantities
import Text

extension Reference {
  static func frames(_ name: String, _ profiles: [InverterProfile]) -> Page {
    var tables: [ReferenceTable] = []
    for profile in profiles {
      tables.append(frames(profile))
      tables.append(fields(profile))
    }
    if name == "victron" { tables.append(pairs) }
    if name == "pylontech" { tables.append(flags) }
    return Page(
      section: .frames, name: name,
      title: "Frames: \(profiles[0].dialect.title)",
      summary: """
        What Cellbus sends in each profile of this language, and what else it knows of on the bus. All \
        numbers are sent low byte first. A frame is sent up to the stage under "until"; lengths in \
        brackets are those of frames that end before fields that are not known.
        """,
      tables: tables)
  }

  private static func frames(_ profile: InverterProfile) -> ReferenceTable {
    ReferenceTable(
      "Frames of \(profile.name)",
      ["id", "name", "from", "bytes", "every", "until", "needed", "meaning"],
      profile.frames.map { frame in
        let shorter = frame.ends.map { "\($0)" }.joined(separator: ", ")
        return [
          frame.hex, "\(frame.name)", frame.direction == .toInverter ? "battery" : "inverter",
          "\(frame.length)" + (shorter.isEmpty ? "" : " (\(shorter))"),
          frame.period > 0 ? "\(frame.period) ms" : "",
          frame.until.map { "\($0.name)" } ?? "never sent", frame.needed == nil ? "" : "yes",
          "\(frame.meaning)",
        ]
      })
  }

  private static func fields(_ profile: InverterProfile) -> ReferenceTable {
    ReferenceTable(
      "Fields of \(profile.name)",
      ["id", "bytes", "field", "type", "step", "range", "rounding", "not known", "source"],
      profile.frames.flatMap { frame in
        frame.fields.map { row in
          [
            frame.hex, row.bytes, "\(row.name)", "\(row.form.name)", row.step ?? "",
            row.span, row.divisor > 0 ? "\(row.rounding.name)" : "", row.absence(in: frame),
            row.source.words,
          ]
        }
      })
  }

  static func writeProfiles(_ writer: inout JSONWriter, of name: String?) {
    writer.array("profiles") { writer in
      for language in languages where name == nil || name == language.name {
        for profile in language.profiles {
          writer.object { writer in
            writer.field("name", profile.name)
            writer.field("title", profile.title)
            writer.field("summary", profile.summary)
            writer.field("dialect", profile.dialect.name)
            writer.field("manufacturer", profile.manufacturer)
            writer.field("repeat_gap_ms", profile.repeatGap)
            writer.array("urgent") { writer in
              for id in profile.urgent {
                writer.value(profile.frames.first { $0.id == id }?.hex)
              }
            }
            writer.array("frames") { writer in
              for frame in profile.frames {
                writer.object { writer in
                  writer.field("from", frame.direction == .toInverter ? "battery" : "inverter")
                  writer.fields(of: frame)
                }
              }
            }
          }
        }
      }
    }
  }
}

extension FieldRow {
  /// What the field may hold, in its unit; empty where it is no number.
  fileprivate var span: String {
    guard divisor > 0, let kind = original.point?.kind else { return "" }
    func text(_ steps: Int64) -> String {
      offsetSteps == 0 ? Decimal.string(steps * divisor, decimals: kind.decimals) : "\(steps)"
    }
    return "\(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  /// What becomes of it when its value is not known.
  fileprivate func absence(in frame: FrameRow) -> String {
    if let mark {
      return "0x" + String(mark, radix: 16, uppercase: true)
    }
    // Code always has something to say here.
    if guarded != nil || (form == .bytes && mark == nil) { return "" }
    guard let end = frame.ends.last(where: { $0 <= offset }) else { return "no frame" }
    return "ends at \(end)"
  }
}
