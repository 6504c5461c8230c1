// SPDX-License-Identifier: Apache-2.0

import Battery
package import Dialects
import Text

extension SettingReader {
  /// Makes the register map of an entry of `dialects`, and tells what is wrong with it.
  mutating func build(_ settings: inout MapSettings, _ node: Node) {
    let name = String(node.path.split(separator: ".").last ?? "")
    guard isName(name, node) else { return }
    var map = ModbusMap(name: name, title: settings.title ?? name)
    map.maker = settings.maker ?? ""
    map.unit = settings.unit
    map.baud = settings.baud
    map.step = settings.countsBytes ? 2 : 1
    map.timeout = settings.timeout
    map.pause = settings.pause
    map.blocks = settings.blocks.map { $0.block(settings.function) }
    let before = problems.count
    let nodes = list(node, "rows")
    for (row, place) in zip(settings.rows, nodes) {
      if let row = self.row(row, settings.function, place) { map.rows.append(row) }
    }
    // Rows that are wrong in themselves would only lead to further complaints.
    if problems.count == before, map.rows.count == settings.rows.count {
      for problem in map.problems { report(problem, node) }
    }
    settings.map = map
    maps[name] = map
  }

  /// Whether a battery can be told apart by a name.
  private mutating func isName(_ name: String, _ node: Node) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      byte == 0x2D || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
    if name.isEmpty || !isPlain || name.utf8.count > 32 {
      report(
        node, found: "the name \"\(name)\"",
        expected: "a name of 1 to 32 small letters, digits and dashes, such as \"my-battery\"")
      return false
    }
    if Dialect.named(name) != nil {
      report(
        node, found: "the name \"\(name)\"",
        expected: "a name of its own: \"\(name)\" is a language that Cellbus knows")
      return false
    }
    return true
  }

  private mutating func report(_ problem: ModbusMap.Problem, _ node: Node) {
    var place = node
    switch problem.place {
    case .map: break
    case .block(let index): place = element(node, "blocks", index) ?? node
    case .row(let index): place = element(node, "rows", index) ?? node
    }
    // How many there are stands under what they are.
    let keys = problem.key == "count" ? ["count", "cells", "temperatures"] : [problem.key]
    if let child = keys.lazy.compactMap(place.child).first { place = child }
    report(place, found: problem.found, expected: problem.expected)
  }

  private func element(_ node: Node, _ key: String, _ index: Int) -> Node? {
    guard let child = node.child(key), let value = child.value[index] else { return nil }
    return Node(value, path: "\(child.path)[\(index)]")
  }

  /// The row of a map; `nil` where it does not tell one thing, which is then told.
  private mutating func row(
    _ settings: MapRowSettings, _ function: UInt8, _ node: Node
  ) -> ModbusMap.Row? {
    var targets: [ModbusMap.Target] = []
    if let name = settings.point, let point = Point(name: name.utf8) {
      targets.append(settings.bit.map { .flag(point, bit: $0) } ?? .point(point))
    }
    if settings.cells != nil { targets.append(.cells(first: settings.first)) }
    if settings.temperatures != nil { targets.append(.temperatures(first: settings.first)) }
    if settings.tellsBalancing { targets.append(.balancing) }
    if settings.alarms != nil || settings.warnings != nil {
      let bits =
        self.bits(settings.alarms, "alarms", false, node)
        + self.bits(settings.warnings, "warnings", true, node)
      targets.append(.alarms(bits))
    }
    if let cutoff = settings.cutoff { targets.append(.cutoff(cutoff)) }
    if let identity = settings.identity { targets.append(.identity(identity)) }
    let keys = [
      "point", "cells", "temperatures", "balancing", "alarms", "warnings", "cutoff", "identity",
    ]
    guard let target = targets.first, targets.count == 1 else {
      // What stands there and was wrong is told already.
      if !targets.isEmpty || !keys.contains(where: { node.value[$0] != nil }) {
        report(
          node,
          found: targets.isEmpty
            ? "a row that tells nothing" : "a row that tells more than one thing",
          expected: "one of \(keys.joined(separator: ", "))")
      }
      return nil
    }
    var row = ModbusMap.Row(settings.address, settings.form, target)
    row.function = settings.function ?? function
    row.order = settings.order
    row.count = settings.cells ?? settings.temperatures ?? settings.count ?? 1
    row.scale = settings.scale
    row.offset = settings.offset
    row.absent = settings.absent
    return row
  }

  private mutating func bits(
    _ names: [String: String]?, _ key: String, _ isWarning: Bool, _ node: Node
  ) -> [ModbusMap.AlarmBit] {
    var bits: [ModbusMap.AlarmBit] = []
    for (text, name) in (names ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let bit = UInt8(text), bit < 32 else {
        report(
          node.child(key) ?? node, found: "the bit \"\(text)\"",
          expected: "the number of a bit, \"0\" to \"31\"")
        continue
      }
      if let alarm = Alarm(name: name.utf8) {
        bits.append(.init(bit, alarm, isWarning: isWarning))
      }
    }
    return bits
  }
}

extension MapBlockSettings {
  fileprivate func block(_ usual: UInt8) -> ModbusMap.Block {
    let turn: ModbusMap.Turn =
      switch period {
      case nil: .live
      case 0: .once
      case .some(let seconds): .every(seconds * 1000)
      }
    return ModbusMap.Block(
      address, count, function: function ?? usual, turn, isOptional: isOptional)
  }
}

extension SettingsFile {
  /// The register maps in a settings file, or in a file that holds nothing else, and what is wrong with
  /// them.
  package static func maps(_ bytes: [UInt8]) -> (maps: [ModbusMap], problems: [SettingProblem]) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSON5Reader.read(bytes, as: .json5, maxBytes: longest)
    } catch {
      let position = TextPosition(line: error.line, column: error.column)
      return (
        [], [SettingProblem(position: position, path: "", found: error.message, expected: "JSON5")]
      )
    }
    var reader = SettingReader()
    let node = SettingReader.Node(document, path: "")
    let form = SettingForm<[String: MapSettings]>.maps
    guard form.read(&reader, node, "dialects") != nil else {
      if reader.problems.isEmpty {
        reader.report(
          node, found: "no \"dialects\"",
          expected: "dialects: { \"my-battery\": { … } }, the register maps of batteries")
      }
      return ([], reader.problems)
    }
    let maps = reader.maps.values.sorted { $0.name < $1.name }
    return (maps, reader.problems)
  }
}

extension SettingForm where Value == [String: MapSettings] {
  /// Register maps by their names.
  static var maps: Self { .named(.object(MapSettings.table)) }
}
