// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Machine
import Quantities
import Text

/// A file with the settings of one battery.
///
/// People may also write one by hand: then `dialect` and, for each register, `name` and `value` are
/// enough.
struct SettingsBackup {
  /// The number that the file's form has.
  static let form: Int64 = 1

  /// Serial number of the battery, where the file tells.
  var serial: String?
  /// Firmware of the battery, where the file tells.
  var firmware: String?
  /// When it was made, as the file writes it.
  var time: String?
  /// Settings with their raw values; an order has none.
  var values: [SettingsPlan.Wish] = []

  /// The settings that a battery has just told.
  init(_ survey: SettingsSurvey, _ map: SettingsMap) {
    serial = survey.identity.serial?.string
    firmware = survey.identity.firmware?.string
    time = ISO8601.string(WallClock.now(), fraction: false)
    for row in map.rows {
      if let value = survey.current.value(row) { values.append(.init(row, value)) }
    }
  }

  /// The settings in a file, or why it holds none.
  init(_ bytes: [UInt8], _ path: String, _ map: SettingsMap) throws(CommandFailure) {
    do throws(JSONError) {
      try read(try JSON5Reader.read(bytes, as: .json5, maxBytes: 1 << 20), map)
    } catch {
      throw CommandFailure("\(path): \(error)", .badData)
    }
  }

  private mutating func read(_ root: JSONValue, _ map: SettingsMap) throws(JSONError) {
    guard root.members != nil else { throw root.fault(expected: "an object") }
    guard let dialect = root["dialect"], dialect.string.map({ map.speaks($0) }) == true else {
      throw (root["dialect"] ?? root).fault(
        expected: "\"dialect\": \"\(map.language.name)\" of a file with settings")
    }
    if let form = root["cellbus_settings"], form.int64 != Self.form {
      throw form.fault(expected: "form \(Self.form), the only one that this version knows")
    }
    serial = root["serial"]?.string
    firmware = root["firmware"]?.string
    time = root["time"]?.string
    guard let list = root["registers"], let registers = list.array else {
      throw (root["registers"] ?? root).fault(expected: "a list \"registers\"")
    }
    let map = map.fitted(to: Self.words(registers, map))
    for node in registers {
      let name = node["name"]?.string ?? ""
      guard let row = map.row(name) else {
        throw (node["name"] ?? node).fault(expected: "the name of a setting")
      }
      if values.contains(where: { $0.row.name.hasBytes(name.utf8) }) {
        throw node.fault(expected: "each setting once only")
      }
      values.append(.init(row, try Self.value(node, row)))
    }
  }

  /// What a file tells of raw numbers, on which the units of others may depend.
  private static func words(_ registers: [JSONValue], _ map: SettingsMap) -> SettingsWords {
    var words = SettingsWords()
    for node in registers {
      guard let row = map.row(node["name"]?.string ?? ""), let raw = node["raw"]?.int64 else {
        continue
      }
      if words[row.address] == nil { words.merge(SettingsWords(base: row.address, [0])) }
      words.set(row, raw)
    }
    return words
  }

  /// The value of a register.
  private static func value(_ node: JSONValue, _ row: Register) throws(JSONError) -> SettingValue {
    guard row.form == .text else { return .number(try raw(node, row)) }
    guard let value = node["value"], let text = value.string else {
      throw node.fault(expected: "a \"value\" that is a text")
    }
    do throws(SettingTextError) { return try row.value(of: text.utf8) } catch {
      throw value.fault(expected: "at most 31 plain characters")
    }
  }

  /// The raw value of a register; where both `raw` and `value` stand they must agree.
  private static func raw(_ node: JSONValue, _ row: Register) throws(JSONError) -> Int64 {
    var told: Int64?
    if let value = node["value"], !value.isNull {
      let text = value.string ?? value.number?.text ?? ""
      do throws(SettingTextError) { told = try row.raw(of: text.utf8) } catch {
        throw value.fault(expected: "a value in steps of \(row.step)")
      }
    }
    guard let raw = node["raw"] else {
      guard let told else { throw node.fault(expected: "a \"value\" or a \"raw\" number") }
      return told
    }
    guard let number = raw.int64 else { throw raw.fault(expected: "a whole number") }
    if let told, told != number { throw raw.fault(expected: "\(told), which the value says") }
    return number
  }

  /// The file's text.
  func text(_ map: SettingsMap) -> String {
    var writer = JSONWriter(.pretty)
    writer.object { writer in
      writer.field("cellbus_settings", Self.form)
      writer.field("dialect", map.language.name)
      if let time { writer.field("time", time) }
      if let serial { writer.field("serial", serial) }
      if let firmware { writer.field("firmware", firmware) }
      writer.array("registers") { writer in
        for value in values {
          writer.object { $0.setting(value.row, value.value) }
        }
      }
    }
    return writer.text + "\n"
  }

  /// What it wishes of a battery: everything but orders, which are carried out once, and what is read
  /// only.
  func wishes(_ map: SettingsMap) -> [SettingsPlan.Wish] {
    values.filter { $0.row.access == .write && !map.traits($0.row).isOrder }
  }
}

extension SettingsMap {
  /// Whether a name is that of its language.
  func speaks(_ name: String) -> Bool { language.name.hasBytes(name.utf8) }
}

extension JSONWriter {
  /// Address, name, raw value, value and unit of a setting.
  mutating func setting(_ row: Register, _ value: SettingValue) {
    field("address", row.address)
    field("name", row.name)
    if let raw = value.raw { field("raw", raw) }
    self.value("value", row, value)
    if row.unit.utf8CodeUnitCount > 0 { field("unit", row.unit) }
  }

  /// A value as people read it; null when it means "not there".
  mutating func value(_ name: StaticString, _ row: Register, _ value: SettingValue?) {
    key(name)
    switch value {
    case .text: self.value(value.map { row.number($0) } ?? "")
    case .number(let raw):
      guard raw != row.absent, let steps = row.steps(raw) else { return null() }
      decimal(steps, decimals: Int(row.decimals))
    case nil: null()
    }
  }

  /// A raw number as people read it; null when it means "not there".
  mutating func value(_ name: StaticString, _ row: Register, _ raw: Int64?) {
    value(name, row, raw.map { SettingValue.number($0) })
  }
}
