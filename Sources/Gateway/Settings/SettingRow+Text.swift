// SPDX-License-Identifier: Apache-2.0

import Quantities
import Text

extension SettingRow {
  /// Its default for people, in Markdown; "–" where there is none.
  package var standardText: String {
    let usual = standardWords ?? (isNeeded ? "needed" : Self.markdown(standard))
    guard let exception else { return usual }
    return "\(usual); \(Self.markdown(exception.standard)) with `\(exception.flag)`"
  }

  /// What it may be for people, in Markdown.
  package var rangeText: String {
    let usual = (rangeWords ?? kind.markdown) + (acceptsNull ? ", or `null`" : "")
    guard let exception else { return usual }
    return "\(usual); \(exception.kind.markdown) with `\(exception.flag)`"
  }

  /// Its line in a table of the documents: setting, default, range, meaning.
  package func line(as name: String) -> String {
    "| `\(name)` | \(standardText) | \(rangeText) | \(meaning) |"
  }

  private static func markdown(_ value: JSONValue) -> String {
    switch value.content {
    case .null: "–"
    case .number: value.text()
    case .array: value.text().replacing(",", with: ", ")
    default: "`\(value.text())`"
    }
  }
}

extension SettingKind {
  /// What may stand there for people, in Markdown, such as "100–10000 ms".
  var markdown: String {
    switch self {
    case .flag: "`true`, `false`"
    case .text(let what, let longest): longest < 4096 ? "\(what), up to \(longest) bytes" : what
    case .host: "`\"host:port\"`"
    case .choice(let words): words.map { "`\"\($0)\"`" }.joined(separator: ", ")
    case .whole(let range, let unit):
      Self.span("\(range.lowerBound)", "\(range.upperBound)", unit)
    case .numbers(let numbers, let unit):
      "one of " + numbers.map(String.init).joined(separator: ", ")
        + (unit.isEmpty ? "" : " \(unit)")
    case .wholes(let range):
      "a list of " + Self.span("\(range.lowerBound)", "\(range.upperBound)", "")
    case .number(let range, let decimals, let unit), .curve(let range, let decimals, let unit):
      Self.span(
        Decimal.string(range.lowerBound, decimals: decimals),
        Decimal.string(range.upperBound, decimals: decimals), unit)
    case .object: "`{ … }`"
    case .list: "`[{ … }]`"
    case .array(let kind, _): "`[ … ]` of \(kind.markdown)"
    case .named: "`{ name: … }`"
    case .oneOf(let kinds): kinds.map(\.mark).joined(separator: " or ")
    }
  }

  /// The same as one of several kinds, where an object is known by its first key.
  private var mark: String {
    guard case .object(let rows) = self, let first = rows.first else { return markdown }
    return "`{ \(first.key): … }`"
  }

  private static func span(_ lowest: String, _ highest: String, _ unit: String) -> String {
    let from = lowest.replacing("-", with: "−")
    return "\(from)–\(highest)" + (unit.isEmpty ? "" : " \(unit)")
  }
}
