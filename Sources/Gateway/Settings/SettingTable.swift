// SPDX-License-Identifier: Apache-2.0

/// All settings of one object of the file, and the value that they go into.
struct SettingTable<Whole: Sendable>: Sendable {
  /// The value with every setting at its default.
  let standard: Whole
  /// Its settings, in the order of the documents; they are read in this order too.
  let fields: [SettingField<Whole>]
  /// What no single setting shows: relations between them.
  let relations: @Sendable (inout SettingReader, SettingReader.Node, inout Whole) -> Void

  init(
    _ standard: Whole, _ fields: [SettingField<Whole>],
    relations: @escaping @Sendable (inout SettingReader, SettingReader.Node, inout Whole) -> Void =
      { _, _, _ in }
  ) {
    self.standard = standard
    self.fields = fields
    self.relations = relations
  }

  /// The keys that it knows.
  var keys: [String] { fields.map(\.row.path) }

  /// Its settings as data, with their defaults.
  var rows: [SettingRow] {
    fields.map { field in
      var row = field.row
      row.standard = field.value(standard)
      return row
    }
  }
}

extension SettingReader {
  /// Reads an object; what is wrong in it is reported and stays at its default.
  mutating func read<Whole>(_ node: Node, _ table: SettingTable<Whole>) -> Whole {
    guard checkKeys(node, table.keys) else { return table.standard }
    var whole = table.standard
    for field in table.fields { field.read(&self, node, &whole) }
    table.relations(&self, node, &whole)
    return whole
  }
}
