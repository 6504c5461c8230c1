// SPDX-License-Identifier: Apache-2.0

import Quantities
import Text

/// The JSON Schema of the settings file, for editors and other programs (draft 2020-12).
///
/// It says what each value may be alone. What settings must be to each other is for `cellbus check`.
package enum SettingsSchema {
  /// The schema as it is published.
  package static var text: String { document.text(.pretty) + "\n" }

  private typealias Members = [(String, JSONValue)]

  private static var document: JSONValue {
    let head: Members = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Settings of Cellbus")),
      (
        "description",
        .string("The file cellbus.json5, version \(SettingsVersion.newest); see docs/settings.md")
      ),
    ]
    return .object(head + object(Settings.table.rows))
  }

  private static func object(_ rows: [SettingRow]) -> Members {
    var members: Members = [
      ("type", .string("object")),
      ("properties", .object(rows.map { ($0.key, property($0)) })),
      ("additionalProperties", .bool(false)),
    ]
    let needed = rows.filter(\.isNeeded)
    if !needed.isEmpty {
      members.append(("required", .array(needed.map { .string($0.key) })))
    }
    let exceptions = rows.compactMap { row in row.exception.map { (row, $0) } }
    if !exceptions.isEmpty {
      members.append(("allOf", .array(exceptions.map(condition))))
    }
    return members
  }

  /// What a setting may be where the flag beside it is true, and where it is not.
  private static func condition(
    _ row: SettingRow, _ exception: SettingRow.Exception
  ) -> JSONValue {
    func only(_ key: String, _ members: Members) -> JSONValue {
      .object([("properties", .object([(key, .object(members))]))])
    }
    return .object([
      (
        "if",
        .object([
          ("properties", .object([(exception.flag, .object([("const", .bool(true))]))])),
          ("required", .array([.string(exception.flag)])),
        ])
      ),
      ("then", only(row.key, kind(exception.kind) + [("default", exception.standard)])),
      ("else", only(row.key, kind(row.kind) + [("default", row.standard)])),
    ])
  }

  private static func property(_ row: SettingRow) -> JSONValue {
    var members: Members = [
      ("title", .string(title(row.key))),
      ("description", .string(plain(row.meaning))),
    ]
    // What depends on a flag is told with the flag.
    if row.exception == nil {
      if row.acceptsNull {
        members.append(
          ("anyOf", .array([.object(kind(row.kind)), .object([type("null")])])))
      } else {
        members += kind(row.kind)
      }
      if !row.standard.isNull, row.standardWords == nil {
        members.append(("default", row.standard))
      } else if row.acceptsNull, row.standardWords == nil {
        members.append(("default", .null))
      }
    }
    if !row.kind.unit.isEmpty { members.append(("x-unit", .string(row.kind.unit))) }
    return .object(members)
  }

  private static func kind(_ kind: SettingKind) -> Members {
    switch kind {
    case .flag: [type("boolean")]
    case .text(_, let longest):
      [type("string"), ("minLength", .number(1)), ("maxLength", .number(Int64(longest)))]
    case .host(let port): [type("string"), ("pattern", .string(pattern(port)))]
    case .choice(let words): [("enum", .array(words.map { .string($0) }))]
    case .whole(let range, _):
      [
        type("integer"), ("minimum", .number(range.lowerBound)),
        ("maximum", .number(range.upperBound)),
      ]
    case .numbers(let numbers, _): [("enum", .array(numbers.map { .number($0) }))]
    case .wholes(let range):
      [
        type("array"),
        ("items", .object(self.kind(.whole(range, unit: "")))),
      ]
    case .number(let range, let decimals, _): number(range, decimals)
    case .curve(let range, let decimals, _):
      [
        type("array"), ("minItems", .number(2)),
        (
          "items",
          .object([
            type("array"), ("minItems", .number(2)), ("maxItems", .number(2)),
            (
              "prefixItems",
              .array([.object(number(range, decimals)), .object(number(0...100, 0))])
            ),
          ])
        ),
      ]
    case .object(let rows): object(rows)
    case .list(let rows, let least):
      [
        type("array"), ("minItems", .number(Int64(least))), ("items", .object(object(rows))),
      ]
    case .array(let each, let least):
      [
        type("array"), ("minItems", .number(Int64(least))), ("items", .object(Self.kind(each))),
      ]
    case .named(let each):
      [type("object"), ("additionalProperties", .object(Self.kind(each)))]
    case .oneOf(let kinds): [("oneOf", .array(kinds.map { .object(Self.kind($0)) }))]
    }
  }

  private static func type(_ name: String) -> (String, JSONValue) { ("type", .string(name)) }

  private static func number(_ range: ClosedRange<Int64>, _ decimals: Int) -> Members {
    [
      type("number"), ("minimum", .number(range.lowerBound, decimals: decimals)),
      ("maximum", .number(range.upperBound, decimals: decimals)),
    ]
  }

  /// A host as `HostSettings` reads it; whether an IPv6 address is one is left to `check`.
  private static func pattern(_ defaultPort: UInt16?) -> String {
    let name = "[0-9A-Za-z._-]{1,253}"
    let address = "\\[[0-9A-Fa-f:.]+(%[0-9A-Za-z._-]+)?\\]"
    let port =
      "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
    return "^(\(name)|\(address))" + (defaultPort == nil ? ":\(port)$" : "(:\(port))?$")
  }

  /// `max_charge_current_a` as "Max charge current".
  private static func title(_ key: String) -> String {
    var parts = key.split(separator: "_")
    let units: [Substring] = ["ms", "s", "h", "d", "v", "a", "ah", "c", "pct", "mib"]
    if parts.count > 1, units.contains(parts[parts.count - 1]) { parts.removeLast() }
    let words = parts.joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Markdown without its signs: an editor shows descriptions as they are.
  private static func plain(_ markdown: String) -> String {
    var text = ""
    var rest = Substring(markdown)
    while let open = rest.firstIndex(of: "[") {
      text += rest[..<open]
      rest = rest[rest.index(after: open)...]
      guard let middle = rest.firstRange(of: "]("), let end = rest.firstIndex(of: ")") else {
        break
      }
      text += rest[..<middle.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return (text + rest).replacing("`", with: "").replacing("*", with: "")
      .replacing(", below", with: "")
  }
}
