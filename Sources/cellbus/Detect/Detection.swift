// SPDX-License-Identifier: Apache-2.0

import Dialects

/// What is tried on one line, and in which order.
///
/// The languages are listened for before anything is sent. Then they are asked for in groups of one
/// speed, the slowest first, so that a port is opened once for each.
struct Detection {
  /// What kind of line it is.
  enum Wire: Equatable {
    /// A serial port of this machine; a speed where its owner tells one.
    case serial(baud: Int?)
    /// A serial server, whose speed is set elsewhere.
    case stream
    /// A gateway that carries the functions of Modbus alone.
    case modbus
    /// A CAN bus.
    case can
  }

  /// One language with one number of the board.
  struct Probe {
    /// The language as it is spoken on this line.
    let dialect: Dialect
    /// The number of the board; `nil` for the usual one.
    let address: UInt8?

    /// The language and, where it is not the usual one, the number.
    var name: String { address.map { "\(dialect.name) address \($0)" } ?? dialect.name }
  }

  /// What happens between one opening of the line and the next.
  struct Round {
    /// Bits a second; `nil` where the line has no speed to choose.
    let baud: Int?
    /// Whether the probes are asked; otherwise all of them only listen.
    let isAsking: Bool
    /// The languages.
    let probes: [Probe]
  }

  /// What happens, in order: all rounds that only listen come first.
  let rounds: [Round]

  /// The rounds on a line for some languages; each is asked for at its usual number, and then at
  /// `addresses` where it has them.
  init(on wire: Wire, _ dialects: [Dialect], addresses: [UInt8] = []) {
    let spoken = dialects.compactMap { Self.language($0, on: wire) }
    var speeds: [Int?] = [nil]
    if case .serial(let baud) = wire {
      speeds = baud.map { [$0] } ?? Set(spoken.compactMap(\.serialBaud)).sorted()
    } else if wire == .can {
      speeds = Set(spoken.compactMap(\.canBitrate)).sorted()
    }
    let groups = speeds.map { speed in
      (
        speed,
        spoken.filter { dialect in
          switch wire {
          case .serial(nil): dialect.serialBaud == speed
          case .can: dialect.canBitrate == speed
          default: true
          }
        }
      )
    }
    let listening = groups.compactMap { speed, dialects -> Round? in
      // Answers of Modbus come to one who asks only.
      guard wire != .modbus, !dialects.isEmpty else { return nil }
      return Round(
        baud: speed, isAsking: false, probes: dialects.map { Probe(dialect: $0, address: nil) })
    }
    let asking = groups.compactMap { speed, dialects -> Round? in
      let probes = dialects.filter { !$0.polls.isEmpty }.flatMap {
        Self.probes($0, addresses, on: wire)
      }
      return probes.isEmpty ? nil : Round(baud: speed, isAsking: true, probes: probes)
    }
    rounds = listening + asking
  }

  /// Whether a message is one that may be sent: a call or a question of a language's own, and so nothing
  /// that changes a battery.
  static func mayAsk(_ bytes: [UInt8], in dialect: Dialect) -> Bool {
    if let wake = dialect.wake, wake.bytes == bytes { return true }
    return dialect.polls.contains { poll in poll.requests.contains { $0.bytes == bytes } }
  }

  /// A language as it is spoken on a line; `nil` where it is not.
  private static func language(_ dialect: Dialect, on wire: Wire) -> Dialect? {
    switch wire {
    case .serial, .stream: dialect.serialBaud == nil ? nil : dialect
    case .modbus: dialect.overModbus
    case .can: dialect.canBitrate == nil ? nil : dialect
    }
  }

  private static func probes(_ dialect: Dialect, _ addresses: [UInt8], on wire: Wire) -> [Probe] {
    var probes = [Probe(dialect: dialect, address: nil)]
    guard let known = dialect.choices.addresses else { return probes }
    for address in addresses
    where known.contains(address) && address != dialect.choices.usualAddress {
      var options = DialectOptions()
      options.address = address
      guard let other = Dialect.named(dialect.name, options),
        let spoken = language(other, on: wire)
      else { continue }
      probes.append(Probe(dialect: spoken, address: address))
    }
    return probes
  }
}
