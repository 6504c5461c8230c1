// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
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
  static let notes: Set<String> = [
    "reply_chunks_bytes", "can_id",
    // Of a login: what the password was before it was hidden, and with what.
    "plain_password", "mac",
  ]

  /// Values of a line that its bytes alone cannot tell, because the requests are not in it.
  var untold: Set<String> {
    switch id {
    case "daly-d2-hlk16s-2in1": Self.notes.union(["production_date"])
    // D508 is -11000 steps of 10 mA, -110.00 A; the line's -109.92 would be D510.
    case "jbd-issue1013-reg0": Self.notes.union(["discharge_oc_a"])
    // The random byte came with the exchange before; `JBDTests` hides the password with it.
    case "jbd-ffaa-user-000000-nack", "jbd-ffaa-user-123412-ack", "jbd-ffaa-root":
      Self.notes.union(["random_byte"])
    default: Self.notes
    }
  }

  /// Whether the line shows something that must not be taken for a good answer.
  var saysNo: Bool {
    let values = expectedValues
    return values["nack"] != nil || values["status"] as? Int ?? 0 != 0 || values["error"] != nil
      || values["crc_valid"] as? Bool == false || values["crc_ok"] as? Bool == false
      || values["valid_frame"] as? Bool == false
  }

  /// The lines of a dialect's file.
  static func load(_ dialect: String) -> [Fixture] { files[dialect] ?? [] }

  private static let files = Dictionary(
    uniqueKeysWithValues: Dialect.all.map { ("\($0.name)", read("\($0.name)")) })

  private static func read(_ dialect: String) -> [Fixture] {
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
    // CAN lines hold `ID#DATA`, which the dialect takes as text, or payloads beside their identifiers.
    func bytes(_ text: String) -> [UInt8] {
      text.contains("#") ? Array(text.utf8) : Hex.bytes(text.utf8) ?? []
    }
    func record(_ id: UInt32?, _ payload: [UInt8]) -> [UInt8] {
      id.map { CANRecord.bytes(CANFrame(id: $0, isExtended: $0 > 0x7FF, payload)) } ?? payload
    }
    func identifier(_ value: Any?) -> UInt32? {
      (value as? String).flatMap { UInt32($0, radix: 16) } ?? (value as? NSNumber)?.uint32Value
    }
    let bus = identifier(object["can_id"] ?? expected["can_id"])
    let buses = (object["can_ids"] as? [String])?.map(identifier)
    let asked = identifier(object["can_request_id"])
    let chunks = (object["response_hex"] as? [String] ?? []).map(bytes)
    return Fixture(
      id: id, link: link,
      request: asked.map { record($0, .init(repeating: 0, count: 8)) }
        ?? (object["request_hex"] as? String).map(bytes),
      chunks: chunks.enumerated().map { record(buses?[$0.offset] ?? bus, $0.element) },
      isCaptured: object["captured_from_hardware"] as? Bool ?? false, source: source,
      expected: expectedData)
  }
}

extension Fixture {
  /// Alarms as some sources spell them, in the words of the dictionary: a level 1 is a warning.
  static func alarms(_ names: [String]) -> (alarms: [String], warnings: [String]) {
    let words = [
      "cell_voltage_high": "cell_overvoltage", "cell_voltage_low": "cell_undervoltage",
      "charge_temperature_high": "charge_overtemperature",
      "cell_voltage_difference": "cell_imbalance", "software_mos_lock": "software_mosfet_lock",
    ]
    func word(_ name: String) -> String {
      let bare = name.hasSuffix("_l1") || name.hasSuffix("_l2") ? String(name.dropLast(3)) : name
      return words[bare] ?? bare
    }
    return (
      names.filter { !$0.hasSuffix("_l1") }.map(word),
      names.filter { $0.hasSuffix("_l1") }.map(word)
    )
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
        row.steps(value.raw) ?? 0, decimals: Int(row.decimals))
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
    if reading.reportsAlarms {
      for (name, set) in [("alarms", reading.alarms), ("warnings", reading.warnings)] {
        values[name] = .list(set.list.map { .text("\($0.name)") })
      }
    }
    if reading.temperatures.count > 0 {
      values["temperatures_c"] = .list(
        (0..<reading.temperatures.count).map { index in
          reading.temperatures[index].map { .number(Int64($0.raw), decimals: 2) } ?? .none
        })
    }
    let identity = reading.identity
    for (name, label) in [
      ("serial", identity.serial), ("model", identity.model), ("firmware", identity.firmware),
      ("hardware", identity.hardware), ("manufacturer", identity.manufacturer),
    ] {
      if let label { values[name] = .text(label.string) }
    }
    for entry in exchange.whole.details + exchange.exchange {
      values["\(entry.name)"] = entry.value
    }
  }

  /// A value under the name and in the words that are used today.
  static func present(_ name: String, _ value: Any) -> (String, Any) {
    let names = [
      "temp_max_sensor_1based": "temp_max_sensor_number",
      "temp_min_sensor_1based": "temp_min_sensor_number", "cell_max_no": "cell_max_number",
      "cell_min_no": "cell_min_number", "u32_at_offset_6_v": "smart_sleep_v",
    ]
    // Where a line tells what the balancer does, not whether it does anything.
    if name == "balancing", let number = value as? NSNumber, !isFlag(number) {
      return ("balancer_mode", value)
    }
    return (names[name] ?? name.replacing("number_1based", with: "number"), value)
  }

  /// Records an issue for each expected value that is not there exactly.
  func match(
    _ expected: [String: Any], ignoring ignored: Set<String>, isJK: Bool = false
  ) {
    for (told, toldValue) in expected where !ignored.contains(told) {
      let (name, value) = Self.present(told, toldValue)
      if name == "alarms", let names = value as? [String] {
        let expected = Fixture.alarms(names)
        #expect(Self.isSame(values["alarms"] ?? .none, expected.alarms), "alarms")
        if !expected.warnings.isEmpty {
          #expect(Self.isSame(values["warnings"] ?? .none, expected.warnings), "warnings")
        }
        continue
      }
      if name == "registers", let registers = value as? [String: NSNumber] {
        for (address, word) in registers {
          #expect(words[address] == [word.int64Value], "register \(address)")
        }
        continue
      }
      if name == "temperatures_c", isJK, let told = value as? [Any] {
        // Lines of JK list the first two sensors only.
        guard case .list(let all)? = values[name] else {
          Issue.record("temperatures_c is missing; expected \(value)")
          continue
        }
        #expect(Self.isSame(.list(Array(all.prefix(told.count))), told), "temperatures_c")
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
