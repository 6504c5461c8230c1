// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Text

/// Register maps of batteries from a file, for commands that need no gateway.
enum MapFile {
  /// The option that names it.
  static let option = Option(
    "map", "FILE",
    "a file with your own register maps, such as cellbus.json5; FILE:NAME takes one of several")

  /// Every language that the file makes; none where no file is named.
  static func dialects(_ parsed: Parsed) throws(CommandFailure) -> [Dialect] {
    try maps(parsed).map(\.dialect)
  }

  private static func maps(_ parsed: Parsed) throws(CommandFailure) -> [ModbusMap] {
    guard let text = parsed.text(ifPresent: "map") else { return [] }
    let (path, name) = parts(text)
    let (maps, problems) = SettingsFile.maps(try Console.read(path))
    if let problem = problems.first(where: { $0.severity == .error }) {
      throw CommandFailure("\(path): \(problem)", .badData)
    }
    guard let name else { return maps }
    guard let map = maps.first(where: { $0.name == name }) else {
      let hint = EditDistance.nearest(name, in: maps.map(\.name)).map { "; did you mean \($0)?" }
      throw CommandFailure(
        "\(path): there is no map \(name.printable)\(hint ?? "")", .usage)
    }
    return [map]
  }

  /// The one language that the file is named for; `nil` where no file is named.
  static func dialect(_ parsed: Parsed) throws(CommandFailure) -> Dialect? {
    try map(parsed)?.dialect
  }

  /// The one map that the file is named for; `nil` where no file is named.
  static func map(_ parsed: Parsed) throws(CommandFailure) -> ModbusMap? {
    guard let text = parsed.text(ifPresent: "map") else { return nil }
    let maps = try maps(parsed)
    guard maps.count == 1 else {
      let names = maps.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        "\(text.printable): holds more than one map; say which: FILE:NAME with one of \(names)",
        .usage)
    }
    return maps[0]
  }

  /// A path and the name of a map behind it.
  private static func parts(_ text: String) -> (path: String, name: String?) {
    guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
    let name = text[text.index(after: colon)...]
    return name.isEmpty || name.contains("/")
      ? (text, nil) : (String(text[..<colon]), String(name))
  }
}
