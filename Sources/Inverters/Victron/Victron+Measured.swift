// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Victron {
  /// 0x355: state of charge and health.
  ///
  /// Both are rounded down, so that 100 % is said only of a battery that says so itself. Where neither
  /// the battery nor its owner tells the health, the frame ends after the state of charge: no mark for
  /// "not known" is documented for this field, and a made-up 100 % would be shown as if it were true.
  static func charge(_ picture: InverterPicture) -> CANFrame? {
    guard let soc = picture.recent(.soc) else { return nil }
    let hundredths = UInt16(clamping: min(10_000, soc / 10_000))
    var payload = Payload()
    payload.putLittle(hundredths / 100)
    let reported = picture.snapshot.reading.amount(.soh, as: PercentScale.self)
    guard let health = reported ?? picture.identity.health else { return payload.frame(0x355) }
    payload.putLittle(UInt16(clamping: health.raw / 1_000_000))
    payload.putLittle(hundredths)
    payload.fill()
    return payload.frame(0x355)
  }

  /// 0x356: voltage, current, temperature of the hottest sensor.
  ///
  /// A value beyond its field is not known to this protocol: clamped it would be wrong.
  static func measured(_ picture: InverterPicture) -> CANFrame? {
    guard let voltage = field(picture.recent(.voltage), over: 10) else { return nil }
    var payload = Payload()
    payload.putLittle(voltage)
    guard let current = field(picture.recent(.current), over: 100) else {
      return payload.frame(0x356)
    }
    payload.putLittle(current)
    guard let temperature = field(picture.recent(.temperatureMax), over: 10) else {
      return payload.frame(0x356)
    }
    payload.putLittle(temperature)
    payload.fill()
    return payload.frame(0x356)
  }

  /// 0x372: the battery as a bank of one module.
  static func modules(_ picture: InverterPicture) -> CANFrame {
    let modules = picture.modules
    var payload = Payload()
    payload.putLittle(modules.online ?? Payload.unsupported)
    payload.putLittle(modules.blockingCharge ?? Payload.unsupported)
    payload.putLittle(modules.blockingDischarge ?? Payload.unsupported)
    payload.putLittle(modules.offline ?? Payload.unsupported)
    return payload.frame(0x372)
  }

  /// 0x373: extremes of cells in millivolts, of sensors in whole kelvin (°C + 273).
  static func extremes(_ picture: InverterPicture) -> CANFrame? {
    let low = millivolts(picture.recent(.cellMin))
    let high = millivolts(picture.recent(.cellMax))
    let cold = kelvin(picture.recent(.temperatureMin))
    let hot = kelvin(picture.recent(.temperatureMax))
    guard low != nil || high != nil || cold != nil || hot != nil else { return nil }
    var payload = Payload()
    payload.putLittle(low ?? Payload.unsupported)
    payload.putLittle(high ?? Payload.unsupported)
    guard cold != nil || hot != nil else { return payload.frame(0x373) }
    payload.putLittle(cold ?? Payload.unsupported)
    payload.putLittle(hot ?? Payload.unsupported)
    return payload.frame(0x373)
  }

  /// 0x374, 0x375: a cell by its number, such as `C07`.
  static func cell(_ point: Point, _ picture: InverterPicture, _ id: UInt32) -> CANFrame? {
    guard let number = picture.recent(point), let number = UInt16(exactly: number),
      number > 0
    else { return nil }
    var payload = Payload()
    payload.put(UInt8(ascii: "C"), number, digits: 2)
    payload.fill()
    return payload.frame(id)
  }

  /// 0x376, 0x377: the first sensor that reads an extreme, by its number, such as `T2`.
  static func sensor(_ point: Point, _ picture: InverterPicture, _ id: UInt32) -> CANFrame? {
    guard let extreme = picture.recent(point) else { return nil }
    let sensors = picture.snapshot.reading.temperatures
    for index in 0..<sensors.count {
      guard let temperature = sensors[index], Int64(temperature.raw) == extreme else { continue }
      var payload = Payload()
      payload.put(UInt8(ascii: "T"), UInt16(index + 1), digits: 1)
      payload.fill()
      return payload.frame(id)
    }
    return nil
  }

  /// 0x378: energy in and out in steps of 100 Wh; beyond 32 bits the counters begin again at zero.
  static func energy(_ picture: InverterPicture) -> CANFrame? {
    let reading = picture.snapshot.reading
    guard let charged = reading[.energyCharged], let discharged = reading[.energyDischarged],
      charged >= 0, discharged >= 0
    else { return nil }
    var payload = Payload()
    payload.putLittle(UInt32(truncatingIfNeeded: charged / 100_000))
    payload.putLittle(UInt32(truncatingIfNeeded: discharged / 100_000))
    return payload.frame(0x378)
  }

  /// A measured value in coarser steps, rounded; `nil` when absent or beyond the field.
  static func field(_ value: Int64?, over divisor: Int64) -> Int16? {
    guard let steps = value.flatMap({ Int16(exactly: $0.dividedRounding(by: divisor)) }) else {
      return nil
    }
    return steps == .min ? nil : steps
  }

  static func millivolts(_ value: Int64?) -> UInt16? {
    supported(value.map { $0.dividedRounding(by: 10) })
  }

  private static func kelvin(_ value: Int64?) -> UInt16? {
    supported(value.map { $0.dividedRounding(by: 100) + 273 })
  }

  /// A value that the frame can tell from its two marks for "not supported", 0 and 0xFFFF.
  private static func supported(_ value: Int64?) -> UInt16? {
    guard let word = value.flatMap({ UInt16(exactly: $0) }), word != 0, word != Payload.unsupported
    else { return nil }
    return word
  }
}
