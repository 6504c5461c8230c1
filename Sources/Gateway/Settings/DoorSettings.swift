// SPDX-License-Identifier: Apache-2.0

package import Dialects

/// One way to a battery: a language on a wire.
package struct DoorSettings: Sendable, Hashable {
  /// The language, a name of `cellbus dialects` or of `dialects` in the settings.
  package var dialect: String
  /// Its register map, where the language is one of the settings' own.
  package var map: ModbusMap?
  /// The wire.
  package var link: ByteLinkSettings
  /// The number of the board on a shared line; `nil` takes the language's usual one.
  package var address: UInt8?
  /// Whether the battery tells its current with the other sign.
  package var invertsCurrent = false
  /// The radio module's own address, six bytes; empty where none is told.
  package var module: [UInt8] = []

  /// Whether another host asks on the wire, so that it is only listened to and nothing is ever sent.
  package var isListening = false

  /// A way with every other setting at its default.
  package init(dialect: String, link: ByteLinkSettings) {
    self.dialect = dialect
    self.link = link
  }

  /// The language with all that its owner tells of this battery.
  package func language(_ password: Secret? = nil) -> Dialect {
    if let map { return map.dialect }
    var options = DialectOptions()
    options.address = address
    options.invertsCurrent = invertsCurrent
    options.module = module
    options.password = password?.bytes ?? []
    // The settings reader accepts only names of dialects that exist.
    return Dialect.named(dialect, options) ?? Dialect.all[0]
  }

  /// Everything but the wire: what the battery is spoken to with.
  var speech: DoorSettings {
    var speech = self
    speech.link = .can("")
    return speech
  }
}

extension BatterySettings {
  /// All ways to it, in the order of preference.
  package var doors: [DoorSettings] { [door] + others }

  /// The language that it speaks, a name of `cellbus dialects`.
  package var dialect: String {
    get { door.dialect }
    set { door.dialect = newValue }
  }
  /// The wire that it speaks on.
  package var link: ByteLinkSettings {
    get { door.link }
    set { door.link = newValue }
  }
}
