// SPDX-License-Identifier: Apache-2.0

import Quantities
import Wire

extension TinyBMS {
  /// Up to 128 registers from a base address, each there or not: what one answer told of one part
  /// of the map, whichever command it answered.
  struct Block: BitwiseCopyable {
    /// Registers from 0: live values and statistics.
    static let live: UInt16 = 0
    /// Registers from 200: events.
    static let events: UInt16 = 200
    /// Registers from 300: settings.
    static let settings: UInt16 = 300
    /// Registers from 500: version.
    static let version: UInt16 = 500
    /// The bases together: every register of the map lies in one of these blocks.
    static let bases: [4 of UInt16] = [live, events, settings, version]

    let base: UInt16
    /// How many registers from the base on belong to it.
    private let width: UInt16
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var words: [128 of UInt16] = .init(repeating: 0)

    init(base: UInt16) {
      self.base = base
      width = base == Self.events ? 100 : 128
    }

    /// Whether nothing was told of this part of the map.
    var isEmpty: Bool { low | high == 0 }

    /// The word of a register; `nil` when it was not told.
    subscript(register: UInt16) -> UInt16? {
      get {
        guard has(register) else { return nil }
        return words.span[Int(register &- base)]
      }
      set {
        let index = register &- base
        guard index < width, let newValue else { return }
        words[Int(index)] = newValue
        if index < 64 { low |= 1 << UInt64(index) } else { high |= 1 << UInt64(index - 64) }
      }
    }

    func has(_ register: UInt16) -> Bool {
      let index = register &- base
      guard index < 128 else { return false }
      return index < 64 ? low >> UInt64(index) & 1 == 1 : high >> UInt64(index - 64) & 1 == 1
    }

    /// Whether all registers from `first` to `last` were told; they lie within the first 64.
    func has(_ first: UInt16, through last: UInt16) -> Bool {
      let mask = (UInt64.max >> UInt64(63 - (last - first))) << UInt64(first - base)
      return low & mask == mask
    }

    /// Whether any register from `first` to `last` was told; they lie within the first 64.
    func hasAny(_ first: UInt16, through last: UInt16) -> Bool {
      low & (UInt64.max >> UInt64(63 - (last - first))) << UInt64(first - base) != 0
    }

    /// The word of a register as a signed number.
    func signed(_ register: UInt16) -> Int16? { self[register].map(Int16.init(bitPattern:)) }

    /// Two registers as one number, the low word first.
    func double(_ register: UInt16) -> UInt32? {
      guard let first = self[register], let second = self[register + 1] else { return nil }
      return UInt32(first) | UInt32(second) << 16
    }

    /// Two registers as an IEEE number.
    func float(_ register: UInt16) -> Binary32? { double(register).map(Binary32.init(bits:)) }

    /// Takes `count` words from an answer to function 03, whose bytes begin at `offset`, high byte
    /// first.
    mutating func take(
      _ bytes: borrowing Span<UInt8>, at offset: Int, address: UInt16, count: Int
    ) {
      for index in 0..<count {
        let register = address &+ UInt16(truncatingIfNeeded: index)
        guard register &- base < width else { continue }
        self[register] = bytes.bigUInt16(at: offset + 2 * index)
      }
    }

    /// Takes words from `address` on.
    mutating func take(_ values: [UInt16], address: UInt16) {
      for (index, value) in values.enumerated() {
        self[address &+ UInt16(truncatingIfNeeded: index)] = value
      }
    }

    /// Takes a double word, the low word into the first register.
    mutating func take(_ number: UInt32, at register: UInt16) {
      self[register] = UInt16(truncatingIfNeeded: number)
      self[register + 1] = UInt16(truncatingIfNeeded: number >> 16)
    }
  }
}
