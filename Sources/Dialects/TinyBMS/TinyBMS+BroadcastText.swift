// SPDX-License-Identifier: Apache-2.0

import Quantities

extension TinyBMS.Broadcast {
  /// The first byte of a whole line.
  static let firstByte = UInt8(ascii: "B")
  /// More bytes than any whole line has.
  static let longestLine = 256

  /// The keys of a line in their order.
  enum Key: Int {
    case voltage, cellMin, cellMax, current, soc, inside, external1, external2, status, balancing
    case loadKind, loadState, chargerKind, chargerState, kind, state

    var text: StaticString {
      switch self {
      case .voltage: "BPV"
      case .cellMin: "MINCV"
      case .cellMax: "MAXCV"
      case .current: "BPC"
      case .soc: "SOC"
      case .inside: "BMST"
      case .external1: "EXT1"
      case .external2: "EXT2"
      case .status: "OS"
      case .balancing: "CB"
      case .loadKind: "LST"
      case .loadState: "LSS"
      case .chargerKind: "CST"
      case .chargerState: "CSS"
      case .kind: "ST"
      case .state: "SS"
      }
    }

    /// Whether a line ends with it; its value is then one digit.
    var isLast: Bool { self == .chargerState || self == .state }
  }

  /// The length of the whole line at the head, with the line end after it as far as it has arrived;
  /// 0 when more bytes are needed, `nil` when no whole line stands there.
  ///
  /// The line end is in no document: the line ends with its last value, which has one digit.
  static func line(_ bytes: borrowing Span<UInt8>) -> Int? {
    var place = 0
    var key = Key.voltage
    while true {
      // After the cells being balanced, the last letter but one tells a dual from a single port.
      if key == .loadKind, place < bytes.count, bytes[place] == UInt8(ascii: "S") { key = .kind }
      guard let start = match(bytes, key, at: place) else { return nil }
      guard start <= bytes.count else { return 0 }
      place = start
      if key.isLast { return lineEnd(bytes, value: place) }
      var digits = 0
      while place < bytes.count, isValue(bytes[place]) {
        place += 1
        digits += 1
      }
      guard place < bytes.count else { return digits < 24 ? 0 : nil }
      guard digits > 0, digits < 24, bytes[place] == UInt8(ascii: "\t") else { return nil }
      place += 1
      guard let next = Key(rawValue: key.rawValue + 1) else { return nil }
      key = next
    }
  }

  /// Where the value of `key` begins; beyond the end when the key is only begun, `nil` when it is
  /// not there.
  private static func match(_ bytes: borrowing Span<UInt8>, _ key: Key, at place: Int) -> Int? {
    let text = key.text
    for index in 0...text.utf8CodeUnitCount {
      guard place + index < bytes.count else { return bytes.count + 1 }
      let wanted =
        index < text.utf8CodeUnitCount ? unsafe text.utf8Start[index] : UInt8(ascii: ":")
      guard bytes[place + index] == wanted else { return nil }
    }
    return place + text.utf8CodeUnitCount + 1
  }

  private static func lineEnd(_ bytes: borrowing Span<UInt8>, value place: Int) -> Int? {
    guard place < bytes.count else { return 0 }
    guard bytes[place] == UInt8(ascii: "0") || bytes[place] == UInt8(ascii: "1") else { return nil }
    var end = place + 1
    while end < bytes.count, bytes[end] == 0x0D || bytes[end] == 0x0A { end += 1 }
    return end
  }

  private static func isValue(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }

  /// What the text says: every `KEY:value` that is surely whole, in any order; text cut at either
  /// end is welcome.
  public init(text bytes: borrowing Span<UInt8>) {
    self.init()
    var place = 0
    var kinds: (load: UInt8, charger: UInt8, single: UInt8) = (0, 0, 0)
    var load: Bool?
    var charger: Bool?
    while place < bytes.count {
      var end = place
      while end < bytes.count, !Self.isBreak(bytes[end]) { end += 1 }
      if let (key, value) = Self.field(bytes, place, end, isWhole: end < bytes.count) {
        switch key {
        case .loadKind: kinds.load = bytes[value] - 48
        case .chargerKind: kinds.charger = bytes[value] - 48
        case .kind: kinds.single = bytes[value] - 48
        case .loadState: load = bytes[value] == UInt8(ascii: "1")
        case .chargerState: charger = bytes[value] == UInt8(ascii: "1")
        case .state: single = Switch(kind: kinds.single, isOn: bytes[value] == UInt8(ascii: "1"))
        default: take(key, bytes, value, end)
        }
      }
      place = end + 1
    }
    if let load, let charger {
      dual = Dual(
        load: Switch(kind: kinds.load, isOn: load),
        charger: Switch(kind: kinds.charger, isOn: charger))
    }
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// The key of the field from `place` to `end`, and where its value begins.
  private static func field(
    _ bytes: borrowing Span<UInt8>, _ place: Int, _ end: Int, isWhole: Bool
  ) -> (Key, Int)? {
    var index = 0
    while let key = Key(rawValue: index) {
      index += 1
      guard let value = match(bytes, key, at: place), value < end else { continue }
      // A number that nothing follows may have lost its end.
      guard isWhole || (key.isLast && end == value + 1) else { return nil }
      if key.rawValue >= Key.loadKind.rawValue {
        guard end == value + 1, bytes[value] == 48 || bytes[value] == 49 else { return nil }
      }
      return (key, value)
    }
    return nil
  }

  private mutating func take(
    _ key: Key, _ bytes: borrowing Span<UInt8>, _ value: Int, _ end: Int
  ) {
    func number(_ decimals: Int) -> Int64? { TinyBMS.number(bytes, value, end, decimals: decimals) }
    func sensor() -> Sensor? {
      if bytes[value] == UInt8(ascii: "-"), end > value + 1, bytes[value + 1] == UInt8(ascii: "-") {
        return Sensor(nil)
      }
      return number(2).map { Sensor(Temperature(clamping: $0)) }
    }
    switch key {
    case .voltage: voltage = number(3).map { Voltage(clamping: $0) }
    case .cellMin: cellMin = number(4).map { CellVoltage(clamping: $0) }
    case .cellMax: cellMax = number(4).map { CellVoltage(clamping: $0) }
    case .current: current = number(3).map { Current(clamping: $0) }
    case .soc: soc = number(6).map { Percent(clamping: $0) }
    case .inside: inside = sensor()
    case .external1: external1 = sensor()
    case .external2: external2 = sensor()
    case .status: status = number(0).flatMap { UInt16(exactly: $0) }
    case .balancing: balancing = Self.bits(bytes, value, end)
    default: break
    }
  }

  private static func bits(_ bytes: borrowing Span<UInt8>, _ value: Int, _ end: Int) -> UInt16? {
    guard end - value == 16 else { return nil }
    var bits: UInt16 = 0
    for index in 0..<16 {
      switch bytes[value + index] {
      case UInt8(ascii: "0"): break
      case UInt8(ascii: "1"): bits |= 1 << UInt16(index)
      default: return nil
      }
    }
    return bits
  }
}

extension TinyBMS {
  /// The decimal number from `start` to `end` in steps of `10^-decimals`, rounded half away from
  /// zero; `nil` for anything else.
  static func number(
    _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int, decimals: Int
  ) -> Int64? {
    var place = start
    var isNegative = false
    if place < end, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place += 1
    }
    guard end - place <= 12 else { return nil }
    var steps: Int64 = 0
    var digits = 0
    var fraction: Int?
    while place < end {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "."), fraction == nil {
        fraction = 0
        continue
      }
      guard byte >= 48, byte <= 57 else { return nil }
      digits += 1
      if let seen = fraction {
        fraction = seen + 1
        // The first decimal beyond the scale rounds; the rest cannot change that.
        if seen == decimals, byte >= 53 { steps += 1 }
        if seen >= decimals { continue }
      }
      steps = steps * 10 + Int64(byte - 48)
    }
    guard digits > 0 else { return nil }
    for _ in min(fraction ?? 0, decimals)..<decimals { steps *= 10 }
    return isNegative ? -steps : steps
  }
}
