// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension DiscoverCAN {
  static func place(
    _ id: UInt32, _ data: borrowing Span<UInt8>, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    func word(_ offset: Int) -> UInt16 { data.littleUInt16(at: offset) }
    func signed(_ offset: Int) -> Int { Int(Int16(bitPattern: word(offset))) }
    switch id {
    case Identifier.limits:
      guard word(0) >= word(6) else {
        throw .implausible("it may be drawn to a higher voltage than charged")
      }
      reading.set(.chargeVoltageLimit, Voltage.decivolts(word(0)))
      reading.set(.chargeCurrentLimit, Current.deciamperes(signed(2).magnitude))
      reading.set(.dischargeCurrentLimit, Current.deciamperes(signed(4).magnitude))
      reading.set(.dischargeVoltageLimit, Voltage.decivolts(word(6)))
    case Identifier.charge:
      reading.set(.nominal, Charge.ampereHours(word(0)))
      reading.set(.remaining, Charge.ampereHours(word(2)))
    case Identifier.state:
      guard word(0) <= 100, word(2) <= 100 else {
        throw .implausible("the state of charge or health is above 100 %")
      }
      reading.set(.soc, Percent.percent(word(0)))
      reading.set(.soh, Percent.percent(word(2)))
    case Identifier.measured:
      guard (100...1000).contains(word(0)), (-600...1500).contains(signed(4)) else {
        throw .implausible("no battery has such a voltage or temperature")
      }
      reading.set(.voltage, Voltage.decivolts(word(0)))
      reading.set(.current, Current.deciamperes(inverts ? -signed(2) : signed(2)))
      reading.temperatures.append(.decidegrees(signed(4)))
    default: placeAlarms(data, &reading)
    }
  }

  /// What the pairs of bits tell, from the lowest on: 01 raised, 10 not, 00 and 11 not told.
  ///
  /// The first is that of any alarm; the warnings begin with pair 14.
  static let pairs: [14 of Alarm?] = [
    .internalFault, .packOvervoltage, .packUndervoltage, .overtemperature, .undertemperature,
    .chargeOvertemperature, .chargeUndertemperature, .dischargeOvercurrent, .chargeOvercurrent,
    .contactorFault, .shortCircuit, .internalFault, .cellImbalance, nil,
  ]

  private static func placeAlarms(_ data: borrowing Span<UInt8>, _ reading: inout Reading) {
    reading.reportsAlarms = true
    for pair in 0..<28 {
      guard let alarm = pairs[pair % 14] else { continue }
      let bits = data[pair / 4] >> UInt8(pair % 4 * 2) & 3
      guard bits == 1 || bits == 2 else { continue }
      reading.reportable.formUnion(AlarmSet(alarm))
      guard bits == 1 else { continue }
      if pair < 14 {
        reading.alarms.formUnion(AlarmSet(alarm))
      } else {
        reading.warnings.formUnion(AlarmSet(alarm))
      }
    }
  }

  /// The fuller account of what came: records, or frames as text.
  static func explain(_ chunks: [[UInt8]], _ facts: inout Facts, inverts: Bool) -> Exchange {
    var exchange = Exchange()
    var records: [UInt8] = []
    for chunk in chunks {
      if let frame = CANFrame(text: chunk) {
        CANRecord.append(frame, to: &records)
      } else {
        records += chunk
      }
    }
    var place = 0
    var gathered = Reading()
    while place + CANRecord.length <= records.count {
      let record = records.span.extracting(place..<place + CANRecord.length)
      place += CANRecord.length
      guard case .broadcast = scan(record, nil), let frame = CANRecord.frame(record) else {
        continue
      }
      facts.isPartial = false
      do throws(WireError) {
        try read(record, &facts, &gathered, inverts: inverts)
        merge(gathered, &exchange, isLive: facts.isLive)
        facts.isLive = false
        if !facts.isPartial { gathered = Reading() }
      } catch {
        exchange.error = exchange.error ?? error
        gathered = Reading()
      }
      if frame.id == Identifier.version {
        exchange.exchange.append(.init("protocol_version", .number(Int64(frame.payload[0]))))
      }
    }
    if place < records.count || records.isEmpty {
      exchange.error = .truncated(got: records.count - place, needed: CANRecord.length)
    }
    return exchange
  }

  private static func merge(_ new: Reading, _ exchange: inout Exchange, isLive: Bool) {
    var identity = exchange.whole.reading.identity
    identity.merge(new.identity)
    if isLive { exchange.whole.reading = new }
    exchange.whole.reading.identity = identity
  }
}
