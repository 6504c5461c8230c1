// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// Extremes of cells and sensors in 0x370 and 0x371, as batteries of the "Pylon" family with a Pace
/// board send them.
///
/// Victron's protocol has the name of the battery under the same identifiers. The two cannot be mixed
/// up: a cell's millivolts always have a byte that no text has.
enum CellExtremes {
  /// Whether a 0x370 holds extremes: hottest and coldest sensor in 0.1 °C, highest and lowest cell
  /// in millivolts.
  static func are(in frame: CANFrame) -> Bool {
    let cells: ClosedRange<UInt16> = 1000...5000
    let sensors: ClosedRange<Int16> = -500...1500
    guard let hot = frame.littleInt16(at: 0), let cold = frame.littleInt16(at: 2),
      let high = frame.littleUInt16(at: 4), let low = frame.littleUInt16(at: 6)
    else { return false }
    return cells.contains(high) && cells.contains(low) && low <= high && sensors.contains(hot)
      && sensors.contains(cold)
  }

  static func read(_ frame: CANFrame, into result: inout InverterReading) {
    result.reading.set(.temperatureMax, frame.littleInt16(at: 0).map(Temperature.decidegrees))
    result.reading.set(.temperatureMin, frame.littleInt16(at: 2).map(Temperature.decidegrees))
    result.reading.set(.cellMax, frame.littleUInt16(at: 4).map(CellVoltage.millivolts))
    result.reading.set(.cellMin, frame.littleUInt16(at: 6).map(CellVoltage.millivolts))
  }

  /// Whether a 0x371 holds places: four words of a module's and a cell's number, none of them a
  /// character.
  static func arePlaces(in frame: CANFrame) -> Bool {
    guard frame.count == 8, frame.data[0] > 0 else { return false }
    for index in 0..<8 where frame.data[index] >= 0x20 { return false }
    return true
  }

  static func readPlaces(_ frame: CANFrame, into result: inout InverterReading) {
    result.hottestSensor = place(frame, 0)
    result.coldestSensor = place(frame, 2)
    result.highestCell = place(frame, 4)
    result.lowestCell = place(frame, 6)
  }

  /// Module and cell as two digits each, such as `0204`.
  private static func place(_ frame: CANFrame, _ offset: Int) -> Label {
    var text: [UInt8] = []
    for number in [frame.data[offset + 1], frame.data[offset]] {
      text.append(UInt8(ascii: "0") + number / 10)
      text.append(UInt8(ascii: "0") + number % 10)
    }
    return Label(text)
  }
}
