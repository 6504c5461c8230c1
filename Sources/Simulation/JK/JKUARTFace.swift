// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated JK board on its display port: `4E 57`, tag by tag.
public struct JKUARTFace: UnitFace {
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { outbox.first?.at ?? .never }

  let design: JKDesign
  /// The values of its settings by their tags, in the order in which it tells them.
  var settings: [(tag: UInt8, value: [UInt8])] = JKUARTFace.standard
  private var inbox: [UInt8] = []
  private var outbox: [Outgoing] = []

  /// A board.
  public init(_ design: JKDesign = JKDesign()) { self.design = design }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= 4 {
      let length = Int(inbox.span.bigUInt16(at: 2)) + 2
      guard inbox[0] == 0x4E, inbox[1] == 0x57, (21...60).contains(length) else {
        inbox.removeFirst()
        continue
      }
      guard inbox.count >= length else { return }
      let frame = Array(inbox[0..<length])
      guard frame.span.bigUInt16(at: length - 2) == Self.sum(frame.dropLast(4)) else {
        inbox.removeFirst()
        continue
      }
      inbox.removeFirst(length)
      if !quirks.contains(.silent), !quirks.contains(.refusing) { take(frame, state, at: now) }
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { outbox = [] }
    guard let first = outbox.first, first.at <= now else { return .wait(until: deadline) }
    outbox.removeFirst()
    return .send(first.bytes)
  }

  private mutating func take(_ frame: [UInt8], _ state: UnitState, at now: Tick) {
    let value = Array(frame[12..<frame.count - 9])
    switch frame[8] {
    case 0x06:
      var answer = Self.frame(body(state))
      if quirks.contains(.wrongChecksum) { answer[answer.count - 1] ^= 0x5A }
      if quirks.contains(.endless) { answer.removeLast(40) }
      // 282 bytes take 25 ms at 115200 bit/s; boards take about as long again before they begin.
      outbox.append(Outgoing(at: now + 60, bytes: answer))
    case 0x02:
      for index in settings.indices
      where settings[index].tag == frame[11] && settings[index].value.count == value.count {
        settings[index].value = value
      }
      orders.opensCharge = setting(0xAB) == [0]
      orders.opensDischarge = setting(0xAC) == [0]
      orders.stopsBalancing = setting(0x9D) == [0]
    default: break
    }
  }

  private func setting(_ tag: UInt8) -> [UInt8]? {
    for setting in settings where setting.tag == tag { return setting.value }
    return nil
  }

  private static func frame(_ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x4E, 0x57]
    bytes.appendBig(UInt16(body.count + 18))
    bytes += [0, 0, 0, 0, 6, 0, 1]
    bytes += body
    bytes += [0, 0, 0, 0, 0x68]
    let sum = sum(bytes)
    bytes += [0, 0]
    bytes.appendBig(sum)
    return bytes
  }

  private static func sum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt16 = 0
    for byte in bytes { sum &+= UInt16(byte) }
    return sum
  }
}
