// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// One battery in an answer to 42.
struct PylontechModule {
  var cells: [UInt16] = []
  /// The sensor on the board, then those on groups of cells.
  var sensors: [UInt16] = []
  var current: Int16 = 0
  var voltage: UInt16 = 0
  /// Charge in mAh; `nil` where it stands nowhere.
  var remaining: UInt32?
  var full: UInt32?
  var cycles: UInt16 = 0

  /// Takes one battery from the fields.
  init(_ fields: inout TildeFields) throws(WireError) {
    let cellCount = Int(try fields.byte())
    guard (1...24).contains(cellCount) else {
      throw .implausible("its number of cells cannot be")
    }
    cells = try fields.words(cellCount)
    let sensorCount = Int(try fields.byte())
    guard sensorCount <= Temperatures.capacity else {
      throw .implausible("its number of sensors cannot be")
    }
    sensors = try fields.words(sensorCount)
    current = try fields.signed()
    voltage = try fields.word()
    let remaining = try fields.word()
    let items = try fields.byte()
    let full = try fields.word()
    cycles = try fields.word()
    self.remaining = remaining == 0xFFFF ? nil : UInt32(remaining)
    self.full = full == 0xFFFF ? nil : UInt32(full)
    // Packs beyond 65 Ah have their charge in three bytes each.
    guard items > 2 else { return }
    self.remaining = try fields.triple()
    self.full = try fields.triple()
  }

  /// Puts its values into a reading once they can be those of a battery.
  func place(_ reading: inout Reading, inverts: Bool) throws(WireError) {
    let volts = Voltage.millivolts(voltage)
    try TildeCells.place(cells, pack: volts, &reading)
    for sensor in sensors.dropFirst() {
      reading.temperatures.append(try TildeCells.temperature(sensor))
    }
    if let remaining, let full, remaining > full + full / 10 {
      throw .implausible("it holds more charge than it can")
    }
    reading.set(.voltage, volts)
    reading.set(.current, Current.deciamperes(inverts ? -Int(current) : Int(current)))
    reading.set(.remaining, remaining.map { Charge(clamping: $0) })
    reading.set(.full, full.map { Charge(clamping: $0) })
    reading[.cycles] = Int64(cycles)
  }
}
