// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
public import Wire

extension Victron {
  /// Reads one frame of either direction into what other frames said before.
  ///
  /// Shorter frames than usual are read as far as they go; bytes that the protocol does not define are
  /// ignored.
  ///
  /// - Throws: `WireError.truncated` when not even the first field is whole, `WireError.notAReading` for
  ///   a frame of another protocol.
  public static func decode(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    guard !frame.isExtended else { throw .notAReading }
    switch frame.id {
    case 0x351: try limits(frame, into: &result)
    case 0x355: try charge(frame, into: &result)
    case 0x356: try measured(frame, into: &result)
    case 0x35A: try alarms(frame, into: &result)
    case 0x35B: result.isShuttingDown = try byte(frame) & 0x10 != 0
    case 0x35F: try info(frame, into: &result)
    case 0x360: result.chargeRequested = try byte(frame) != 0
    case 0x372: try modules(frame, into: &result)
    case 0x373: try extremes(frame, into: &result)
    case 0x378: try energy(frame, into: &result)
    case 0x379:
      let capacity = unmarked(try word(frame))
      result.reading.set(.nominal, capacity.map(Charge.ampereHours))
    default: try texts(frame, into: &result)
    }
  }

  /// Whether a 0x307 carries the name of a Victron GX.
  static func isVictronTag(_ frame: CANFrame) -> Bool {
    frame.count >= 7 && frame.data[4] == UInt8(ascii: "V") && frame.data[5] == UInt8(ascii: "I")
      && frame.data[6] == UInt8(ascii: "C")
  }

  static func limits(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    let chargeVoltage = unmarked(try word(frame))
    result.reading.set(.chargeVoltageLimit, chargeVoltage.map(Voltage.decivolts))
    result.reading.set(.chargeCurrentLimit, signed(frame, at: 2).map(Current.deciamperes))
    result.reading.set(.dischargeCurrentLimit, signed(frame, at: 4).map(Current.deciamperes))
    let floor = frame.littleUInt16(at: 6).flatMap(unmarked)
    result.reading.set(.dischargeVoltageLimit, floor.map(Voltage.decivolts))
  }

  /// The fine state of charge is believed where it agrees with the whole percents; zero beside another
  /// state of charge is a field that is not used (Pylontech US5000).
  static func charge(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    let soc = unmarked(try word(frame))
    result.reading.set(.soc, soc.map(Percent.percent))
    result.reading.set(.soh, frame.littleUInt16(at: 2).flatMap(unmarked).map(Percent.percent))
    result.fineCharge = nil
    guard let soc, let fine = frame.littleUInt16(at: 4), fine > 0,
      (Int(fine) - Int(soc) * 100).magnitude <= 100
    else { return }
    result.fineCharge = .centipercent(fine)
  }

  private static func measured(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    _ = try word(frame)
    result.reading.set(.voltage, signed(frame, at: 0).map(Voltage.centivolts))
    result.reading.set(.current, signed(frame, at: 2).map(Current.deciamperes))
    result.reading.temperatures = .init()
    guard let temperature = signed(frame, at: 4) else { return }
    result.reading.temperatures.append(.decidegrees(temperature))
  }

  static func alarms(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    _ = try byte(frame)
    var bits: UInt64 = 0
    for index in 0..<8 { bits |= UInt64(frame.data[index]) << UInt64(index * 8) }
    result.reading.reportsAlarms = true
    result.reading.alarms = []
    result.reading.warnings = []
    result.reading.reportable = []
    for pair in VictronPair.allCases {
      let alarm = VictronPair.State(bits: bits >> pair.alarmShift)
      let warning = VictronPair.State(bits: bits >> pair.warningShift)
      guard let meaning = pair.alarm.map({ AlarmSet($0) }) else {
        result.generalAlarm = flag(alarm)
        result.generalWarning = flag(warning)
        continue
      }
      if alarm == .active { result.reading.alarms.formUnion(meaning) }
      if warning == .active { result.reading.warnings.formUnion(meaning) }
      guard alarm != .unsupported || warning != .unsupported else { continue }
      result.reading.reportable.formUnion(meaning)
    }
    result.isOnline = flag(VictronPair.State(bits: bits >> VictronPair.statusShift)).map { !$0 }
  }

  /// Whether a pair is active; `nil` where it says nothing.
  private static func flag(_ state: VictronPair.State) -> Bool? {
    state == .unsupported ? nil : state == .active
  }

  private static func modules(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    result.modules = InverterModules(
      online: unmarked(try word(frame)),
      blockingCharge: frame.littleUInt16(at: 2).flatMap(unmarked),
      blockingDischarge: frame.littleUInt16(at: 4).flatMap(unmarked),
      offline: frame.littleUInt16(at: 6).flatMap(unmarked))
  }

  private static func extremes(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    func field(_ offset: Int) -> UInt16? {
      frame.littleUInt16(at: offset).flatMap { $0 == 0 ? nil : unmarked($0) }
    }
    _ = try word(frame)
    result.reading.set(.cellMin, field(0).map(CellVoltage.millivolts))
    result.reading.set(.cellMax, field(2).map(CellVoltage.millivolts))
    result.coldest = field(4)
    result.hottest = field(6)
    result.reading.set(.temperatureMin, field(4).map { Temperature.degrees(Int($0) - 273) })
    result.reading.set(.temperatureMax, field(6).map { Temperature.degrees(Int($0) - 273) })
  }

  private static func energy(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    func field(_ offset: Int) -> Energy? {
      guard let count = frame.littleUInt32(at: offset), count != .max else { return nil }
      return .wattHours(Int64(count) * 100)
    }
    guard frame.count >= 4 else { throw .truncated(got: Int(frame.count), needed: 8) }
    result.reading.set(.energyCharged, field(0))
    result.reading.set(.energyDischarged, field(4))
  }

  private static func info(_ frame: CANFrame, into result: inout InverterReading) throws(WireError)
  {
    let product = unmarked(try word(frame))
    result.product = product == 0 ? nil : product
    if frame.count >= 4 {
      let major = frame.data[2]
      let minor = frame.data[3]
      let isTold = (major, minor) != (0, 0) && (major, minor) != (0xFF, 0xFF)
      result.reading.identity.firmware = isTold ? version(major, minor) : nil
    }
    let capacity = frame.littleUInt16(at: 4).flatMap(unmarked)
    result.onlineCapacity = capacity.flatMap { $0 == 0 ? nil : .ampereHours($0) }
  }

  private static func version(_ major: UInt8, _ minor: UInt8) -> Label {
    var text: [UInt8] = []
    Decimal.append(Int64(major), decimals: 0, to: &text)
    text.append(UInt8(ascii: "."))
    Decimal.append(Int64(minor), decimals: 0, to: &text)
    return Label(text)
  }

  static func byte(_ frame: CANFrame) throws(WireError) -> UInt8 {
    guard frame.count >= 1 else { throw .truncated(got: 0, needed: 1) }
    return frame.data[0]
  }

  /// The first word of a frame, without which it says nothing.
  static func word(_ frame: CANFrame) throws(WireError) -> UInt16 {
    guard let word = frame.littleUInt16(at: 0) else {
      throw .truncated(got: Int(frame.count), needed: 2)
    }
    return word
  }

  /// A signed word; `nil` when it is not there or holds SMA's mark for "not supported".
  static func signed(_ frame: CANFrame, at offset: Int) -> Int16? {
    frame.littleInt16(at: offset).flatMap { $0 == .min ? nil : $0 }
  }

  /// A word; `nil` when it holds the mark for "not supported".
  static func unmarked(_ word: UInt16) -> UInt16? {
    word == Mark.word ? nil : word
  }
}
