// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Text

/// What a command line tells of one battery's language.
enum BatterySpeech {
  /// The options that tell it.
  static let options: [Option] = [
    Option("address", "N", "the number of the board on a shared line or bus", .integer(0...255)),
    Option(flag: "inverts-current", "take its current with the other sign"),
    Option("module", "ADDRESS", "the address of its radio module, such as A4:C1:38:00:11:22"),
  ]

  /// The language of `--map`, or else of `--dialect`.
  static func dialect(_ parsed: Parsed) throws(CommandFailure) -> Dialect {
    if let own = try MapFile.dialect(parsed) { return own }
    return try dialect(try parsed.text("dialect"), parsed)
  }

  /// The language with that name and with what the command line tells; refuses what it has no use for.
  static func dialect(_ name: String, _ parsed: Parsed) throws(CommandFailure) -> Dialect {
    guard let usual = Dialect.named(name) else { throw CommandFailure("no such dialect", .usage) }
    var door = DoorSettings(dialect: name, link: .can(""))
    var refusals: [Dialect.Refusal?] = []
    if let address = parsed.number(ifPresent: "address") {
      door.address = UInt8(clamping: address)
      refusals.append(usual.refusal(ofAddress: UInt8(clamping: address)))
    }
    if parsed.flag("inverts-current") {
      door.invertsCurrent = true
      refusals.append(usual.refusalOfInversion)
    }
    if let text = parsed.text(ifPresent: "module") {
      guard let bytes = DoorSettings.module(text) else {
        throw CommandFailure(
          "--module \(text.printable): six bytes are wanted, such as A4:C1:38:00:11:22", .usage)
      }
      door.module = bytes
      refusals.append(usual.refusalOfModule)
    }
    if let refusal = refusals.compactMap(\.self).first {
      throw CommandFailure(
        "\(refusal.found) is given, where \(name) takes \(refusal.expected)", .usage)
    }
    return door.language()
  }
}
