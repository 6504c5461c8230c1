// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Inverters
import Text

extension Reference {
  /// The keys of readings that are no points, each with the languages that have it; none for all.
  static var keys: [(key: ReadingKey, languages: [String])] {
    var keys = ReadingKey.shared.map { (key: $0, languages: [String]()) }
    // Several languages may have one key; what all have needs no list.
    func add(_ key: ReadingKey, _ languages: [String]) {
      guard let place = keys.firstIndex(where: { "\($0.key.name)" == "\(key.name)" }) else {
        return keys.append((key, languages))
      }
      if !keys[place].languages.isEmpty { keys[place].languages += languages }
    }
    for dialect in Dialect.all {
      for key in dialect.keys { add(key, [dialect.name]) }
    }
    for key in InverterDialect.keys { add(key, InverterDialect.all.map { "\($0.name)" }) }
    return keys
  }

  static var points: Page {
    Page(
      section: .points, title: "Points and other keys of a reading",
      summary:
        "Every value that batteries share, and what else stands in readings. The name is the key "
        + "in JSON and the name everywhere else.",
      tables: [
        ReferenceTable(
          "Points", ["name", "unit", "decimals", "kind", "Home Assistant", "meaning"],
          Point.allCases.map { point in
            let entry = point.entry
            return [
              "\(entry.name)", "\(entry.kind.unit)", "\(entry.kind.decimals)",
              "\(entry.kind.name)", entry.deviceClass.map { "\($0)" } ?? "", "\(entry.meaning)",
            ]
          }),
        ReferenceTable(
          "Other keys", ["name", "form", "unit", "told by", "meaning"],
          keys.map { key, languages in
            [
              "\(key.name)", "\(key.form.name)", "\(key.unit)",
              languages.isEmpty ? "all" : languages.joined(separator: ", "), "\(key.meaning)",
            ]
          }),
      ])
  }

  static func writePoints(_ writer: inout JSONWriter) {
    writer.array("points") { writer in
      for point in Point.allCases {
        let entry = point.entry
        writer.object { writer in
          writer.field("name", entry.name)
          writer.field("title", entry.title)
          writer.field("kind", entry.kind.name)
          writer.field("unit", entry.kind.unit)
          writer.field("decimals", entry.kind.decimals)
          writer.field("device_class", entry.deviceClass)
          writer.field("meaning", entry.meaning)
        }
      }
    }
    writer.array("keys") { writer in
      for (key, languages) in keys {
        writer.object { writer in
          writer.field("name", key.name)
          writer.field("form", key.form.name)
          writer.field("unit", key.unit)
          writer.field("decimals", key.decimals)
          writer.array("languages") { writer in for name in languages { writer.value(name) } }
          writer.field("meaning", key.meaning)
        }
      }
    }
  }
}
