// SPDX-License-Identifier: Apache-2.0

package import Dialects

// What a language cannot do, in the words of a settings file.
extension Dialect {
  /// What was found, and what is expected instead.
  package typealias Refusal = (found: String, expected: String)

  /// Why it is not spoken on a wire; `nil` where it is.
  package func refusal(of link: ByteLinkSettings) -> Refusal? {
    switch link {
    case .serial, .tcp:
      guard serialBaud == nil else { return nil }
      let found = if case .tcp = link { "a serial server" } else { "a serial port" }
      return (found, "\(wires): \(title) is not read on a serial line")
    case .modbusTCP:
      guard overModbus == nil else { return nil }
      return ("a Modbus TCP gateway", "\(wires): \(title) cannot be read over Modbus TCP")
    case .can, .slcan:
      guard canBitrate == nil else { return nil }
      let others = Dialect.wired.filter { "\($0.maker)" == "\(maker)" && $0.canBitrate != nil }
      let hint =
        others.isEmpty
        ? "" : "; on CAN, \(maker) is " + others.map { "\"\($0.name)\"" }.joined(separator: " or ")
      return ("a CAN bus", "\(wires): \(title) is not read on CAN\(hint)")
    }
  }

  /// Why it has no use for a number of the board; `nil` where it has.
  package func refusal(ofAddress address: UInt8) -> Refusal? {
    guard let known = choices.addresses else {
      return ("the address \(address)", "none: \(title) has no number")
    }
    guard !known.contains(address) else { return nil }
    return ("the address \(address)", "\(known.lowerBound) to \(known.upperBound) for \(title)")
  }

  /// Why the sign of its current is not turned round; `nil` where it may be.
  package var refusalOfInversion: Refusal? {
    guard !choices.invertsCurrent else { return nil }
    return ("a current turned round", "none: of \(title) no other sign is known")
  }

  /// Why it has no use for the address of a radio module; `nil` where it has.
  package var refusalOfModule: Refusal? {
    guard !choices.module else { return nil }
    return ("the address of a module", "none: \(title) does not ask for one")
  }

  /// The wires on which it is spoken, for people.
  private var wires: String {
    var wires: [String] = []
    if serialBaud != nil { wires.append("a serial port or a serial server") }
    if overModbus != nil { wires.append("a Modbus TCP gateway") }
    if canBitrate != nil { wires.append("a CAN bus, such as link: { can: \"can0\" }") }
    return wires.isEmpty ? "another language" : wires.joined(separator: ", or ")
  }
}
