// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKUART {
  /// Takes the values of a frame's tags over.
  static func place(
    _ tags: JKTags, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let sum = try placeCells(tags, &reading)
    guard let voltage = tags[0x83], let current = tags[0x84], let soc = tags[0x85],
      let switches = tags[0x8C], let alarms = tags[0x8B]
    else { throw .implausible("it tells neither voltage, current, charge, switches nor alarms") }
    guard soc <= 100 else { throw .implausible("the state of charge is above 100 %") }
    let margin = voltage / 2 + 100
    guard abs(voltage * 10 - sum) <= margin else {
      throw .implausible("its cells do not add up to the voltage of the pack")
    }
    reading.set(.voltage, Voltage.centivolts(voltage))
    let flow = self.current(current, hasSign: tags[0xC0] == 1)
    reading.set(.current, inverts ? -flow : flow)
    reading.set(.soc, Percent.percent(soc))
    reading.set(.mosfetTemperature, tags[0x80].flatMap(temperature))
    reading.temperatures.append(tags[0x81].flatMap(temperature))
    reading.temperatures.append(tags[0x82].flatMap(temperature))
    reading[.cycles] = tags[0x87]
    reading[.chargeEnabled] = switches & 1
    reading[.dischargeEnabled] = switches >> 1 & 1
    reading[.balancing] = switches >> 2 & 1
    reading.set(.nominal, tags[0xAA].map { Charge.ampereHours($0) })
    identify(tags, &reading.identity)
    placeAlarms(alarms, &reading)
    placeCutoffs(tags, &reading)
  }

  /// Takes the cells over; their sum in millivolts.
  private static func placeCells(
    _ tags: JKTags, _ reading: inout Reading
  ) throws(WireError) -> Int64 {
    guard let bytes = tags.text(0x79).map(Array.init), (bytes.count - 1) % 3 == 0,
      (1...32).contains((bytes.count - 1) / 3)
    else { throw .implausible("its number of cells cannot be") }
    let count = (bytes.count - 1) / 3
    if let told = tags[0x8A], told != count {
      throw .implausible("it tells another number of cells than it has")
    }
    var sum: Int64 = 0
    for index in 0..<count {
      let raw = Int(bytes.span.bigUInt16(at: 2 + 3 * index))
      guard bytes[1 + 3 * index] == index + 1, JKCells.isPossible(raw) else {
        throw .implausible("a cell has a voltage that none has")
      }
      reading.cells.place(.millivolts(raw), at: index)
      sum += Int64(raw)
    }
    reading[.cellCount] = Int64(count)
    return sum
  }

  /// A current: newer firmware, which says so by the tag C0, has a bit for charging; older counts down
  /// from 10000.
  private static func current(_ raw: Int64, hasSign: Bool) -> Current {
    guard hasSign else { return .milliamperes((10_000 - raw) * 10) }
    let size = (raw & 0x7FFF) * 10
    return .milliamperes(raw & 0x8000 == 0 ? -size : size)
  }

  /// A temperature; `nil` for what no sensor tells.
  ///
  /// Above 100 it counts down from zero, as the maker has it; others are one degree lower there.
  private static func temperature(_ raw: Int64) -> Temperature? {
    guard raw <= 160 else { return nil }
    return .degrees(raw > 100 ? 100 - raw : raw)
  }

  /// Takes over who the board is.
  static func identify(_ tags: JKTags, _ identity: inout Identity) {
    identity.firmware = label(tags, 0xB7)
    identity.model = label(tags, 0xBA)
  }

  private static func label(_ tags: JKTags, _ tag: UInt8) -> Label? {
    guard let label = tags.text(tag).map({ Label($0) }), !label.isEmpty else { return nil }
    return label
  }

  private static let alarms: [14 of Alarm] = [
    .remainingCapacityLow, .mosfetOvertemperature, .packOvervoltage, .packUndervoltage,
    .overtemperature, .chargeOvercurrent, .dischargeOvercurrent, .cellImbalance,
    .ambientOvertemperature, .undertemperature, .cellOvervoltage, .cellUndervoltage, .afeFault,
    .afeFault,
  ]

  private static func placeAlarms(_ bits: Int64, _ reading: inout Reading) {
    reading.reportsAlarms = true
    for bit in 0..<14 {
      reading.reportable.formUnion(AlarmSet(alarms[bit]))
      guard bits >> Int64(bit) & 1 == 1 else { continue }
      // Low capacity is told long before the board switches anything.
      if bit == 0 {
        reading.warnings.formUnion(AlarmSet(alarms[bit]))
      } else {
        reading.alarms.formUnion(AlarmSet(alarms[bit]))
      }
    }
  }

  private static func placeCutoffs(_ tags: JKTags, _ reading: inout Reading) {
    func cell(_ tag: UInt8) -> CellVoltage? {
      tags[tag].flatMap { (500...6000).contains($0) ? .millivolts($0) : nil }
    }
    func amperes(_ tag: UInt8) -> Current? {
      tags[tag].flatMap { $0 > 0 ? .amperes($0) : nil }
    }
    reading.cutoffs.cellOvervoltage = cell(0x90)
    reading.cutoffs.cellUndervoltage = cell(0x93)
    reading.cutoffs.dischargeOvercurrent = amperes(0x97)
    reading.cutoffs.chargeOvercurrent = amperes(0x99)
    if let charge = tags.signed(0xA3), let discharge = tags.signed(0xA4) {
      reading.cutoffs.overtemperature = .degrees(min(charge, discharge))
    }
    reading.cutoffs.chargeUndertemperature = tags.signed(0xA5).map { .degrees($0) }
  }
}
