// SPDX-License-Identifier: Apache-2.0

// Numbers as few bytes and bits: LEB128 varints, the zigzag that makes small negatives small, and
// bits packed lowest first. Readers are bounded and answer with an error where the bytes end.

extension Int64 {
  /// The numbers 0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 ….
  var zigzag: UInt64 { UInt64(bitPattern: (self << 1) ^ (self >> 63)) }

  /// The number that a zigzag stands for.
  init(zigzag: UInt64) { self = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1) }
}

extension [UInt8] {
  /// Appends a varint of 1 to 10 bytes.
  mutating func appendVarint(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends a signed varint.
  mutating func appendZigzag(_ number: Int64) { appendVarint(number.zigzag) }
}

/// Reads bytes one after the other up to an end.
struct ByteReader {
  let bytes: [UInt8]
  var position: Int
  let end: Int

  mutating func byte() throws(BlockError) -> UInt8 {
    guard position < end else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func varint() throws(BlockError) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let byte = try byte()
      // The tenth byte holds one bit.
      guard shift < 63 || byte <= 1 else { throw .malformed }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw .malformed
  }

  mutating func zigzag() throws(BlockError) -> Int64 { Int64(zigzag: try varint()) }

  /// A varint that must not exceed `limit`.
  mutating func count(upTo limit: Int) throws(BlockError) -> Int {
    let number = try varint()
    guard number <= UInt64(limit) else { throw .malformed }
    return Int(number)
  }
}

/// Packs bits, lowest first.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var filled: UInt64 = 0

  /// Appends the lowest `count` bits of `bits`, at most 56; the bits above must be zero.
  mutating func put(_ bits: UInt64, _ count: UInt64) {
    pending |= bits << filled
    filled += count
    while filled >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      filled -= 8
    }
  }

  /// Fills up the last byte with zeros.
  mutating func finish() {
    if filled > 0 { put(0, 8 - filled) }
  }
}

/// Reads bits, lowest first.
struct BitReader {
  private var source: ByteReader
  private var pending: UInt64 = 0
  private var filled: UInt64 = 0

  init(_ source: ByteReader) { self.source = source }

  /// The next `count` bits, at most 56.
  mutating func take(_ count: UInt64) throws(BlockError) -> UInt64 {
    while filled < count {
      pending |= UInt64(try source.byte()) << filled
      filled += 8
    }
    let bits = pending & ((1 << count) - 1)
    pending >>= count
    filled -= count
    return bits
  }

  /// How many ones come before the next zero, which is taken too; `limit` ones end it without a
  /// zero.
  mutating func ones(upTo limit: UInt64) throws(BlockError) -> UInt64 {
    var count: UInt64 = 0
    while count < limit {
      guard try take(1) == 1 else { break }
      count += 1
    }
    return count
  }
}
