// SPDX-License-Identifier: Apache-2.0

// Reads and writes of whole numbers at an offset. Reads are bounds-checked by the span itself; callers
// check lengths first, because a short frame is an error with a name, not a trap.

extension Span where Element == UInt8 {
  /// The unsigned word at `offset`, low byte first.
  @inlinable public func littleUInt16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
  }

  /// The unsigned word at `offset`, high byte first.
  @inlinable public func bigUInt16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The unsigned double word at `offset`, lowest byte first.
  @inlinable public func littleUInt32(at offset: Int) -> UInt32 {
    UInt32(littleUInt16(at: offset)) | UInt32(littleUInt16(at: offset + 2)) << 16
  }

  /// The bytes from `start` up to `end`, copied.
  @inlinable public func copy(_ start: Int, _ end: Int) -> [UInt8] {
    // One block: byte by byte it costs more than all else that is done with a short frame.
    unsafe extracting(start..<end).withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension Array where Element == UInt8 {
  /// Appends a word, low byte first.
  @inlinable public mutating func appendLittle(_ word: UInt16) {
    append(UInt8(truncatingIfNeeded: word))
    append(UInt8(truncatingIfNeeded: word >> 8))
  }

  /// Appends a word, high byte first.
  @inlinable public mutating func appendBig(_ word: UInt16) {
    append(UInt8(truncatingIfNeeded: word >> 8))
    append(UInt8(truncatingIfNeeded: word))
  }

  /// Appends a double word, lowest byte first.
  @inlinable public mutating func appendLittle(_ word: UInt32) {
    appendLittle(UInt16(truncatingIfNeeded: word))
    appendLittle(UInt16(truncatingIfNeeded: word >> 16))
  }
}
