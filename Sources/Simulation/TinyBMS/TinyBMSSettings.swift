// SPDX-License-Identifier: Apache-2.0

/// The settings block 300–343 of a simulated TinyBMS, with what a unit accepts there.
///
/// Ranges and rules between settings: TinyBMS Communication Protocols Rev D, chapter 2 (settings),
/// and TinyBMS User Manual Rev D. The limits that depend on the current sensor are those of a 150 A
/// unit.
public struct TinyBMSSettings: Sendable {
  /// Address of the first word.
  public static let first = 300
  /// How many words there are; the reserved ones hold 0.
  public static let count = 44

  /// What one word may hold.
  struct Row {
    let address: Int
    let lowest: Int32
    let highest: Int32
    /// What the unit holds after leaving the factory; as seen in one Li-ion unit, not confirmed.
    let standard: Int32

    init(_ address: Int, _ range: ClosedRange<Int32>, _ standard: Int32) {
      self.address = address
      lowest = range.lowerBound
      highest = range.upperBound
      self.standard = standard
    }
  }

  private var words: [44 of UInt16]

  /// The settings of a unit as it leaves the factory.
  public init() {
    words = .init(repeating: 0)
    for row in Self.rows { self[row.address] = UInt16(truncatingIfNeeded: row.standard) }
  }

  /// The settings that an installer would choose for a pack.
  ///
  /// `capacity` is the nominal one in Ah.
  public init(_ chemistry: Chemistry, series: Int, capacity: Double) {
    self.init()
    let volts: (full: UInt16, empty: UInt16, balance: UInt16, over: UInt16, under: UInt16) =
      switch chemistry {
      case .lfp: (3450, 2900, 3380, 3650, 2500)
      case .nmc: (4150, 3200, 3900, 4220, 2900)
      case .lto: (2650, 1800, 2450, 2800, 1500)
      }
    self[300] = volts.full
    self[301] = volts.empty
    self[303] = volts.balance
    self[304] = 2500
    self[305] = 150
    self[306] = UInt16((capacity * 100).clamped(10, 65_500).steps)
    self[307] = UInt16(min(16, max(4, series)))
    self[315] = volts.over
    self[316] = volts.under
    self[317] = 120
    self[318] = 80
    self[319] = 55
    self[320] = 2
    self[321] = 90
    self[322] = 4000
    self[329] = 0b100
    self[330] = 0x0501
    self[343] = 1
  }

  /// The word at an address of the block; 0 at a reserved one.
  public subscript(address: Int) -> UInt16 {
    get { Self.contains(address) ? words[address - Self.first] : 0 }
    set { if Self.contains(address) { words[address - Self.first] = newValue } }
  }

  /// Whether the block holds an address.
  static func contains(_ address: Int) -> Bool { address >= first && address < first + count }

  /// Writes words as one order: all of them, or none when one is refused.
  ///
  /// - Returns: whether they were taken. Refused are addresses outside the block, values outside
  ///   their range, and a block that would break a rule between settings. A reserved word is passed
  ///   over.
  mutating func write(_ words: [(address: UInt16, word: UInt16)]) -> Bool {
    var new = self
    for (address, word) in words {
      guard Self.contains(Int(address)) else { return false }
      guard let row = Self.row(at: Int(address)) else { continue }
      guard row.accepts(word) else { return false }
      new[Int(address)] = word
    }
    guard new.isConsistent else { return false }
    self = new
    return true
  }

  /// The word that the block `option` of command 1D holds at an address: 1 lowest, 2 highest, 3
  /// factory, 4 present; `nil` for another option.
  func word(at address: Int, option: UInt8) -> UInt16? {
    let row = Self.row(at: address)
    switch option {
    case 1: return UInt16(truncatingIfNeeded: row?.lowest ?? 0)
    case 2: return UInt16(truncatingIfNeeded: row?.highest ?? 0)
    case 3: return UInt16(truncatingIfNeeded: row?.standard ?? 0)
    case 4: return self[address]
    default: return nil
    }
  }

  /// Whether the rules between settings hold: under-voltage, discharged, charged and over-voltage
  /// in this order and 10 mV apart; the peak current above the lasting one; a text period that the
  /// bar can follow.
  private var isConsistent: Bool {
    let ladder = [self[316], self[301], self[300], self[315]]
    for index in 1..<ladder.count where Int(ladder[index]) < Int(ladder[index - 1]) + 10 {
      return false
    }
    let pulses = UInt32(self[312]) | UInt32(self[313]) << 16
    guard (1...100_000).contains(pulses), self[305] > self[317] else { return false }
    return !(self[343] == 2 && (1...3).contains(self[342]))
  }

  private static func row(at address: Int) -> Row? {
    for row in rows where row.address == address { return row }
    return nil
  }
}

extension TinyBMSSettings.Row {
  /// Whether the word holds a value that the unit takes.
  fileprivate func accepts(_ word: UInt16) -> Bool {
    let value = lowest < 0 ? Int32(Int16(bitPattern: word)) : Int32(word)
    switch address {
    case 330: return word & 0xFF <= 2 && word >> 8 <= 30
    case 337: return word == 0 || (2...9).contains(word) || word == 0x10
    default: return value >= lowest && value <= highest
    }
  }
}

extension TinyBMSSettings {
  /// What each word may hold, and what it holds when new; addresses that are missing are reserved.
  static let rows: [Row] = [
    Row(300, 1200...4500, 4150), Row(301, 1000...3500, 3000), Row(303, 1000...4500, 3200),
    Row(304, 100...5000, 1000), Row(305, 1...300, 100), Row(306, 10...65_500, 6600),
    Row(307, 4...16, 14),
    Row(308, 15...100, 15), Row(310, 5...60, 5), Row(311, 0...60, 5), Row(312, 0...65_535, 1),
    Row(313, 0...1, 0), Row(314, 1...5, 2), Row(315, 1200...4500, 4200), Row(316, 800...3500, 2900),
    Row(317, 1...150, 60), Row(318, 1...150, 20), Row(319, 20...90, 60), Row(320, -40...10, 1),
    Row(321, 60...95, 80), Row(322, 10...65_000, 500), Row(323, 0...50_000, 0xFFFF),
    Row(328, 0...50_000, 0xFFFF), Row(329, 0...7, 0), Row(330, 0...0x1E02, 0x0501),
    Row(331, 0...8, 0),
    Row(332, 0...30, 5), Row(333, 1...9, 1), Row(334, 0...6, 0), Row(335, 1...7, 1),
    Row(336, 0...2, 0),
    Row(337, 0...0x10, 0), Row(338, 0...7, 0), Row(339, 0...1, 0), Row(340, 0...1, 0),
    Row(341, 0...8, 0),
    Row(342, 0...7, 0), Row(343, 0...2, 1),
  ]
}
