// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The lines of one checked block.
struct VEDirectBlock {
  /// A label with its value.
  struct Line {
    let label: [UInt8]
    let value: [UInt8]
  }

  private(set) var lines: [Line] = []

  /// The block in these bytes, from its first carriage return to the byte behind `Checksum`.
  init(_ bytes: borrowing Span<UInt8>) throws(WireError) {
    guard bytes.count >= VEDirect.ending.utf8CodeUnitCount + 1 else {
      throw .truncated(got: bytes.count, needed: VEDirect.ending.utf8CodeUnitCount + 1)
    }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var place = 0
    let last = bytes.count - 1
    while place < last {
      if bytes[place] == VEDirect.colon,
        case .whole(let length) = VEDirect.hexFrame(bytes, at: place), place + length <= last
      {
        place += length
        continue
      }
      text.append(bytes[place])
      place += 1
    }
    var sum = bytes[last]
    for byte in text { sum &+= byte }
    guard sum == 0 else {
      throw .badChecksum(
        found: UInt16(bytes[last]), computed: UInt16(bytes[last] &- sum))
    }
    try split(text)
  }

  private mutating func split(_ text: [UInt8]) throws(WireError) {
    var place = 0
    while place < text.count {
      guard text[place] == VEDirect.carriage, place + 1 < text.count,
        text[place + 1] == VEDirect.feed
      else { throw .unexpected(byte: text[place], at: place) }
      var label: [UInt8] = []
      place += 2
      while place < text.count, text[place] != VEDirect.tab {
        guard (0x21...0x7E).contains(text[place]) else {
          throw .unexpected(byte: text[place], at: place)
        }
        label.append(text[place])
        place += 1
      }
      guard place < text.count, !label.isEmpty else {
        throw .truncated(got: text.count, needed: text.count + 1)
      }
      place += 1
      var value: [UInt8] = []
      while place < text.count, text[place] != VEDirect.carriage {
        value.append(text[place])
        place += 1
      }
      lines.append(Line(label: label, value: value))
    }
    lines.removeLast()
  }

  /// The value under a label; `nil` where the block has none.
  subscript(label: StaticString) -> [UInt8]? {
    for line in lines where label.hasBytes(line.label) { return line.value }
    return nil
  }

  /// The number under a label; `nil` where there is none, or `---` for a value not known.
  func number(_ label: StaticString) throws(WireError) -> Int64? {
    guard let value = self[label], value != Array("---".utf8) else { return nil }
    var number: Int64 = 0
    var place = 0
    let isNegative = value.first == UInt8(ascii: "-")
    if isNegative { place = 1 }
    guard place < value.count, value.count - place <= 12 else {
      throw .implausible("a value is no number")
    }
    while place < value.count {
      guard (0x30...0x39).contains(value[place]) else {
        throw .implausible("a value is no number")
      }
      number = number * 10 + Int64(value[place] - 0x30)
      place += 1
    }
    return isNegative ? -number : number
  }
}
