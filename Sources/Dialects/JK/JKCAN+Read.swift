// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKCAN {
  /// Takes the values of a frame over; the picture is whole when every frame that limits need has come
  /// since the last one.
  static func read(
    _ record: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading, board: UInt8,
    inverts: Bool
  ) throws(WireError) {
    guard let frame = CANRecord.frame(record) else {
      throw .truncated(got: record.count, needed: CANRecord.length)
    }
    guard let topic = topic(frame, board: board) else {
      throw .unexpected(byte: record[3], at: 3)
    }
    if facts.isFirst {
      facts[Slot.topics] = 0
      facts[Slot.pages] = 0
    }
    switch topic {
    case Topic.pack:
      try placePack(frame, &reading, inverts: inverts)
      note(0, &facts)
    case Topic.cells:
      try placeExtremes(frame, &reading)
      note(1, &facts)
    case Topic.temperatures:
      reading.set(.temperatureMax, temperature(frame.data[0]))
      reading.set(.temperatureMin, temperature(frame.data[2]))
      reading.set(.temperatureAverage, temperature(frame.data[4]))
      note(2, &facts)
    case Topic.alarms:
      facts[Slot.alarms] = frame.littleUInt32(at: 0).map(Int64.init)
      facts[Slot.alarmsAt] = facts.now.milliseconds
    case Topic.capacity:
      reading.set(.remaining, deciampereHours(frame, 0))
      reading.set(.full, deciampereHours(frame, 2))
      reading[.cycles] = frame.littleUInt16(at: 6).map(Int64.init)
    case Topic.sensors:
      reading.set(.mosfetTemperature, sensor(frame.data[3]))
      for (place, index) in [1, 2, 4, 5].enumerated() {
        if place < 2 || sensor(frame.data[index]) != nil {
          reading.temperatures.place(sensor(frame.data[index]), at: place)
        }
      }
    case Topic.board:
      guard frame.data[6] <= 100 else { throw .implausible("the state of health is above 100 %") }
      reading.set(.soh, Percent.percent(frame.data[6]))
    case Topic.switches:
      reading[.chargeEnabled] = Int64(frame.data[0] & 1)
      reading[.dischargeEnabled] = Int64(frame.data[0] >> 1 & 1)
      reading[.balancing] = Int64(frame.data[0] >> 2 & 1)
    default:
      if let page = page(topic) { try placeCells(frame, page, &facts, &reading) }
    }
    placeAlarms(facts, &reading)
    let isWhole = facts[Slot.topics] == 0b111 && cellsAreWhole(facts)
    facts.isPartial = !isWhole
    facts.isLive = isWhole
    if isWhole, reading.cells.count > 0 { reading[.cellCount] = Int64(reading.cells.count) }
  }

  private static func note(_ topic: Int64, _ facts: inout Facts) {
    facts[Slot.topics] = (facts[Slot.topics] ?? 0) | 1 << topic
  }

  /// A board of the first version has no cells to wait for.
  private static func cellsAreWhole(_ facts: Facts) -> Bool {
    guard facts[Slot.newest] != nil else { return true }
    guard let count = facts[Slot.pageCount], let pages = facts[Slot.pages] else { return false }
    return pages == 1 << count - 1
  }

  private static func placePack(
    _ frame: CANFrame, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard frame.data[4] <= 100 else { throw .implausible("the state of charge is above 100 %") }
    reading.set(.soc, Percent.percent(frame.data[4]))
    reading.set(.voltage, frame.littleUInt16(at: 0).map { Voltage.decivolts($0) })
    let current = frame.littleUInt16(at: 2).map { Current.deciamperes(Int($0) - 4000) }
    reading.set(.current, inverts ? current.map { -$0 } : current)
  }

  /// Highest and lowest cell with their numbers, packed without gaps as in the maker's example; its table
  /// has them elsewhere.
  private static func placeExtremes(
    _ frame: CANFrame, _ reading: inout Reading
  ) throws(WireError) {
    guard let high = frame.littleUInt16(at: 0), let low = frame.littleUInt16(at: 3), low <= high,
      JKCells.isPossible(Int(high)), JKCells.isPossible(Int(low))
    else { throw .implausible("its highest and lowest cell cannot be") }
    reading.set(.cellMax, CellVoltage.millivolts(high))
    reading[.cellMaxNumber] = Int64(frame.data[2])
    reading.set(.cellMin, CellVoltage.millivolts(low))
    reading[.cellMinNumber] = Int64(frame.data[5])
  }

  /// Four cells; where the pack ends they are zero.
  private static func placeCells(
    _ frame: CANFrame, _ page: Int, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    for index in 0..<4 {
      let raw = Int(frame.littleUInt16(at: 2 * index) ?? 0)
      guard JKCells.isPossible(raw) else {
        throw .implausible("a cell has a voltage that none has")
      }
      if raw > 0 { reading.cells.place(.millivolts(raw), at: 4 * page + index) }
    }
    // After the last page the first comes again.
    if let newest = facts[Slot.newest], newest >= Int64(page) {
      facts[Slot.pageCount] = max(facts[Slot.pageCount] ?? 0, newest + 1)
      facts[Slot.pages] = 0
    }
    facts[Slot.newest] = Int64(page)
    facts[Slot.pages] = (facts[Slot.pages] ?? 0) | 1 << Int64(page)
  }

  private static func deciampereHours(_ frame: CANFrame, _ offset: Int) -> Charge? {
    frame.littleUInt16(at: offset).map { Charge(raw: Int64($0) * 100) }
  }

  private static func temperature(_ raw: UInt8) -> Temperature { .degrees(Int(raw) - 50) }

  /// A sensor; 255 in the maker's example, and 0 on boards, where none is connected.
  private static func sensor(_ raw: UInt8) -> Temperature? {
    raw == 0 || raw == 0xFF ? nil : temperature(raw)
  }

  /// The alarms in the order of their two bits.
  static let alarms: [15 of Alarm] = [
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage, .cellImbalance,
    .dischargeOvercurrent, .chargeOvercurrent, .overtemperature, .undertemperature,
    .temperatureDifference, .socLow, .internalFault, .contactorFault, .communicationFault,
    .communicationFault,
  ]

  /// Level 1 is the most serious; the others warn.
  private static func placeAlarms(_ facts: Facts, _ reading: inout Reading) {
    reading.reportsAlarms = true
    reading.alarms = []
    reading.warnings = []
    for index in 0..<15 { reading.reportable.formUnion(AlarmSet(alarms[index])) }
    guard let bits = facts[Slot.alarms], let at = facts[Slot.alarmsAt],
      facts.now.milliseconds - at <= alarmTime
    else { return }
    for index in 0..<15 {
      switch bits >> Int64(2 * index) & 3 {
      case 1: reading.alarms.formUnion(AlarmSet(alarms[index]))
      case 2, 3: reading.warnings.formUnion(AlarmSet(alarms[index]))
      default: break
      }
    }
  }
}
