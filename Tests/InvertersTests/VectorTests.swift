// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Testing
import Wire

@Suite("Frames of real batteries and of others") struct VectorTests {
  /// CAN's own names of alarms, by the names of the dictionary.
  static let names = [
    "high_voltage": "pack_overvoltage", "low_voltage": "pack_undervoltage",
    "low_charge_temperature": "charge_undertemperature",
    "high_charge_temperature": "charge_overtemperature",
  ]

  /// What is said beyond what the vectors list, because two names stand for one field or the vector
  /// does not list the field.
  static let further: Set = [
    "system_online", "general_alarm", "general_warning", "nominal_ah", "temp_min_c", "temp_max_c",
    "energy_charged_wh", "energy_discharged_wh", "product_id",
  ]

  @Test func allLinesAreThere() { #expect(Vector.victron.count == 10) }

  @Test("each line says what its source says", arguments: Vector.victron)
  func explains(_ vector: Vector) {
    let exchange = Victron.explain(vector.frames)
    #expect(exchange.error == nil)
    var expected = vector.expected
    let series = expected.removeValue(forKey: "series")
    let whole = exchange.whole.plain
    for (key, value) in expected { #expect(whole[key] == Self.mapped(value), "\(key)") }
    guard case .list(let groups)? = series else {
      #expect(exchange.series.isEmpty)
      #expect(Set(whole.keys).subtracting(expected.keys).isSubset(of: Self.further))
      return
    }
    #expect(exchange.series.count == groups.count)
    for (group, part) in zip(groups, exchange.series) {
      guard case .object(let fields) = group else {
        Issue.record("a series lists objects")
        continue
      }
      for (key, value) in fields { #expect(part.plain[key] == Self.mapped(value), "\(key)") }
    }
  }

  @Test func anotherProtocolIsNoReading() {
    let frames = ["359#0000000006504E", "35C#C000"].compactMap { CANFrame(text: Array($0.utf8)) }
    let exchange = Victron.explain(frames)
    #expect(exchange.error == .notAReading)
    #expect(!exchange.whole.reading.hasValues)
  }

  @Test func framesOfAnotherProtocolAreSkippedBesideOthers() {
    let frames = ["359#0000000006504E", "379#9C00"].compactMap { CANFrame(text: Array($0.utf8)) }
    let exchange = Victron.explain(frames)
    #expect(exchange.error == nil)
    #expect(exchange.whole.plain["installed_ah"] == .number(156))
  }

  @Test func aFrameCutInItsFirstFieldIsAnError() {
    let exchange = Victron.explain([CANFrame(id: 0x351, [0x14])])
    #expect(exchange.error == .truncated(got: 1, needed: 2))
  }

  static func mapped(_ value: Plain) -> Plain {
    guard case .list(let list) = value else { return value }
    return .list(
      list.map { entry in
        guard case .text(let name) = entry else { return entry }
        return .text(names[name] ?? name)
      })
  }
}
