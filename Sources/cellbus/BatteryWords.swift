// SPDX-License-Identifier: Apache-2.0

import Dialects
import Text

/// What a command line tells of a battery before its language can be spoken.
enum BatteryWords {
  /// The options for batteries of a language.
  static func options(of dialect: Dialect) -> [Option] {
    switch "\(dialect.name)" {
    case "daly-a5", "daly-81":
      [Option("address", "N", "the number of the board, where it is not 1", .integer(1...16))]
    case "jk-pb", "jk-modbus":
      [Option("address", "N", "the number of the board, where it is not 1", .integer(1...15))]
    case "jbd":
      [
        Option(
          "password-file", "FILE", "a file with the six digits that the battery asks for, or -")
      ]
    default: []
    }
  }

  /// Whether a line that this program opens can lead to batteries of a language.
  static func hasLine(_ dialect: Dialect) -> Bool {
    dialect.doors.contains { door in
      switch door {
      case .uart, .rs485, .modbusTCP: true
      case .can, .bluetooth: false
      }
    }
  }

  /// What they say.
  static func options(_ parsed: Parsed) throws(CommandFailure) -> DialectOptions {
    var options = DialectOptions()
    if let number = parsed.number(ifPresent: "address") {
      options.address = UInt8(truncatingIfNeeded: number)
    }
    guard let path = parsed.text(ifPresent: "password-file") else { return options }
    var bytes = try Console.read(path)
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard bytes.count == 6, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw CommandFailure("\(path): six digits are wanted", .badData)
    }
    options.password = bytes
    return options
  }
}
