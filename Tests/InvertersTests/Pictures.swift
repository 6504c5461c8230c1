// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Wire

extension SplitMix64 {
  /// True in so many of a hundred cases.
  mutating func coin(_ percent: Int = 50) -> Bool {
    Int.random(in: 0..<100, using: &self) < percent
  }
}

/// A 16-cell pack of which everything is known.
enum Pictures {
  static let now = Tick(1_000_000)

  static var reading: Reading {
    var reading = Reading()
    for index in 0..<16 { reading.cells.append(.decimillivolts(33_000 + index * 7)) }
    for celsius in [2150, 2480, 1990] { reading.temperatures.append(.centidegrees(celsius)) }
    reading.set(.voltage, Voltage.millivolts(52_888))
    reading.set(.current, Current.milliamperes(-12_340))
    reading.set(.soc, Percent.centipercent(6789))
    reading.set(.soh, Percent.centipercent(9870))
    reading.set(.full, Charge.ampereHours(304))
    reading.set(.nominal, Charge.ampereHours(314))
    reading[.chargeEnabled] = 1
    reading[.dischargeEnabled] = 1
    reading[.energyCharged] = 211_249_999
    reading[.energyDischarged] = 183_500_000
    reading.reportsAlarms = true
    reading.reportable = .of(
      .cellOvervoltage, .cellUndervoltage, .overtemperature, .chargeUndertemperature,
      .dischargeOvercurrent, .chargeOvercurrent, .internalFault)
    reading.identity.model = Label("TinyBMS s516")
    reading.identity.serial = Label("39303639001B500F2037")
    reading.identity.firmware = Label("2.1.242")
    return reading
  }

  static func limits(
    charge voltage: Int = 55_290, _ charging: Int = 99_990, discharging: Int = 120_000
  ) -> Limits {
    Limits(
      chargeVoltage: Limit(.millivolts(voltage), .user),
      chargeCurrent: Limit(.milliamperes(charging), .user),
      dischargeCurrent: Limit(.milliamperes(discharging), .user),
      dischargeVoltage: .millivolts(46_410), mode: .bulk)
  }

  static func picture(
    _ reading: Reading = reading, _ freshness: Freshness = .fresh, limits: Limits? = limits(),
    identity: InverterIdentity = InverterIdentity(family: Label("LFP16S")),
    chargeRequested: Bool? = nil
  ) -> InverterPicture {
    var snapshot = Snapshot()
    snapshot.take(reading, at: now, isLive: true)
    return InverterPicture(
      snapshot: snapshot, freshness: freshness, limits: limits, identity: identity,
      chargeRequested: chargeRequested)
  }

  /// A battery of which at random some things are known, now and then far outside what frames can hold.
  static func random(_ numbers: inout SplitMix64) -> InverterPicture {
    var reading = Reading()
    func some(_ range: ClosedRange<Int64>, _ numbers: inout SplitMix64) -> Int64? {
      guard numbers.coin(85) else { return nil }
      let isWild = numbers.coin(5)
      return .random(in: isWild ? Int64(Int32.min)...Int64(Int32.max) : range, using: &numbers)
    }
    reading[.voltage] = some(0...340_000, &numbers)
    reading[.current] = some(-3_300_000...3_300_000, &numbers)
    reading[.soc] = some(-1_000_000...101_000_000, &numbers)
    reading[.soh] = some(0...104_000_000, &numbers)
    reading[.cellMin] = some(0...50_000, &numbers)
    reading[.cellMax] = some(0...50_000, &numbers)
    reading[.temperatureMin] = some(-4_000...9_000, &numbers)
    reading[.temperatureMax] = some(-4_000...9_000, &numbers)
    reading[.cellMinNumber] = some(1...48, &numbers)
    reading[.cellMaxNumber] = some(1...48, &numbers)
    reading[.energyCharged] = some(0...9_000_000_000_000, &numbers)
    reading[.energyDischarged] = some(0...9_000_000_000_000, &numbers)
    reading[.full] = some(0...2_000_000, &numbers)
    reading[.nominal] = some(0...2_000_000, &numbers)
    if numbers.coin(70) { reading[.chargeEnabled] = numbers.coin() ? 1 : 0 }
    if numbers.coin(70) { reading[.dischargeEnabled] = numbers.coin() ? 1 : 0 }
    if numbers.coin(80) {
      reading.reportsAlarms = true
      let all = (UInt64(1) << UInt64(Alarm.allCases.count)) - 1
      let mask = { (numbers: inout SplitMix64) in numbers.next() & numbers.next() & all }
      reading.reportable = AlarmSet(rawValue: numbers.next() & all)
      reading.alarms = AlarmSet(rawValue: mask(&numbers) & mask(&numbers))
      reading.warnings = AlarmSet(rawValue: mask(&numbers) & mask(&numbers))
    }
    if numbers.coin() { reading.identity.model = text(0...32, &numbers) }
    if numbers.coin() { reading.identity.serial = text(0...32, &numbers) }
    if numbers.coin() {
      let parts = (0...2).map { _ in Int.random(in: 0...300, using: &numbers) }
      reading.identity.firmware = Label("\(parts[0]).\(parts[1]).\(parts[2])".utf8)
    }
    var limits: Limits?
    if numbers.coin(90) {
      let wild = numbers.coin(10)
      let amount = { (numbers: inout SplitMix64) in
        Int.random(in: wild ? -4_000_000...4_000_000 : 0...400_000, using: &numbers)
      }
      limits = Self.limits(
        charge: Int.random(in: wild ? -1000...8_000_000 : 20_000...60_000, using: &numbers),
        amount(&numbers), discharging: amount(&numbers))
    }
    let stages = Freshness.allCases
    return picture(
      reading,
      numbers.coin(80) ? .fresh : stages[Int.random(in: 0..<stages.count, using: &numbers)],
      limits: limits, identity: InverterIdentity(family: text(0...8, &numbers)),
      chargeRequested: numbers.coin(30) ? numbers.coin() : nil)
  }

  static func text(_ length: ClosedRange<Int>, _ numbers: inout SplitMix64) -> Label {
    let count = Int.random(in: length, using: &numbers)
    return Label((0..<count).map { _ in UInt8.random(in: 0x21...0x7E, using: &numbers) })
  }
}

extension [CANFrame] {
  /// The first frame with an identifier.
  func first(_ id: UInt32) -> CANFrame? { first { $0.id == id } }
}
