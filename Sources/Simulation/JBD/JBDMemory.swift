// SPDX-License-Identifier: Apache-2.0

/// The parameters of a simulated JBD board: registers 10 to 47, and three texts.
public struct JBDMemory: Hashable, Sendable {
  /// The registers that hold a word.
  public static let words: ClosedRange<UInt8> = 0x10...0x47
  /// The registers that hold a text behind its length.
  public static let texts: ClosedRange<UInt8> = 0xA0...0xA2

  private var values: [UInt16]
  private var labels: [[UInt8]]

  /// The parameters of a new board for 16 cells of LFP and 100 Ah.
  public init() {
    values = .init(repeating: 0, count: Self.words.count)
    labels = [Array("CELLBUS".utf8), Array("SIMULATED".utf8), Array("SIM0000000001".utf8)]
    for (register, word) in Self.standard { self[register] = word }
  }

  /// The parameters of a board that is set as the unit of a scenario.
  ///
  /// Coarse ones count charge in steps ten times as large.
  public init(_ scenario: Scenario, isCoarse: Bool = false) {
    self.init()
    let set = scenario.settings
    let series = UInt32(scenario.pack.series)
    func pack(_ cell: UInt16) -> UInt16 { UInt16(clamping: UInt32(cell) * series / 10) }
    func kelvin(_ degrees: Int16) -> UInt16 { UInt16(clamping: Int32(degrees) * 10 + 2731) }
    let steps = scenario.pack.cell.capacity * (isCoarse ? 10 : 100)
    let capacity = UInt16(steps.clamped(0, 65_535).steps)
    if isCoarse { self[0x2D] |= 1 << 12 }
    self[0x10] = capacity
    self[0x11] = UInt16(UInt32(capacity) * 8 / 10)
    self[0x12] = set[300]
    self[0x13] = set[301]
    self[0x18] = kelvin(Int16(bitPattern: set[319]))
    self[0x19] = kelvin(Int16(bitPattern: set[319]) - 5)
    self[0x1A] = kelvin(Int16(bitPattern: set[320]))
    self[0x1B] = kelvin(Int16(bitPattern: set[320]) + 5)
    self[0x1C] = self[0x18]
    self[0x1D] = self[0x19]
    self[0x24] = set[315]
    self[0x25] = set[315] - 100
    self[0x26] = set[316]
    self[0x27] = set[316] + 200
    for place in UInt8(0)..<4 { self[0x20 + place] = pack(self[0x24 + place]) }
    self[0x28] = UInt16(clamping: UInt32(set[318]) * 100)
    self[0x29] = UInt16(bitPattern: Int16(clamping: Int32(set[317]) * -100))
    self[0x2A] = set[303]
    self[0x2B] = set[308]
    self[0x2F] = UInt16(series)
  }

  /// The word of a register; 0 outside `words`.
  public subscript(register: UInt8) -> UInt16 {
    get { Self.words.contains(register) ? values[Int(register - Self.words.lowerBound)] : 0 }
    set {
      if Self.words.contains(register) { values[Int(register - Self.words.lowerBound)] = newValue }
    }
  }

  /// The text of a register; empty outside `texts`.
  public func text(_ register: UInt8) -> [UInt8] {
    Self.texts.contains(register) ? labels[Int(register - Self.texts.lowerBound)] : []
  }

  /// Takes a text over.
  ///
  /// - Returns: whether it fits into 31 characters.
  mutating func setText(_ text: [UInt8], _ register: UInt8) -> Bool {
    guard Self.texts.contains(register), text.count <= 31 else { return false }
    labels[Int(register - Self.texts.lowerBound)] = text
    return true
  }

  /// Whether a board takes a word: the maker's document names the signs of the two currents; that it
  /// refuses what no cell can have, and no sensor can show, is assumed.
  static func accepts(_ word: UInt16, _ register: UInt8) -> Bool {
    switch register {
    case 0x12, 0x13, 0x24...0x27, 0x2A, 0x32...0x37, 0x42...0x47: word <= 5000
    case 0x18...0x1F: (2331...3931).contains(word)
    case 0x28: (1...32_767).contains(word)
    case 0x29: word >= 0x8000
    case 0x2B: word <= 1000
    case 0x2F: (1...32).contains(word)
    default: true
    }
  }

  private static let standard: [(UInt8, UInt16)] = [
    (0x10, 10_000), (0x11, 8000), (0x12, 3450), (0x13, 2900), (0x14, 2), (0x15, 0x3021), (0x16, 1),
    (0x18, 3281), (0x19, 3231), (0x1A, 2731), (0x1B, 2781), (0x1C, 3331), (0x1D, 3231),
    (0x1E, 2531), (0x1F, 2631), (0x20, 5840), (0x21, 5680), (0x22, 4000), (0x23, 4320),
    (0x24, 3650), (0x25, 3550), (0x26, 2500), (0x27, 2700), (0x28, 12_000), (0x29, 0xD120),
    (0x2A, 3400), (0x2B, 20), (0x2C, 5), (0x2D, 0x0006), (0x2E, 0x0003), (0x2F, 16), (0x30, 5),
    (0x31, 5), (0x32, 3330), (0x33, 3300), (0x34, 3280), (0x35, 3220), (0x36, 3750), (0x37, 2300),
    (0x38, 0x7B14), (0x39, 0xA020), (0x3A, 0x0202), (0x3B, 0x0202), (0x3C, 0x0202), (0x3D, 0x0202),
    (0x3E, 0x0520), (0x3F, 0x0520), (0x40, 3000), (0x41, 30), (0x42, 3340), (0x43, 3315),
    (0x44, 3290), (0x45, 3250), (0x46, 3150), (0x47, 3450),
  ]
}
