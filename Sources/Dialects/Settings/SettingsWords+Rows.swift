// SPDX-License-Identifier: Apache-2.0

public import Battery

// Rows within the words.

extension SettingsWords {
  /// What a row holds; `nil` where it is not known.
  public func value(_ row: Register) -> SettingValue? {
    guard row.form == .text else { return raw(row).map { .number($0) } }
    return cell(row.address).map { .text($0.map { UInt8(truncatingIfNeeded: $0) }) }
  }

  /// The raw number of a row; `nil` when its words are not here or it is no number.
  public func raw(_ row: Register) -> Int64? {
    guard let word = self[row.address] else { return nil }
    if let bits = row.bits { return Int64(word >> UInt16(bits.lowerBound)) & mask(bits) }
    switch row.form {
    case .uint16, .bits16: return Int64(word)
    case .int16: return Int64(Int16(bitPattern: word))
    case .uint8Low: return Int64(word & 0xFF)
    case .uint8High: return Int64(word >> 8)
    case .int8Low: return Int64(Int8(truncatingIfNeeded: word))
    case .int8High: return Int64(Int8(truncatingIfNeeded: word >> 8))
    case .uint32, .int32:
      guard let other = self[row.address &+ 1] else { return nil }
      let number =
        isHighFirst ? UInt32(word) << 16 | UInt32(other) : UInt32(other) << 16 | UInt32(word)
      return row.form == .int32 ? Int64(Int32(bitPattern: number)) : Int64(number)
    case .float32, .bytes12, .text: return nil
    }
  }

  /// Puts a value into the words of a row.
  mutating func set(_ row: Register, _ value: SettingValue) {
    switch value {
    case .number(let raw): set(row, raw)
    case .text(let bytes):
      set(SettingsBlock(row.address), bytes.map(UInt16.init))
    }
  }

  /// Puts a raw number into the words of a row; what of a word a row has not is kept.
  public mutating func set(_ row: Register, _ raw: Int64) {
    guard let word = self[row.address] else { return }
    let new = UInt16(truncatingIfNeeded: raw)
    if let bits = row.bits {
      let shift = UInt16(bits.lowerBound)
      let mask = UInt16(truncatingIfNeeded: mask(bits)) << shift
      self[row.address] = word & ~mask | new << shift & mask
      return
    }
    switch row.form {
    case .uint16, .int16, .bits16: self[row.address] = new
    case .uint8Low, .int8Low: self[row.address] = word & 0xFF00 | new & 0xFF
    case .uint8High, .int8High: self[row.address] = word & 0xFF | new << 8
    case .uint32, .int32:
      let high = UInt16(truncatingIfNeeded: raw >> 16)
      self[row.address] = isHighFirst ? high : new
      self[row.address &+ 1] = isHighFirst ? new : high
    case .float32, .bytes12, .text: break
    }
  }

  private func mask(_ bits: ClosedRange<UInt8>) -> Int64 { 1 << Int64(bits.count) - 1 }
}

extension Register {
  /// Between which raw values its words can hold it; `nil` where it is no whole number.
  var bounds: ClosedRange<Int64>? {
    if let bits { return 0...(1 << Int64(bits.count) - 1) }
    return switch form {
    case .uint8Low, .uint8High: 0...0xFF
    case .int8Low, .int8High: -0x80...0x7F
    case .uint16, .bits16: 0...0xFFFF
    case .int16: -0x8000...0x7FFF
    case .uint32: 0...0xFFFF_FFFF
    case .int32: -0x8000_0000...0x7FFF_FFFF
    case .float32, .bytes12, .text: nil
    }
  }

  /// Whether this is the row of the same words, bytes and bits.
  public func isSame(_ other: Register) -> Bool {
    address == other.address && form == other.form && bits == other.bits
  }
}
