// SPDX-License-Identifier: Apache-2.0

// The text that can-utils read and write for one frame: `351#14027400`, with three digits for an 11-bit
// identifier and eight for one of 29 bits.

extension CANFrame: CustomStringConvertible {
  /// The frame as `ID#DATA` in upper-case hexadecimal digits.
  public var description: String {
    var text: [UInt8] = []
    let digits = isExtended ? 8 : 3
    for place in (0..<digits).reversed() {
      let nibble = UInt8(truncatingIfNeeded: id >> UInt32(place * 4)) & 0xF
      text.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10)
    }
    text.append(UInt8(ascii: "#"))
    for index in 0..<Int(count) { Hex.append(data[index], upper: true, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The frame that `ID#DATA` stands for; `nil` for anything else, for over 8 bytes and for remote frames.
  public init?(text: some Collection<UInt8>) {
    guard let hash = text.firstIndex(of: UInt8(ascii: "#")) else { return nil }
    let name = text[..<hash]
    guard (1...8).contains(name.count), let bytes = Hex.bytes(text[text.index(after: hash)...]),
      bytes.count <= 8
    else { return nil }
    var id: UInt32 = 0
    for character in name {
      guard let digit = Hex.digit(character) else { return nil }
      id = id << 4 | UInt32(digit)
    }
    let isExtended = name.count > 3
    guard id <= (isExtended ? 0x1FFF_FFFF : 0x7FF) else { return nil }
    self.init(id: id, isExtended: isExtended, bytes)
  }
}
