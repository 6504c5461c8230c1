// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

/// A simulated JK board behind its Bluetooth module: commands of 20 bytes, frames of 300 in pieces, and a
/// stream that nobody asks for again.
///
/// Quirks of real boards: pieces that are no frames, `AT` and a line end out of nowhere, a short message
/// that it is ready after most answers, and no acknowledgement of a write.
public struct JKBLEFace: UnitFace {
  private static let head: [UInt8] = [0xAA, 0x55, 0x90, 0xEB]
  private static let commandLength = 20
  /// What a module says to itself, and lets everybody hear.
  private static let noise: [UInt8] = [0x41, 0x54, 0x0D, 0x0A]
  /// Milliseconds between two pieces.
  private static let gap: Int64 = 10
  /// Every so many frames of the stream the module talks to itself.
  private static let noisy = 7

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { min(outbox.first?.at ?? .never, nextFrame) }
  /// What was ordered over the wire so far.
  public var orders: UnitOrders {
    get { board.orders }
    set { board.orders = newValue }
  }

  private var board: JKBoard
  private var inbox: [UInt8] = []
  private var outbox: [Outgoing] = []
  private var nextFrame = Tick.never
  private var counter: UInt8 = 0

  /// A board.
  public init(_ design: JKDesign = JKDesign()) { board = JKBoard(design) }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= Self.commandLength {
      let command = Array(inbox[0..<Self.commandLength])
      var sum: UInt8 = 0
      for byte in command.dropLast() { sum &+= byte }
      guard command.starts(with: Self.head), command.last == sum else {
        inbox.removeFirst()
        continue
      }
      inbox.removeFirst(Self.commandLength)
      if !quirks.contains(.silent), !quirks.contains(.refusing) { take(command, at: now) }
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) {
      outbox = []
    } else if nextFrame <= now, outbox.isEmpty {
      send(board.cells(state), after: 0, at: now)
      if Int(counter) % Self.noisy == 0 { say(Self.noise, after: 0, at: now) }
    }
    while nextFrame <= now { nextFrame = nextFrame + board.design.period }
    guard let first = outbox.first, first.at <= now else { return .wait(until: deadline) }
    outbox.removeFirst()
    return .send(first.bytes)
  }

  private mutating func take(_ command: [UInt8], at now: Tick) {
    switch command[4] {
    case 0x97:
      send(board.device, after: 60, at: now)
      ready(at: now)
    case 0x96:
      send(board.settings, after: 80, at: now)
      ready(at: now)
      if nextFrame == .never { nextFrame = now + 400 }
    default:
      board.write(command[4], Array(command[6..<6 + min(13, Int(command[5]))]))
      ready(at: now)
    }
  }

  private mutating func ready(at now: Tick) {
    var message = Self.head + [0xC8, 1, 1]
    message += [UInt8](repeating: 0, count: 12)
    message.append(0x44)
    say(message + Self.noise, after: 50, at: now)
  }

  private mutating func send(_ page: JKPage, after delay: Int64, at now: Tick) {
    counter &+= 1
    var bytes = page.sealed(counter)
    if quirks.contains(.wrongChecksum) { bytes[bytes.count - 1] ^= 0x5A }
    if quirks.contains(.endless) { bytes.removeLast(100) }
    say(bytes, after: delay, at: now)
  }

  /// Lets bytes go out in pieces, after all that goes out before.
  private mutating func say(_ bytes: [UInt8], after delay: Int64, at now: Tick) {
    var time = max(now + delay, outbox.last.map { $0.at + Self.gap } ?? now)
    var place = 0
    while place < bytes.count {
      let end = min(bytes.count, place + max(1, board.design.piece))
      outbox.append(Outgoing(at: time, bytes: Array(bytes[place..<end])))
      place = end
      time = time + Self.gap
    }
  }
}
