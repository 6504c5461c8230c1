// SPDX-License-Identifier: Apache-2.0

public import Wire

/// A frame of hexadecimal digits in ASCII between `~` and a carriage return: the form that Pylontech,
/// Seplos, PACE and others took from a Chinese standard for telecom sites.
///
/// Source: "PYLON low voltage Protocol RS485" V3.3, 2.2 and 2.3; "SEPLOS BMS Communication Protocol"
/// V2.0, III; docs/protocols/pylontech-rs485.md.
public struct TildeFrame: Equatable, Sendable {
  /// The first byte of a frame.
  public static let start: UInt8 = 0x7E
  /// The last byte of a frame.
  public static let end: UInt8 = 0x0D
  /// What stands for a lithium battery in the third pair of digits.
  public static let battery: UInt8 = 0x46
  /// Bytes around the data: `~`, four pairs, the length, the checksum, the carriage return.
  static let overhead = 18
  /// The most digits of data that are waited for; batteries alone on their line send far fewer.
  static let longestData = 900

  /// Version of the language, such as 0x20.
  public var version: UInt8
  /// Number of the battery on the line.
  public var address: UInt8
  /// In a request what is asked for; in an answer how it went, 0 for well.
  public var code: UInt8
  /// The data.
  public var info: [UInt8]

  /// A frame from its parts.
  public init(version: UInt8, address: UInt8, code: UInt8, info: [UInt8] = []) {
    self.version = version
    self.address = address
    self.code = code
    self.info = info
  }

  /// The frame as it goes over the wire.
  public func encode() -> [UInt8] {
    var bytes = [Self.start]
    for byte in [version, address, Self.battery, code] { Hex.append(byte, upper: true, to: &bytes) }
    let count = info.count * 2
    Self.append(UInt16(truncatingIfNeeded: Self.nibble(count) << 12 | count), to: &bytes)
    for byte in info { Hex.append(byte, upper: true, to: &bytes) }
    Self.append(Self.sum(bytes.span, to: bytes.count), to: &bytes)
    bytes.append(Self.end)
    return bytes
  }

  /// The frame in these bytes, once all of it is checked.
  ///
  /// - Parameter bytes: one whole frame, from `~` to the carriage return
  /// - Throws: `WireError` that says what is wrong with it
  public init(_ bytes: borrowing Span<UInt8>) throws(WireError) {
    guard bytes.count >= Self.overhead else {
      throw .truncated(got: bytes.count, needed: Self.overhead)
    }
    guard bytes[0] == Self.start else { throw .unexpected(byte: bytes[0], at: 0) }
    let last = bytes.count - 1
    let length = Self.word(bytes, at: 9)
    let count = Int(length & 0xFFF)
    guard count % 2 == 0, Int(length >> 12) == Self.nibble(count) else {
      throw .unexpected(byte: bytes[9], at: 9)
    }
    guard bytes.count == Self.overhead + count else {
      throw .truncated(got: bytes.count, needed: Self.overhead + count)
    }
    guard bytes[last] == Self.end else { throw .unexpected(byte: bytes[last], at: last) }
    let found = Self.word(bytes, at: last - 4)
    let computed = Self.sum(bytes, to: last - 4)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
    for index in 1..<last where Self.digit(bytes[index]) == nil {
      throw .unexpected(byte: bytes[index], at: index)
    }
    guard Self.byte(bytes, at: 5) == Self.battery else { throw .unexpected(byte: bytes[5], at: 5) }
    version = Self.byte(bytes, at: 1)
    address = Self.byte(bytes, at: 3)
    code = Self.byte(bytes, at: 7)
    info = []
    info.reserveCapacity(count / 2)
    for index in 0..<count / 2 { info.append(Self.byte(bytes, at: 13 + 2 * index)) }
  }

  /// The checksum of a length: what makes the sum of its four hexadecimal digits zero in four bits.
  static func nibble(_ count: Int) -> Int {
    -(count & 0xF + count >> 4 & 0xF + count >> 8 & 0xF) & 0xF
  }

  /// The checksum: what makes the sum of the characters behind `~` zero in sixteen bits.
  static func sum(_ bytes: borrowing Span<UInt8>, to end: Int) -> UInt16 {
    var sum: UInt16 = 0
    for index in 1..<end { sum &-= UInt16(bytes[index]) }
    return sum
  }

  /// The value of an upper-case digit; lower-case ones are in no frame.
  static func digit(_ character: UInt8) -> UInt8? {
    character < UInt8(ascii: "a") ? Hex.digit(character) : nil
  }

  /// The byte that two digits make; a character that is no digit counts 0.
  static func byte(_ bytes: borrowing Span<UInt8>, at offset: Int) -> UInt8 {
    (digit(bytes[offset]) ?? 0) << 4 | (digit(bytes[offset + 1]) ?? 0)
  }

  static func word(_ bytes: borrowing Span<UInt8>, at offset: Int) -> UInt16 {
    UInt16(byte(bytes, at: offset)) << 8 | UInt16(byte(bytes, at: offset + 2))
  }

  private static func append(_ word: UInt16, to bytes: inout [UInt8]) {
    Hex.append(UInt8(truncatingIfNeeded: word >> 8), upper: true, to: &bytes)
    Hex.append(UInt8(truncatingIfNeeded: word), upper: true, to: &bytes)
  }
}
