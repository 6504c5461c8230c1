// SPDX-License-Identifier: Apache-2.0

import Wire

/// A JBD board of a few lines: parameters that it tells and takes in factory mode, and live values.
struct JBDStore: WireUnit {
  /// What survives a loss of power.
  var kept: [UInt8: [UInt8]] = [:]
  /// What it works with.
  var used: [UInt8: [UInt8]] = [:]
  var isOpen = false
  /// Six digits that it asks for; `nil` where none is set.
  var password: [UInt8]?
  var isUnlocked = false
  /// Whether the exit without keeping forgets what was written, as the maker says, or whether each
  /// write is kept at once, as the captures of its app suggest.
  var forgets = true
  /// Bit 0 charge off, bit 1 discharge off, by order.
  var opened: UInt8 = 0
  /// Protections that are active, as in the basic information.
  var protections: UInt16 = 0
  /// Switches that a protection holds open, bits as ordered.
  var held: UInt8 = 0
  var remaining: UInt16 = 5000
  /// How often the mode was entered and left.
  var entries = 0
  var savings = 0

  init(_ words: [UInt8: UInt16] = [:]) {
    var all = Self.standard
    all.merge(words) { $1 }
    for (register, word) in all { kept[register] = [UInt8(word >> 8), UInt8(word & 0xFF)] }
    kept[0xA0] = [3] + Array("JBD".utf8)
    kept[0xA1] = [5] + Array("front".utf8)
    kept[0xA2] = [8] + Array("A1234567".utf8)
    used = kept
  }

  /// A pack of 16 iron phosphate cells with 100 Ah.
  static let standard: [UInt8: UInt16] = [
    0x10: 10_000, 0x11: 8000, 0x12: 3500, 0x13: 2900, 0x14: 5, 0x15: 0x2C7C, 0x16: 17, 0x17: 42,
    0x18: 3381, 0x19: 3281, 0x1A: 2731, 0x1B: 2781, 0x1C: 3431, 0x1D: 3331, 0x1E: 2531, 0x1F: 2581,
    0x20: 5840, 0x21: 5600, 0x22: 4000, 0x23: 4480, 0x24: 3650, 0x25: 3500, 0x26: 2500, 0x27: 2800,
    0x28: 10_000, 0x29: 0xD508, 0x2A: 3400, 0x2B: 15, 0x2C: 10, 0x2D: 0x0006, 0x2E: 0x0007,
    0x2F: 16,
    0x30: 5, 0x31: 5, 0x32: 3330, 0x33: 3300, 0x34: 3280, 0x35: 3200, 0x36: 3750, 0x37: 2300,
    0x38: 0x1A67, 0x39: 0x5020, 0x3A: 0x0202, 0x3B: 0x0202, 0x3C: 0x0202, 0x3D: 0x0202,
    0x3E: 0x0520,
    0x3F: 0x0520, 0x42: 3340,
  ]

  func word(_ register: UInt8) -> UInt16 {
    used[register].map { UInt16($0[0]) << 8 | UInt16($0[1]) } ?? 0
  }

  mutating func restart() {
    used = kept
    isOpen = false
    isUnlocked = false
  }

  mutating func answer(_ request: [UInt8]) -> [UInt8]? {
    guard request.count >= 7, request[0] == 0xDD, request.last == 0x77 else { return nil }
    let count = Int(request[3])
    guard request.count == count + 7 else { return nil }
    let body = Array(request[2..<4 + count])
    let sum = body.reduce(UInt16(0)) { $0 &- UInt16($1) }
    guard UInt16(request[4 + count]) << 8 | UInt16(request[5 + count]) == sum else { return nil }
    let data = Array(request[4..<4 + count])
    let (status, reply) =
      request[1] == 0xA5 ? read(request[2]) : write(request[2], data)
    var answer: [UInt8] = [0xDD, request[2], status, UInt8(reply.count)] + reply
    let own = answer[2...].reduce(UInt16(0)) { $0 &- UInt16($1) }
    answer += [UInt8(own >> 8), UInt8(own & 0xFF), 0x77]
    return answer
  }

  private func read(_ register: UInt8) -> (UInt8, [UInt8]) {
    switch register {
    case 0x03: return (0, basic)
    case 0x04: return (0, [[UInt8]](repeating: [13, 5], count: 16).flatMap { $0 })
    case 0x05: return (0, Array("JBD-SP16".utf8))
    default:
      guard isOpen else { return (0x81, []) }
      return used[register].map { (0, $0) } ?? (0x80, [])
    }
  }

  private mutating func write(_ register: UInt8, _ data: [UInt8]) -> (UInt8, [UInt8]) {
    switch register {
    case 0x00:
      guard data == [0x56, 0x78], password == nil || isUnlocked else { return (0x81, []) }
      isOpen = true
      entries += 1
    case 0x01:
      guard isOpen else { return (0x81, []) }
      if data == [0x28, 0x28] {
        kept = used
        savings += 1
      } else if forgets {
        used = kept
      }
      isOpen = false
    case 0x06:
      guard let password else { return (0x80, []) }
      guard data == [6] + password else { return (0x83, []) }
      isUnlocked = true
    case 0xE1:
      guard data.count == 2 else { return (0x81, []) }
      opened = data[1]
    case 0xE0:
      guard isOpen else { return (0x81, []) }
      remaining = UInt16(data[0]) << 8 | UInt16(data[1])
    default:
      guard isOpen else { return (0x81, []) }
      guard used[register] != nil else { return (0x80, []) }
      used[register] = data
      if !forgets { kept[register] = data }
    }
    return (0, [])
  }

  private var basic: [UInt8] {
    let full = word(0x10)
    let soc = UInt8(min(100, (Int(remaining) * 100 + Int(full) / 2) / max(1, Int(full))))
    let open = opened | held
    var bits = protections
    if opened != 0 { bits |= 1 << 12 }
    var data: [UInt8] = []
    for word in [5300, 0, remaining, full, 42, 0x2C7C, 0, 0, bits] as [UInt16] {
      data.appendBig(word)
    }
    let isCoarse: UInt8 = word(0x2D) >> 12 & 1 == 1 ? 0x80 : 0
    data += [0x80, soc, (open & 1 == 0 ? 1 : 0) | (open & 2 == 0 ? 2 : 0) | isCoarse, 16, 2]
    data.appendBig(UInt16(2981))
    data.appendBig(UInt16(2991))
    return data
  }
}
