// SPDX-License-Identifier: Apache-2.0

package import Quantities

// Values: nothing is written as `null`, so that the elements of an array keep their numbers.

extension JSONWriter {
  /// Writes the word `null`.
  package mutating func null() { scalar { $0.append(contentsOf: "null".utf8) } }

  /// Writes a text.
  package mutating func value(_ text: (some JSONText)?) {
    guard let text else { return null() }
    scalar { _ in }
    quote(text)
  }

  /// Writes `true` or `false`.
  package mutating func value(_ flag: Bool?) {
    guard let flag else { return null() }
    scalar { $0.append(contentsOf: (flag ? "true" : "false").utf8) }
  }

  /// Writes a whole number.
  package mutating func value(_ number: (some FixedWidthInteger)?) {
    guard let number else { return null() }
    scalar { $0.append(contentsOf: String(number).utf8) }
  }

  /// Writes an amount in its unit, without zeros at its end.
  package mutating func value<S: Scale>(_ amount: Quantity<S>?) {
    decimal((amount?.raw).map(Int64.init(clamping:)), decimals: S.decimals)
  }

  /// Writes `raw` steps of `10^-decimals`.
  ///
  /// - Parameters:
  ///   - raw: the number of steps.
  ///   - decimals: what a step is, 0 to 19.
  ///   - places: how many decimals to write, rounded half away from zero; `nil` writes what there is
  ///     and no zeros at the end.
  package mutating func decimal(_ raw: Int64?, decimals: Int, places: Int? = nil) {
    guard let raw else { return null() }
    scalar { Decimal.append(raw, decimals: decimals, places: places, to: &$0) }
  }

  /// Writes a number as it was read; one in JSON5's own notation is turned into JSON.
  package mutating func value(_ number: JSONNumber?) {
    guard let number else { return null() }
    scalar { $0.append(contentsOf: number.json.utf8) }
  }

  /// Writes a tree.
  package mutating func value(_ tree: JSONValue?) {
    switch tree?.content {
    case nil, .null: null()
    case .bool(let flag): value(flag)
    case .number(let number): value(number)
    case .string(let text): value(text)
    case .array(let values): array { for value in values { $0.value(value) } }
    case .object(let members):
      object { for member in members { $0.field(member.key, member.value) } }
    }
  }
}

extension JSONValue {
  /// This tree as JSON.
  package func text(_ layout: JSONWriter.Layout = .compact) -> String {
    var writer = JSONWriter(layout)
    writer.value(self)
    return writer.text
  }
}
