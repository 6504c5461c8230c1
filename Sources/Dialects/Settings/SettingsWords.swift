// SPDX-License-Identifier: Apache-2.0

public import Battery

/// The words of a device's block of settings.
public struct SettingsWords: Hashable, Sendable {
  /// Address of the first word.
  public let base: UInt16
  /// The words in order.
  public private(set) var words: [UInt16]

  /// A block from its first address and its words.
  public init(base: UInt16, _ words: [UInt16]) {
    self.base = base
    self.words = words
  }

  /// The word at an address; `nil` outside the block.
  ///
  /// Setting a word outside the block does nothing.
  public subscript(address: UInt16) -> UInt16? {
    get {
      let index = Int(address) - Int(base)
      return words.indices.contains(index) ? words[index] : nil
    }
    set {
      let index = Int(address) - Int(base)
      if let newValue, words.indices.contains(index) { words[index] = newValue }
    }
  }

  /// The raw number of a row; `nil` when its words are not here or it is no number.
  public func raw(_ row: Register) -> Int64? {
    guard let word = self[row.address] else { return nil }
    switch row.form {
    case .uint16, .bits16: return Int64(word)
    case .int16: return Int64(Int16(bitPattern: word))
    case .uint8Low: return Int64(word & 0xFF)
    case .uint8High: return Int64(word >> 8)
    case .int8Low: return Int64(Int8(truncatingIfNeeded: word))
    case .int8High: return Int64(Int8(truncatingIfNeeded: word >> 8))
    case .uint32:
      guard let high = self[row.address &+ 1] else { return nil }
      return Int64(word) | Int64(high) << 16
    case .int32:
      guard let high = self[row.address &+ 1] else { return nil }
      return Int64(word) | Int64(Int16(bitPattern: high)) << 16
    case .float32, .bytes12: return nil
    }
  }

  /// Puts a raw number into the words of a row; the other byte of a word that a row has only half
  /// of is kept.
  public mutating func set(_ row: Register, _ raw: Int64) {
    guard let word = self[row.address] else { return }
    let new = UInt16(truncatingIfNeeded: raw)
    switch row.form {
    case .uint16, .int16, .bits16: self[row.address] = new
    case .uint8Low, .int8Low: self[row.address] = word & 0xFF00 | new & 0xFF
    case .uint8High, .int8High: self[row.address] = word & 0xFF | new << 8
    case .uint32, .int32:
      self[row.address] = new
      self[row.address &+ 1] = UInt16(truncatingIfNeeded: raw >> 16)
    case .float32, .bytes12: break
    }
  }
}
