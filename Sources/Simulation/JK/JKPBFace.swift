// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

/// A simulated JK board of the PB series on RS485: the write of a trigger makes it send a frame, a zero,
/// the acknowledgement and another zero.
///
/// The write of a setting changes it.
public struct JKPBFace: UnitFace {
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far.
  public var orders: UnitOrders {
    get { board.orders }
    set { board.orders = newValue }
  }
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { outbox.first?.at ?? .never }

  private var board: JKBoard
  private var inbox: [UInt8] = []
  private var outbox: [Outgoing] = []

  /// Bytes of a write without its data.
  private static let head = 9

  /// A board; its number is that of the design.
  public init(_ design: JKDesign) {
    var design = design
    design.form = .cells32
    design.hasMoreSensors = true
    board = JKBoard(design)
  }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= Self.head {
      let length = Self.head + Int(inbox[6])
      guard inbox[0] == board.design.address, inbox[1] == 0x10, length <= 13 else {
        inbox.removeFirst()
        continue
      }
      guard inbox.count >= length else { return }
      let request = Array(inbox[0..<length])
      guard
        request.span.littleUInt16(at: length - 2)
          == Checksum.crc16Modbus(request.span, count: length - 2)
      else {
        inbox.removeFirst()
        continue
      }
      inbox.removeFirst(length)
      if !quirks.contains(.silent), !quirks.contains(.refusing) { take(request, state, at: now) }
    }
  }

  private mutating func take(_ request: [UInt8], _ state: UnitState, at now: Tick) {
    var acknowledgement = Array(request[0..<6])
    acknowledgement.appendLittle(Checksum.crc16Modbus(acknowledgement.span))
    if request[2] == 0x16, let page = page(request[3], state) {
      var answer = page.sealed(0)
      if quirks.contains(.wrongChecksum) { answer[answer.count - 1] ^= 0x5A }
      answer += [0] + acknowledgement + [0]
      if quirks.contains(.endless) { answer.removeLast(30) }
      outbox.append(Outgoing(at: now + 60, bytes: answer))
    } else if board.write(at: request.span.bigUInt16(at: 2), Array(request[7..<request.count - 2]))
    {
      if quirks.contains(.wrongChecksum) { acknowledgement[7] ^= 0x5A }
      outbox.append(Outgoing(at: now + 40, bytes: acknowledgement))
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { outbox = [] }
    guard let first = outbox.first, first.at <= now else { return .wait(until: deadline) }
    outbox.removeFirst()
    return .send(first.bytes)
  }

  private func page(_ trigger: UInt8, _ state: UnitState) -> JKPage? {
    switch trigger {
    case 0x1C: board.device
    case 0x1E: board.settings
    case 0x20: board.cells(state)
    default: nil
    }
  }
}
