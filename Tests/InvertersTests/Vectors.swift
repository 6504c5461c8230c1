// SPDX-License-Identifier: Apache-2.0

import Battery
import Foundation
import Quantities
import Testing
import Wire

/// One line of the fixtures: frames from a bus and what they mean.
struct Vector: CustomTestStringConvertible, Sendable {
  let id: String
  let isCaptured: Bool
  let frames: [CANFrame]
  let expected: [String: Plain]

  var testDescription: String { id }

  static let victron: [Vector] = all.filter { $0.0 == "victron-can" }.map(\.1)
  /// The lines of every other language, each with the name of its language.
  static let others: [(dialect: String, vector: Vector)] = all.filter { $0.0 != "victron-can" }

  static func named(_ id: String) -> Vector? { all.first { $0.1.id == id }?.1 }

  private static let all: [(dialect: String, vector: Vector)] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/victron-can", withExtension: "jsonl"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { line in
      guard
        case .object(let fields)? = try? JSONDecoder().decode(Plain.self, from: Data(line.utf8)),
        case .text(let id)? = fields["id"], case .text(let dialect)? = fields["protocol"],
        case .list(let texts)? = fields["response_hex"],
        case .object(let expected)? = fields["expected"]
      else { return nil }
      let frames = texts.compactMap { text -> CANFrame? in
        guard case .text(let hex) = text else { return nil }
        return CANFrame(text: Array(hex.utf8))
      }
      guard frames.count == texts.count else { return nil }
      let isCaptured = fields["captured_from_hardware"] == .flag(true)
      return (dialect, Vector(id: id, isCaptured: isCaptured, frames: frames, expected: expected))
    }
  }()
}

/// A plain value, in which what was expected and what was read can be compared.
enum Plain: Equatable, Sendable, Decodable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case none
  case list([Plain])
  case object([String: Plain])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .none
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([Plain].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: Plain].self))
    }
  }

  init(_ raw: Int64, decimals: Int) {
    // Through decimal text, so that the nearest double comes out, as JSON's reader gives it.
    self = .number(Double("\(raw)e-\(decimals)") ?? .nan)
  }

  init(_ value: Exchange.Value) {
    switch value {
    case .number(let raw, let decimals): self = Plain(raw, decimals: decimals)
    case .text(let text): self = .text(text)
    case .flag(let flag): self = .flag(flag)
    case .list(let list): self = .list(list.map(Plain.init))
    case .object(let entries):
      self = .object(
        Dictionary(
          entries.map { ("\($0.name)", Plain($0.value)) }, uniquingKeysWith: { first, _ in first }))
    case .none: self = .none
    }
  }
}

extension Exchange.Part {
  /// Everything that the part says, under the names of Cellbus's JSON.
  var plain: [String: Plain] {
    var result: [String: Plain] = [:]
    for point in Point.allCases {
      guard let value = reading[point] else { continue }
      result["\(point.name)"] =
        point.kind == .flag ? .flag(value != 0) : Plain(value, decimals: point.kind.decimals)
    }
    if reading.temperatures.count > 0 {
      result["temperatures_c"] = .list(
        (0..<reading.temperatures.count).map { index in
          reading.temperatures[index].map { Plain(Int64($0.raw), decimals: 2) } ?? .none
        })
    }
    if reading.reportsAlarms {
      result["alarms"] = .list(reading.alarms.list.map { .text("\($0.name)") })
      result["warnings"] = .list(reading.warnings.list.map { .text("\($0.name)") })
    }
    result["serial"] = reading.identity.serial.map { .text($0.string) }
    result["model"] = reading.identity.model.map { .text($0.string) }
    result["manufacturer"] = reading.identity.manufacturer.map { .text($0.string) }
    result["firmware"] = reading.identity.firmware.map { .text($0.string) }
    for entry in details { result["\(entry.name)"] = Plain(entry.value) }
    return result
  }
}
