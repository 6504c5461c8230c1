// SPDX-License-Identifier: Apache-2.0

import Quantities
import Wire

/// Registers in a row, as they came.
struct ModbusWords {
  /// Function by which they were asked.
  let function: UInt8
  /// Address of the first.
  let start: UInt16
  /// By how much the address grows from one to the next.
  let step: UInt16
  /// Their bytes.
  let bytes: [UInt8]
  /// Whether the bytes of a number stand lowest first: not so in Modbus, but in frames that some
  /// batteries send instead.
  var isLittle = false

  /// Where the bytes of so many registers begin; `nil` where not all of them are there.
  func place(_ address: UInt16, words: Int) -> Int? {
    guard address >= start, (address - start) % step == 0 else { return nil }
    let place = 2 * Int((address - start) / step)
    return place + 2 * words <= bytes.count ? place : nil
  }

  /// The word whose bytes begin at a place.
  private func word(at place: Int) -> UInt32 {
    let first = UInt32(bytes[place])
    let second = UInt32(bytes[place + 1])
    return isLittle ? second << 8 | first : first << 8 | second
  }

  /// The number of a form at an address, `index` values further on; `nil` where it is not there.
  func raw(
    _ address: UInt16, _ form: ModbusMap.Form, _ order: ModbusMap.WordOrder = .highFirst,
    index: Int = 0
  ) -> Int64? {
    guard form != .text, let first = place(address, words: (index + 1) * form.words) else {
      return nil
    }
    let place = first + 2 * index * form.words
    switch form {
    case .uint8High: return Int64(bytes[place])
    case .uint8Low: return Int64(bytes[place + 1])
    case .uint16: return Int64(word(at: place))
    case .int16: return Int64(Int16(truncatingIfNeeded: word(at: place)))
    case .uint32, .float32: return Int64(double(at: place, order))
    case .int32: return Int64(Int32(bitPattern: double(at: place, order)))
    case .text: return nil
    }
  }

  private func double(at place: Int, _ order: ModbusMap.WordOrder) -> UInt32 {
    let first = word(at: place)
    let second = word(at: place + 2)
    let isLowFirst = isLittle || order == .lowFirst
    return isLowFirst ? second << 16 | first : first << 16 | second
  }

  /// The printable characters in so many registers; `nil` where not all of them are there.
  func text(_ address: UInt16, words: Int, _ order: ModbusMap.WordOrder = .highFirst) -> [UInt8]? {
    guard let place = place(address, words: words) else { return nil }
    var text = bytes.span.copy(place, place + 2 * words)
    if order == .lowFirst {
      for index in 0..<words { text.swapAt(2 * index, 2 * index + 1) }
    }
    return text
  }
}
