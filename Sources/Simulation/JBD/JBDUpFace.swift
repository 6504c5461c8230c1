// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated JBD pack of the UP series: ranges of registers by number of the pack, of which it knows
/// the one with the state (0x1000).
///
/// It answers after 150 to 600 ms. It takes no orders: writes of the series carry a secret prefix and
/// nobody has published enough of them. Source: docs/protocols/jbd.md, captures of two units.
public struct JBDUpFace: UnitFace {
  /// What kind of pack it is.
  public struct Design: Sendable {
    /// Its number on the bus; 1 is the master.
    public var address: UInt8 = 1
    /// Charge voltage that it asks for, for each cell.
    public var chargeVoltage = CellVoltage.millivolts(3550)
    /// Charge current that it asks for.
    public var chargeCurrent = Current.amperes(100)
    /// Voltage down to which it lets itself be discharged, for each cell.
    public var dischargeVoltage = CellVoltage.millivolts(2800)
    /// Discharge current that it asks for.
    public var dischargeCurrent = Current.amperes(100)
    /// Capacity when new.
    public var nominal = Charge.ampereHours(100)
    /// Its serial number, up to 30 characters.
    public var serial = "SIM0000000001"

    /// The master of a bus, 100 Ah.
    public init() {}
  }

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far: nothing.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { queue.deadline }

  private let design: Design
  private var queue = ReplyQueue()
  private var inbox: [UInt8] = []
  private var lastByte = Tick(.min)
  private var random: SeededRandom

  /// A pack.
  public init(_ design: Design = Design(), seed: UInt64 = 1) {
    self.design = design
    random = SeededRandom(seed: seed ^ 0x78)
  }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    if now - lastByte > 100 { inbox = [] }
    lastByte = now
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= 10 {
      let crc = Checksum.crc16Modbus(inbox.span, count: 8)
      guard inbox[0] == design.address, inbox.span.littleUInt16(at: 8) == crc else {
        inbox.removeFirst()
        continue
      }
      let request = Array(inbox[0..<10])
      inbox.removeFirst(10)
      take(request, state, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { queue.clear() }
    if !quirks.contains(.endless) { queue.calm() }
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: queue.deadline)
  }

  private mutating func take(_ request: [UInt8], _ state: UnitState, at now: Tick) {
    let isDeaf =
      quirks.contains(.silent) || quirks.contains(.refusing) || quirks.contains(.asleep)
    guard !isDeaf, request[1] == 0x78, request.span.bigUInt16(at: 2) == 0x1000 else { return }
    if quirks.contains(.losingFrames), random.below(10) == 0 { return }
    let data = design.status(state)
    var frame = Array(request[0..<6])
    frame.appendBig(UInt16(data.count))
    frame += data
    frame.appendLittle(Checksum.crc16Modbus(frame.span))
    if quirks.contains(.wrongChecksum) { frame[frame.count - 1] ^= 0x5A }
    let delay = 150 + Int64(random.below(250))
    if quirks.contains(.endless) {
      queue.addEndless(frame, after: delay, at: now)
    } else {
      queue.add(frame, after: delay, at: now)
    }
  }
}
