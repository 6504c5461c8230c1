// SPDX-License-Identifier: Apache-2.0

import Text

extension SettingForm where Value == Secret {
  /// A secret that lies outside the settings file; the file only says where.
  ///
  /// What is wrong in the file is an error. A secret that is not there, or lies open, is a warning: it
  /// is not used, and the battery is read and the inverter driven without it.
  static func secret(longest: Int) -> Self {
    let place = SettingForm<SecretSource.Place>.oneOf(SecretSource.places)
    return Self(kind: place.kind) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      switch child.value.content {
      case .string, .number:
        // The value itself must not be repeated.
        reader.report(
          child, found: "a secret in plain text",
          expected: "where it lies instead, because settings are shown and copied: "
            + SecretSource.places.map(\.example).joined(separator: ", "))
        return nil
      default: break
      }
      let before = reader.problems.count
      guard let place = place.read(&reader, node, key), reader.problems.count == before else {
        return nil
      }
      do throws(SecretSource.Fault) {
        return try reader.secrets.read(place, longest: longest)
      } catch {
        reader.report(child, found: error.found, expected: error.expected, severity: .warning)
        return nil
      }
    } write: { _ in
      .string(Secret.mask)
    }
  }
}

extension SecretSource {
  /// The ways in which the settings file says where a secret lies.
  fileprivate static let places: [SettingVariant<Place>] = [
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "env", \.self, .text("a name"), needed: "the name of a variable",
            "A variable of the environment")
        ]), "{ env: \"NAME\" }"
    ) { .variable($0) },
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "credential", \.self, .text("a name"), needed: "the name of a credential",
            "A credential of systemd: `LoadCredential=` of the service names it")
        ]), "{ credential: \"name\" }"
    ) { .credential($0) },
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "file", \.self, .path(), needed: "a path",
            "A file that only its owner may read (mode 600 or 400)")
        ]), "{ file: \"/path\" }"
    ) { .file($0) },
  ]
}
