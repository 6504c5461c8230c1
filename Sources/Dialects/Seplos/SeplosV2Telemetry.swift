// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What a board answers to 42.
struct SeplosV2Telemetry {
  var cells: [UInt16] = []
  /// Sensors on cells, then the air around, then the switches.
  var sensors: [UInt16] = []
  var current: Int16 = 0
  var voltage: UInt16 = 0
  var remaining: UInt16 = 0
  var full: UInt16 = 0
  /// Tenths of a percent, as the health.
  var soc: UInt16 = 0
  var nominal: UInt16 = 0
  var cycles: UInt16 = 0
  var health: UInt16 = 0
  var portVoltage: UInt16 = 0

  /// Takes the fields of an answer; what newer boards append is left alone.
  init(_ info: [UInt8]) throws(WireError) {
    var fields = TildeFields(info)
    _ = try fields.word()
    let cellCount = Int(try fields.byte())
    guard (1...24).contains(cellCount) else {
      throw .implausible("its number of cells cannot be")
    }
    cells = try fields.words(cellCount)
    let sensorCount = Int(try fields.byte())
    guard (2...8).contains(sensorCount) else {
      throw .implausible("its number of sensors cannot be")
    }
    sensors = try fields.words(sensorCount)
    current = try fields.signed()
    voltage = try fields.word()
    remaining = try fields.word()
    let items = try fields.byte()
    guard items >= 6, fields.rest == 2 * Int(items) else {
      throw .implausible("its values behind the charge are not as many as it says")
    }
    full = try fields.word()
    soc = try fields.word()
    nominal = try fields.word()
    cycles = try fields.word()
    health = try fields.word()
    portVoltage = try fields.word()
  }

  /// Puts its values into a reading once they can be those of a battery.
  func place(_ reading: inout Reading, inverts: Bool) throws(WireError) {
    let volts = Voltage.centivolts(voltage)
    try TildeCells.place(cells, pack: volts, &reading)
    guard soc <= 1000, health <= 1000 else {
      throw .implausible("the state of charge or health is above 100 %")
    }
    let count = sensors.count
    for sensor in sensors.prefix(count - 2) {
      reading.temperatures.append(try TildeCells.temperature(sensor))
    }
    reading.set(.ambientTemperature, try TildeCells.temperature(sensors[count - 2]))
    reading.set(.mosfetTemperature, try TildeCells.temperature(sensors[count - 1]))
    reading.set(.voltage, volts)
    reading.set(.current, Current.milliamperes((inverts ? -1 : 1) * Int(current) * 10))
    reading.set(.remaining, Charge.centiampereHours(remaining))
    reading.set(.full, Charge.centiampereHours(full))
    reading.set(.nominal, Charge.centiampereHours(nominal))
    reading.set(.soc, Percent.centipercent(Int(soc) * 10))
    reading.set(.soh, Percent.centipercent(Int(health) * 10))
    reading[.cycles] = Int64(cycles)
  }
}
