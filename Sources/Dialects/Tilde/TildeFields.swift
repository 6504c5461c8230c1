// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The fields of an answer, one after the other, high byte first.
struct TildeFields {
  let bytes: [UInt8]
  private(set) var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  var rest: Int { bytes.count - place }

  mutating func byte() throws(WireError) -> UInt8 {
    guard rest >= 1 else { throw .truncated(got: bytes.count, needed: place + 1) }
    place += 1
    return bytes[place - 1]
  }

  mutating func word() throws(WireError) -> UInt16 {
    guard rest >= 2 else { throw .truncated(got: bytes.count, needed: place + 2) }
    place += 2
    return bytes.span.bigUInt16(at: place - 2)
  }

  mutating func signed() throws(WireError) -> Int16 { Int16(bitPattern: try word()) }

  /// Three bytes.
  mutating func triple() throws(WireError) -> UInt32 {
    UInt32(try byte()) << 16 | UInt32(try word())
  }

  mutating func words(_ count: Int) throws(WireError) -> [UInt16] {
    var words: [UInt16] = []
    for _ in 0..<count { words.append(try word()) }
    return words
  }

  mutating func take(_ count: Int) throws(WireError) -> [UInt8] {
    guard rest >= count else { throw .truncated(got: bytes.count, needed: place + count) }
    place += count
    return bytes.span.copy(place - count, place)
  }
}

/// What may stand in the cells, sensors and texts of an answer.
enum TildeCells {
  /// Whether these bytes are a text: printable, with NULs at most behind it.
  static func isText(_ bytes: some Sequence<UInt8>) -> Bool {
    var isOver = false
    var count = 0
    for byte in bytes {
      if byte == 0 { isOver = true }
      guard byte == 0 || !isOver, byte == 0 || (0x20...0x7E).contains(byte) else { return false }
      if byte != 0 { count += 1 }
    }
    return count > 0
  }

  /// Puts cells into a reading once they can be those of a battery whose pack shows `pack`.
  ///
  /// The checksum is a sum, which does not see characters that change places: the cells must make the
  /// pack's voltage.
  static func place(
    _ cells: [UInt16], pack: Voltage, _ reading: inout Reading
  ) throws(WireError) {
    var sum = 0
    for cell in cells {
      guard (300...5500).contains(cell) else { throw .implausible("a cell is not at 0.3 to 5.5 V") }
      sum += Int(cell)
    }
    guard (sum - Int(pack.raw)).magnitude <= UInt(sum / 200 + 50) else {
      throw .implausible("the pack voltage is not the sum of the cells")
    }
    for cell in cells { reading.cells.append(.millivolts(cell)) }
    reading[.cellCount] = Int64(cells.count)
  }

  /// A sensor in steps of 0.1 K from -273.1 °C.
  static func temperature(_ raw: UInt16) throws(WireError) -> Temperature {
    guard (2131...4231).contains(raw) else {
      throw .implausible("a temperature lies outside -60 to 150 °C")
    }
    return .decidegrees(Int(raw) - 2731)
  }
}
