// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBD {
  /// Checks one frame and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading
  ) throws(WireError) {
    let data = try data(frame, request)
    guard request?.bytes.dropFirst().first == read else { throw .notAReading }
    switch frame[1] {
    case Register.basic:
      let basic = JBDBasic(data)
      try place(basic, &reading)
      facts[Slot.isCoarse] = basic.isCoarse ? 1 : 0
    case Register.cells: try placeCells(data, &reading)
    case Register.model: reading.identity.model = Label(data)
    case Register.manufacturer: reading.identity.manufacturer = text(data).map { Label($0.utf8) }
    default: throw .notAReading
    }
  }

  /// Cells, of which one may read 0 where an input is not connected: it keeps its place.
  private static func placeCells(_ data: [UInt8], _ reading: inout Reading) throws(WireError) {
    if let count = reading[.cellCount], Int64(data.count / 2) != count {
      throw .implausible("it tells another number of cells than it has")
    }
    for index in 0..<data.count / 2 {
      let raw = data.span.bigUInt16(at: 2 * index)
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.place(.millivolts(raw), at: index)
    }
  }

  /// A text behind its length.
  static func text(_ data: [UInt8]) -> String? {
    guard let count = data.first, count > 0, Int(count) < data.count else { return nil }
    return Label(data[1...Int(count)]).string
  }

  private static func place(_ basic: JBDBasic, _ reading: inout Reading) throws(WireError) {
    guard basic.isWhole else { throw .truncated(got: basic.data.count, needed: 23) }
    guard basic.soc <= 100 else { throw .implausible("the state of charge is above 100 %") }
    guard (1...32).contains(basic.cellCount) else {
      throw .implausible("its number of cells cannot be")
    }
    reading.set(.voltage, Voltage.centivolts(basic.voltage))
    reading.set(.current, Current.milliamperes(Int(basic.current) * 10 * basic.scale))
    reading.set(.remaining, Charge.centiampereHours(Int(basic.remaining) * basic.scale))
    reading.set(.nominal, Charge.centiampereHours(Int(basic.nominal) * basic.scale))
    reading[.cycles] = Int64(basic.cycles)
    reading.set(.soc, Percent.percent(basic.soc))
    reading[.cellCount] = Int64(basic.cellCount)
    reading[.chargeEnabled] = basic.switches & 1 == 1 ? 1 : 0
    reading[.dischargeEnabled] = basic.switches & 2 == 2 ? 1 : 0
    reading.identity.firmware = basic.firmware
    let mask = (UInt64(1) << UInt64(basic.cellCount)) - 1
    reading.cells.balancing = UInt64(basic.balancing) & mask
    reading.cells.reportsBalancing = true
    reading[.balancing] = reading.cells.balancing == 0 ? 0 : 1
    for index in 0..<min(Temperatures.capacity, basic.sensorCount) {
      reading.temperatures.place(basic.temperature(index), at: index)
    }
    reading.set(.full, basic.full.map { Charge.centiampereHours(Int($0) * basic.scale) })
    placeAlarms(basic, &reading)
  }

  /// The protections by their bits; bit 12 is the state after an order to open a switch.
  private static let protections: [15 of Alarm] = [
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage,
    .chargeOvertemperature, .chargeUndertemperature, .dischargeOvertemperature,
    .dischargeUndertemperature, .chargeOvercurrent, .dischargeOvercurrent, .shortCircuit, .afeFault,
    .softwareMosfetLock, .chargeMosfetFault, .dischargeMosfetFault,
  ]

  private static func placeAlarms(_ basic: JBDBasic, _ reading: inout Reading) {
    reading.reportsAlarms = true
    reading.alarms = []
    reading.warnings = []
    reading.reportable = []
    for bit in 0..<15 {
      reading.reportable.formUnion(AlarmSet(protections[bit]))
      if basic.protections >> UInt16(bit) & 1 == 1 {
        reading.alarms.formUnion(AlarmSet(protections[bit]))
      }
    }
    guard let bits = basic.alarms else { return }
    for bit in 0..<10 where bits >> UInt16(bit) & 1 == 1 {
      reading.warnings.formUnion(AlarmSet(protections[bit]))
    }
    if bits >> 10 & 1 == 1 { reading.warnings.formUnion(AlarmSet(.cellImbalance)) }
    if bits >> 11 & 1 == 1 { reading.warnings.formUnion(AlarmSet(.remainingCapacityLow)) }
  }
}
