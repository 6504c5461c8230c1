// SPDX-License-Identifier: Apache-2.0

import Dialects
import Text

extension DoorSettings {
  /// The settings of one of several doors.
  static let table = SettingTable(
    DoorSettings(dialect: "", link: .serial(SerialSettings(path: ""))),
    [
      .setting(
        "dialect", \.dialect, .language, needed: "the language of the battery, such as \"tinybms\"",
        "The language that the battery speaks there"),
      .setting(
        "link", \.link, ByteLinkSettings.form,
        needed: "the wire, such as link: { serial: \"/dev/ttyUSB0\" }",
        "The wire of this door, [below](#wire)"),
    ]
      + optionFields(
        address: \.address, invertsCurrent: \.invertsCurrent, module: \.module,
        isListening: \.isListening)
  ) { reader, node, door in
    reader.fit(node, &door)
  }

  /// What an owner may have to tell of one battery before its language can be spoken.
  static func optionFields<Whole>(
    address: SettingField<Whole>.Place<UInt8?>, invertsCurrent: SettingField<Whole>.Place<Bool>,
    module: SettingField<Whole>.Place<[UInt8]>, isListening: SettingField<Whole>.Place<Bool>
  ) -> [SettingField<Whole>] {
    [
      .optional(
        "address", address, .whole(0...255), default: "the language's usual one",
        """
        The number of the board on a line or bus that several batteries share, as its switches or its \
        maker's program show it. Only for languages with numbers
        """),
      .setting(
        "inverts_current", invertsCurrent, .flag,
        """
        Whether its current comes with the wrong sign: some firmware does that. Only for languages \
        where that is known to happen
        """),
      .setting(
        "module", module, .module, default: "none",
        """
        The address of its radio module, such as `"A4:C1:38:00:11:22"`, where the module asks for it
        """),
      .setting(
        "listen", isListening, .flag,
        """
        Whether another host asks on the wire, such as a first battery that asks the others: then \
        nothing is ever sent, and answers to questions that Cellbus knows are understood
        """),
    ]
  }
}

extension SettingForm where Value == [UInt8] {
  /// The address of a radio module: six bytes in hexadecimal digits, with colons between them.
  static var module: Self {
    Self(kind: .text("an address", longest: 17)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if let bytes = child.value.string.flatMap(DoorSettings.module) { return bytes }
      reader.report(child, expected: "six bytes of an address such as \"A4:C1:38:00:11:22\"")
      return nil
    } write: { _ in
      .null
    }
  }
}

extension DoorSettings {
  /// The bytes of a module's address; `nil` for any other text.
  package static func module(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in
      part.utf8.count == 2 && !part.hasPrefix("+") ? UInt8(part, radix: 16) : nil
    }
    return bytes.count == 6 && parts.count == 6 ? bytes : nil
  }
}
