// SPDX-License-Identifier: Apache-2.0

import Battery
import Foundation
import Quantities
import Testing
import Wire

/// One line of a fixtures file.
struct Fixture: Sendable, CustomTestStringConvertible {
  let id: String
  let link: String
  let request: [UInt8]?
  let chunks: [[UInt8]]
  let isCaptured: Bool
  let source: String
  /// The JSON of `expected`.
  let expected: Data

  var testDescription: String { id }

  var expectedValues: [String: Any] {
    (try? JSONSerialization.jsonObject(with: expected)) as? [String: Any] ?? [:]
  }

  /// Keys of `expected` that tell about the line and nothing that the exchange says.
  static let notes: Set<String> = ["reply_chunks_bytes"]

  /// Whether the line shows something that must not be taken for a good answer.
  var saysNo: Bool {
    let values = expectedValues
    return values["nack"] != nil || values["error"] != nil
      || values["crc_valid"] as? Bool == false || values["valid_frame"] as? Bool == false
  }

  static func load(_ dialect: String) -> [Fixture] {
    guard
      let file = Bundle.module.url(forResource: "Fixtures/\(dialect)", withExtension: "jsonl"),
      let text = try? String(contentsOf: file, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { line(Data($0.utf8)) }
  }

  private static func line(_ data: Data) -> Fixture? {
    guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let id = object["id"] as? String, let link = object["link"] as? String,
      let source = object["source"] as? String, let expected = object["expected"] as? [String: Any],
      let expectedData = try? JSONSerialization.data(withJSONObject: expected)
    else { return nil }
    // CAN lines hold `ID#DATA`, which the dialect takes as text.
    func bytes(_ text: String) -> [UInt8] {
      text.contains("#") ? Array(text.utf8) : Hex.bytes(text.utf8) ?? []
    }
    return Fixture(
      id: id, link: link, request: (object["request_hex"] as? String).map(bytes),
      chunks: (object["response_hex"] as? [String] ?? []).map(bytes),
      isCaptured: object["captured_from_hardware"] as? Bool ?? false, source: source,
      expected: expectedData)
  }
}

/// The values of an exchange by their names in JSON.
struct Flat {
  private var values: [String: Exchange.Value] = [:]
  private var words: [String: [Int64]] = [:]

  init(_ exchange: Exchange) {
    for value in exchange.registers {
      let row = value.row
      words["\(row.address)", default: []].append(value.raw)
      values["\(row.name)"] = .number(
        value.raw * Int64(row.numerator), decimals: Int(row.decimals))
    }
    let reading = exchange.whole.reading
    for point in Point.allCases {
      guard let steps = reading[point] else { continue }
      values["\(point.name)"] =
        point.kind == .flag ? .flag(steps == 1) : .number(steps, decimals: point.kind.decimals)
    }
    if reading.cells.count > 0 {
      values["cell_voltages_v"] = .list(
        (0..<reading.cells.count).map { .number(Int64(reading.cells[$0].raw), decimals: 4) })
    }
    if reading.cells.reportsBalancing {
      values["balancing_cells"] = .list(
        (0..<64).filter { reading.cells.balancing >> UInt64($0) & 1 == 1 }
          .map { .number(Int64($0)) })
    }
    if reading.temperatures.count > 0 {
      values["temperatures_c"] = .list(
        (0..<reading.temperatures.count).map { index in
          reading.temperatures[index].map { .number(Int64($0.raw), decimals: 2) } ?? .none
        })
    }
    for entry in exchange.whole.details + exchange.exchange {
      values["\(entry.name)"] = entry.value
    }
  }

  /// Records an issue for each expected value that is not there exactly.
  func match(_ expected: [String: Any], ignoring ignored: Set<String>) {
    for (name, value) in expected where !ignored.contains(name) {
      if name == "registers", let registers = value as? [String: NSNumber] {
        for (address, word) in registers {
          #expect(words[address] == [word.int64Value], "register \(address)")
        }
        continue
      }
      guard let found = values[name] else {
        Issue.record("\(name) is missing; expected \(value)")
        continue
      }
      #expect(Self.isSame(found, value), "\(name): found \(found), expected \(value)")
    }
  }

  static func isSame(_ found: Exchange.Value, _ expected: Any) -> Bool {
    switch (found, expected) {
    case (.none, _ as NSNull): true
    case (.text(let text), let expected as String): text == expected
    case (.flag(let flag), let expected as NSNumber):
      isFlag(expected) && flag == expected.boolValue
    case (.number(let steps, let decimals), let expected as NSNumber):
      // Compared as whole steps, so that no binary fraction decides.
      !isFlag(expected)
        && Int64((expected.doubleValue * pow(10, Double(decimals))).rounded()) == steps
        && abs(expected.doubleValue * pow(10, Double(decimals)) - Double(steps)) < 0.001
    case (.list(let items), let expected as [Any]):
      items.count == expected.count && zip(items, expected).allSatisfy { isSame($0, $1) }
    case (.object(let entries), let expected as [String: Any]):
      expected.allSatisfy { key, value in
        entries.first { "\($0.name)" == key }.map { isSame($0.value, value) } ?? false
      }
    default: false
    }
  }

  private static func isFlag(_ number: NSNumber) -> Bool {
    unsafe String(cString: number.objCType) == "c"
  }
}
