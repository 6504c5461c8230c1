// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension VEDirect {
  /// Checks one block and takes its values over.
  static func read(
    _ bytes: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let block = try VEDirectBlock(bytes)
    if isHistory(block) {
      try placeHistory(block, &reading)
      return
    }
    try place(block, &reading, inverts: inverts)
    facts.isLive = true
  }

  static func isHistory(_ block: VEDirectBlock) -> Bool {
    block["H17"] != nil && block["H1"] != nil && block["V"] == nil
  }

  /// What a monitor measures; blocks of chargers and of other meters are no battery.
  private static func place(
    _ block: VEDirectBlock, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard block["SOC"] != nil, block["CE"] != nil, let voltage = try block.number("V"),
      let current = try block.number("I")
    else { throw .notAReading }
    // A shunt may be set to watch a charger or a load: then its current is not that of a battery.
    guard try block.number("MON") ?? 0 == 0 else { throw .notAReading }
    let soc = try block.number("SOC")
    guard (0...100_000).contains(voltage), current.magnitude <= 4_000_000,
      (0...1000).contains(soc ?? 0)
    else { throw .implausible("no battery has such a voltage, current or state of charge") }
    let temperature = try block.number("T")
    guard (-60...150).contains(temperature ?? 20) else {
      throw .implausible("a temperature lies outside -60 to 150 °C")
    }
    let power = try block.number("P")
    try checkPower(power, voltage, current)
    reading.set(.voltage, Voltage.millivolts(voltage))
    reading.set(.current, Current.milliamperes(inverts ? -current : current))
    reading[.power] = power.map { (inverts ? -$0 : $0) * 1000 }
    reading.set(.soc, soc.map { Percent.centipercent($0 * 10) })
    // -1 means that it would last for ever.
    if let minutes = try block.number("TTG"), minutes >= 0 { reading[.timeToEmpty] = minutes * 60 }
    if let temperature { reading.temperatures.append(.degrees(temperature)) }
    try placeAlarms(block, &reading)
    reading.identity = identity(block)
  }

  /// The power is voltage times current, in whole watts.
  private static func checkPower(
    _ power: Int64?, _ voltage: Int64, _ current: Int64
  ) throws(WireError) {
    guard let power else { return }
    let product = voltage * current / 1_000_000
    // Both may be measurements of different moments.
    guard (power - product).magnitude <= max(20, product.magnitude / 5) else {
      throw .implausible("the power is not voltage times current")
    }
  }

  private static func placeHistory(
    _ block: VEDirectBlock, _ reading: inout Reading
  ) throws(WireError) {
    reading[.cycles] = try block.number("H4")
    // In steps of 0.01 kWh.
    let discharged = try block.number("H17")
    let charged = try block.number("H18")
    guard (0...100_000_000).contains(discharged ?? 0), (0...100_000_000).contains(charged ?? 0)
    else { throw .implausible("no battery has seen so much energy") }
    reading.set(.energyDischarged, discharged.map { Energy.wattHours($0 * 10) })
    reading.set(.energyCharged, charged.map { Energy.wattHours($0 * 10) })
  }

  /// The reasons of an alarm, a bit each; the starter battery's two are not this battery's.
  private static let reasons: [8 of Alarm?] = [
    .packUndervoltage, .packOvervoltage, .socLow, nil, nil, .undertemperature, .overtemperature,
    .cellImbalance,
  ]

  private static func placeAlarms(
    _ block: VEDirectBlock, _ reading: inout Reading
  ) throws(WireError) {
    guard let word = block["Alarm"] else { return }
    reading.reportsAlarms = true
    let bits = try block.number("AR") ?? 0
    let isOn = word == Array("ON".utf8)
    guard isOn || word == Array("OFF".utf8) else { throw .implausible("its alarm is neither") }
    for bit in 0..<8 {
      guard let alarm = reasons[bit] else { continue }
      reading.reportable.formUnion(AlarmSet(alarm))
      if isOn, bits >> Int64(bit) & 1 == 1 { reading.alarms.formUnion(AlarmSet(alarm)) }
    }
  }

  private static func identity(_ block: VEDirectBlock) -> Identity {
    var identity = Identity()
    identity.manufacturer = Label("Victron Energy")
    identity.serial = block["SER#"].map { Label($0) }
    if let name = block["BMV"] {
      // Old monitors send their number alone.
      let isNumber = name.first.map { (0x30...0x39).contains($0) } ?? false
      identity.model = Label(isNumber ? Array("BMV-".utf8) + name : name)
    }
    identity.firmware = block["FW"].flatMap(firmware)
    return identity
  }

  /// `0308` is 3.08; a letter in front tells a candidate for a release.
  private static func firmware(_ text: [UInt8]) -> Label? {
    guard text.count >= 3 else { return nil }
    var head = Array(text[..<(text.count - 2)])
    while head.count > 1, head.first == UInt8(ascii: "0") { head.removeFirst() }
    return Label(head + [UInt8(ascii: ".")] + text[(text.count - 2)...])
  }
}
