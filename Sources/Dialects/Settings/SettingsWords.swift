// SPDX-License-Identifier: Apache-2.0

import Battery

/// What a device's settings hold, by address: words, and texts.
public struct SettingsWords: Hashable, Sendable {
  /// What stands at one address: a word, or the characters of a text, one each.
  struct Entry: Hashable, Sendable {
    var address: UInt16
    var cell: [UInt16]
  }

  /// In the order of their addresses, each once.
  private var entries: [Entry] = []
  /// Whether of a number of two words the high one comes first.
  public var isHighFirst = false

  /// Nothing known.
  public init() {}

  /// Words from an address on.
  public init(base: UInt16, _ words: [UInt16]) {
    for (index, word) in words.enumerated() {
      entries.append(Entry(address: base &+ UInt16(truncatingIfNeeded: index), cell: [word]))
    }
  }

  /// A text at an address.
  public init(address: UInt16, text: [UInt8]) {
    entries = [Entry(address: address, cell: text.map(UInt16.init))]
  }

  /// The addresses that are known.
  public var addresses: [UInt16] { entries.map { $0.address } }

  /// Whether nothing is known.
  public var isEmpty: Bool { entries.isEmpty }

  /// The word at an address; `nil` where none is known.
  ///
  /// Setting a word at an unknown address does nothing.
  public subscript(address: UInt16) -> UInt16? {
    get { cell(address)?.first }
    set {
      if let newValue, let place = place(address) { entries[place].cell = [newValue] }
    }
  }

  /// What stands at an address: one word, or the characters of a text.
  func cell(_ address: UInt16) -> [UInt16]? { place(address).map { entries[$0].cell } }

  /// What a block of addresses holds that is written as one.
  func block(_ block: SettingsBlock) -> [UInt16]? {
    if block.count == 1 { return cell(block.address) }
    var words: [UInt16] = []
    for index in 0..<block.count {
      guard let word = self[block.address &+ index] else { return nil }
      words.append(word)
    }
    return words
  }

  /// Replaces what a block holds.
  mutating func set(_ block: SettingsBlock, _ words: [UInt16]) {
    if block.count == 1 {
      if let place = place(block.address) { entries[place].cell = words }
      return
    }
    for (index, word) in words.enumerated() {
      self[block.address &+ UInt16(truncatingIfNeeded: index)] = word
    }
  }

  /// Takes all that another knows over.
  public mutating func merge(_ other: SettingsWords) {
    if isEmpty { isHighFirst = other.isHighFirst }
    for entry in other.entries {
      if let place = place(entry.address) {
        entries[place] = entry
      } else {
        let place = entries.firstIndex { $0.address > entry.address } ?? entries.count
        entries.insert(entry, at: place)
      }
    }
  }

  private func place(_ address: UInt16) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address < address { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].address == address ? low : nil
  }
}
