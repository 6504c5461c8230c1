// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Machine
import Quantities
import Text

/// What is known about a battery, for people and programs.
struct SnapshotText {
  let snapshot: Snapshot
  let dialect: Dialect

  /// What the battery says it is doing, as a word.
  var status: String? {
    snapshot.reading[.status].flatMap(dialect.statusName).map { "\($0)" }
  }

  /// The few values that matter most, in one line.
  var line: String {
    var parts: [String] = []
    for point in [Point.voltage, .current, .soc, .cellMin, .cellMax] {
      guard let value = snapshot.reading[point] else { continue }
      parts.append(
        "\(point.entry.title) \(Decimal.string(value, decimals: point.kind.decimals)) \(point.kind.unit)"
      )
    }
    return parts.joined(separator: "  ")
  }

  /// Everything that is known, in a table.
  var table: String {
    var table = Table(["value", "", "unit", ""])
    for point in Point.allCases {
      guard let sample = snapshot[point] else { continue }
      let text =
        point.kind == .flag
        ? (sample.value == 0 ? "no" : "yes")
        : Decimal.string(sample.value, decimals: point.kind.decimals)
      table.add([
        "\(point.entry.title)", text, "\(point.kind.unit)", sample.isDerived ? "computed" : "",
      ])
    }
    if let status { table.add(["Status", status, "", ""]) }
    let reading = snapshot.reading
    for index in 0..<reading.cells.count {
      let isBalancing = reading.cells.balancing >> UInt64(index) & 1 == 1
      table.add([
        "Cell \(index + 1)", reading.cells[index].text(places: 4), "V",
        isBalancing ? "balancing" : "",
      ])
    }
    for index in 0..<reading.temperatures.count {
      table.add(["Sensor \(index + 1)", reading.temperatures[index]?.text() ?? "–", "°C", ""])
    }
    for (title, label) in [
      ("Serial number", reading.identity.serial), ("Firmware", reading.identity.firmware),
      ("Hardware", reading.identity.hardware),
    ] {
      if let label { table.add([title, label.string.printable, "", ""]) }
    }
    if reading.reportsAlarms {
      let names = reading.alarms.list.map { "\($0.name)" }
      table.add(["Alarms", names.isEmpty ? "none" : names.joined(separator: ", "), "", ""])
    }
    return table.text(Console.style)
  }

  /// What is known at a moment, as a JSON object.
  ///
  /// `more` writes further fields of the object, such as what the link has carried.
  func json(at now: Tick, _ more: (inout JSONWriter) -> Void = { _ in }) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("time", ISO8601.string(WallClock.now()))
      writer.field("dialect", dialect.name)
      if let age = snapshot.age(at: now) { writer.field("age_ms", age) }
      writer.object("reading") { writer in
        fields(&writer)
      }
      more(&writer)
    }
    return writer.text
  }
  /// Writes the reading as fields of the object that is open.
  func fields(_ writer: inout JSONWriter) {
    writer.fields(of: snapshot.reading)
    if let status { writer.field("status", status) }
  }
}
