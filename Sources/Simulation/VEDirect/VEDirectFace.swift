// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities

/// A SmartShunt on its VE.Direct port: a block of measurements and a block of history each second, and now
/// and then a frame of hexadecimal digits between them.
public struct VEDirectFace: UnitFace {
  /// What was ordered over the wire so far: nothing can be.
  public var orders = UnitOrders()
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []

  /// Milliseconds between two blocks of measurements.
  static let period: Int64 = 1000

  private var due = Tick(0)
  private var turns = 0

  /// A monitor.
  public init() {}

  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { due }

  /// Bytes came in: a monitor does not need to be asked.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {}

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    guard now >= due else { return .wait(until: due) }
    due = now + Self.period
    turns += 1
    guard !quirks.contains(.silent) else { return .wait(until: due) }
    var bytes = sealed(measured(state))
    // A register told without being asked, 0xED8D; the frame is only there to be passed over.
    if turns % 5 == 0 { bytes += Array(":A8DED00A1141C\n".utf8) }
    return .send(bytes + sealed(history(state)))
  }

  private func sealed(_ text: String) -> [UInt8] {
    var bytes = Array((text + "\r\nChecksum\t").utf8)
    var sum: UInt8 = quirks.contains(.wrongChecksum) ? 1 : 0
    for byte in bytes { sum &-= byte }
    bytes.append(sum)
    return bytes
  }

  private func measured(_ state: UnitState) -> String {
    let volts = Int64(state.voltage.raw)
    let amperes = Int64(state.current.raw)
    let watts = (volts * amperes).dividedRounding(by: 1_000_000)
    let consumed = Int64(state.remaining.raw) - Int64(state.full.raw)
    let minutes = amperes < -100 ? Int64(state.remaining.raw) * 60 / -amperes : -1
    var text = "\r\nPID\t0xA389\r\nV\t\(volts)"
    if state.temperatures.count > 0, let sensor = state.temperatures[0] {
      text += "\r\nT\t\(Int64(sensor.raw).dividedRounding(by: 100))"
    }
    text += "\r\nI\t\(amperes)\r\nP\t\(watts)\r\nCE\t\(consumed)"
    text += "\r\nSOC\t\(Int64(state.soc.raw).dividedRounding(by: 100_000))\r\nTTG\t\(minutes)"
    var reason = 0
    if state.alarms.has(.cellUndervoltage) || state.alarms.has(.packUndervoltage) { reason |= 1 }
    if state.alarms.has(.cellOvervoltage) || state.alarms.has(.packOvervoltage) { reason |= 2 }
    if state.alarms.has(.undertemperature) { reason |= 32 }
    if state.alarms.has(.overtemperature) { reason |= 64 }
    text += "\r\nAlarm\t\(reason == 0 ? "OFF" : "ON")\r\nAR\t\(reason)"
    return text + "\r\nBMV\tSmartShunt 500A/50mV\r\nFW\t0419\r\nMON\t0"
  }

  private func history(_ state: UnitState) -> String {
    "\r\nH1\t-50000\r\nH2\t-10000\r\nH3\t-20000\r\nH4\t\(state.cycles)\r\nH5\t0\r\nH6\t-900000"
      + "\r\nH7\t40000\r\nH8\t58000\r\nH9\t3600\r\nH10\t9\r\nH11\t0\r\nH12\t0\r\nH15\t0\r\nH16\t0"
      + "\r\nH17\t4600\r\nH18\t4900"
  }
}
