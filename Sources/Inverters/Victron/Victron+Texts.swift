// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Victron {
  /// Reads the frames that carry texts, and what an inverter says.
  static func texts(_ frame: CANFrame, into result: inout InverterReading) throws(WireError) {
    switch frame.id {
    case 0x35E: result.reading.identity.manufacturer = text(frame)
    case 0x370 where CellExtremes.are(in: frame): CellExtremes.read(frame, into: &result)
    case 0x371 where CellExtremes.arePlaces(in: frame):
      CellExtremes.readPlaces(frame, into: &result)
    case 0x370, 0x371:
      if frame.id == 0x370 {
        result.nameHead = frame.data
      } else {
        result.nameTail = frame.data
      }
      result.reading.identity.model = text(result.nameHead, result.nameTail)
    case 0x374: result.lowestCell = text(frame)
    case 0x375: result.highestCell = text(frame)
    case 0x376: result.coldestSensor = text(frame)
    case 0x377: result.hottestSensor = text(frame)
    case 0x380, 0x381:
      if frame.id == 0x380 {
        result.serialHead = frame.data
      } else {
        result.serialTail = frame.data
      }
      result.reading.identity.serial = text(result.serialHead, result.serialTail)
    case 0x382: result.family = text(frame)
    case 0x305: (result.keepAlive, result.isFromInverter) = (true, true)
    case 0x306: result.isFromInverter = true
    case 0x307:
      result.isFromInverter = true
      var tag: [UInt8] = []
      for index in 4..<8 { tag.append(frame.data[index]) }
      result.identificationTag = text(tag)
    default: throw .notAReading
    }
  }

  private static func text(_ frame: CANFrame) -> Label? { text(frame.payload) }

  /// A text of two frames; a half that did not come is empty.
  private static func text(_ head: [8 of UInt8]?, _ tail: [8 of UInt8]?) -> Label? {
    var bytes: [UInt8] = []
    for half in [head, tail] {
      guard let half else { continue }
      for index in 0..<8 { bytes.append(half[index]) }
    }
    return text(bytes)
  }

  /// The printable beginning of a text, since some batteries let other bytes follow; `nil` when empty.
  private static func text(_ bytes: [UInt8]) -> Label? {
    let label = Label(bytes.prefix { (0x20...0x7E).contains($0) })
    return label.isEmpty ? nil : label
  }
}
