// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What a simulated board of Daly says to each command of its classic language: eight bytes of data in
/// one frame or several, which its serial line and its CAN bus share.
///
/// Facts and sources: docs/protocols/daly.md. It is written from those alone and shares nothing with the
/// reader in `Dialects`, so that each finds the mistakes of the other.
struct DalyBoard: Sendable {
  /// Milliseconds after an order to restart in which it says nothing; assumed.
  private static let restart: Int64 = 2000

  let design: DalyDesign
  var settings: DalySettings
  var orders = UnitOrders()
  /// Its clock, and when it was right.
  private var clock: (time: CivilTime, at: Tick)
  private var deafUntil = Tick(.min)
  /// The data of the last frame, of which bytes stay where an answer is shorter.
  private var last: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

  init(_ design: DalyDesign, _ settings: DalySettings) {
    self.design = design
    self.settings = settings
    clock = (CivilTime(year: 24, month: 1, day: 1), Tick(0))
  }

  /// Answers a command.
  ///
  /// - Parameters:
  ///   - command: what is asked or ordered
  ///   - data: the eight bytes that came with it
  ///   - isLong: whether the host is one to which every frame is sent, of cells that are not there too
  ///   - state: what it measured
  ///   - now: real time
  /// - Returns: the data of each frame; none where it says nothing
  mutating func answer(
    _ command: UInt8, _ data: [UInt8], isLong: Bool, _ state: UnitState, at now: Tick
  ) -> [[UInt8]] {
    guard now >= deafUntil else { return [] }
    switch command {
    case 0x90...0x98: return live(command, isLong: isLong, state, at: now)
    case 0x50...0x63: return setup(command, state, at: now)
    case 0xD8: return [[0, 0, 0, 0, 0, 0, 0, 0]]
    case 0xD9, 0xDA:
      guard data[0] <= 1 else { return [] }
      if command == 0xD9 {
        orders.opensDischarge = data[0] == 0
      } else {
        orders.opensCharge = data[0] == 0
      }
      return [frame([data[0]])]
    case 0x21: return [frame([setClock(data, at: now) ? 1 : 0])]
    case 0x00:
      deafUntil = now + Self.restart
      return []
    default: return []
    }
  }

  /// Eight bytes that begin with those that mean something.
  mutating func frame(_ meaning: [UInt8]) -> [UInt8] {
    var bytes = meaning
    while bytes.count < 8 {
      switch design.filler {
      case .stale: bytes.append(last[bytes.count])
      case .ones: bytes.append(0xFF)
      case .zeros: bytes.append(0)
      }
    }
    last = bytes
    return bytes
  }

  /// Takes date, time and state of charge over; none of them where one cannot be.
  private mutating func setClock(_ data: [UInt8], at now: Tick) -> Bool {
    let share = data.span.bigUInt16(at: 6)
    let time = CivilTime(
      year: data[0], month: data[1], day: data[2], hour: data[3], minute: data[4], second: data[5])
    guard share <= 1000 else { return false }
    // A program that sends zeros for the date sets nonsense on a real board, too.
    clock = (time, now)
    orders.soc = .micropercent(Int64(share) * 100_000)
    return true
  }

  /// Its date and time.
  func time(at now: Tick) -> [UInt8] {
    let time = clock.time.after(seconds: (now - clock.at) / 1000)
    return [time.year, time.month, time.day, time.hour, time.minute, time.second]
  }
}
