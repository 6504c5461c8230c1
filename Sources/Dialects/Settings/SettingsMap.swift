// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What one kind of device lets be set, and how it is asked and told: data and small functions, as
/// a `Dialect` is.
public struct SettingsMap: Sendable {
  /// The settings, by address.
  public internal(set) var rows: [Register]
  /// The rules among them.
  public internal(set) var rules: [SettingRule]
  /// What is to be known about each beyond its row.
  public let traits: @Sendable (Register) -> SettingTraits
  /// The language, with a `read` that believes whatever the device says of its settings, even
  /// where it breaks a rule, and without polls.
  public internal(set) var language: Dialect
  /// What is asked before anything is planned, in this order.
  public internal(set) var questions: [SettingsQuestion]
  /// What a checked answer tells of the settings; `nil` for one that tells nothing.
  public let words: @Sendable (Request, [UInt8]) -> SettingsWords?
  /// Takes over who the device is, from a checked answer to a question of `.identity`.
  public let identify: @Sendable (Request, [UInt8], inout Identity) -> Void
  /// The addresses that are written together with an address.
  public let block: @Sendable (UInt16) -> SettingsBlock
  /// The request that reads what stands at an address.
  public let reading: @Sendable (UInt16) -> Request
  /// The request that writes a block, from its first address, and leaves the device alone afterwards
  /// for as long as it needs; sent once only.
  ///
  /// Where the device acknowledges nothing it is a request without an answer.
  public internal(set) var writes: @Sendable (UInt16, [UInt16]) -> Request
  /// The same write by the functions of Modbus; `nil` where the device has none for it.
  public let modbusWrites: (@Sendable (UInt16, [UInt16]) -> Request)?
  /// What the device has to be put into first; `nil` where it needs nothing.
  public let mode: SettingsMode?
  /// Makes the map that of a device whose settings are these, where something depends on them: its units, or
  /// which kind of board it is.
  public let fitting: (@Sendable (SettingsWords, inout SettingsMap) -> Void)?
  /// What a code of refusal means, in words; `nil` for one that nobody explains.
  public let codeMeaning: @Sendable (UInt8) -> StaticString?

  /// A map from its parts.
  public init(
    rows: [Register], rules: [SettingRule], traits: @escaping @Sendable (Register) -> SettingTraits,
    language: Dialect, questions: [SettingsQuestion],
    words: @escaping @Sendable (Request, [UInt8]) -> SettingsWords?,
    identify: @escaping @Sendable (Request, [UInt8], inout Identity) -> Void,
    block: @escaping @Sendable (UInt16) -> SettingsBlock = { SettingsBlock($0) },
    reading: @escaping @Sendable (UInt16) -> Request,
    writes: @escaping @Sendable (UInt16, [UInt16]) -> Request,
    modbusWrites: (@Sendable (UInt16, [UInt16]) -> Request)? = nil,
    mode: SettingsMode? = nil,
    fitting: (@Sendable (SettingsWords, inout SettingsMap) -> Void)? = nil,
    codeMeaning: @escaping @Sendable (UInt8) -> StaticString? = { _ in nil }
  ) {
    self.rows = rows
    self.rules = rules
    self.traits = traits
    self.language = language
    self.questions = questions
    self.words = words
    self.identify = identify
    self.block = block
    self.reading = reading
    self.writes = writes
    self.modbusWrites = modbusWrites
    self.mode = mode
    self.fitting = fitting
    self.codeMeaning = codeMeaning
  }

  /// The request that writes one word.
  public func writing(_ address: UInt16, _ word: UInt16) -> Request { writes(address, [word]) }

  /// The same map for a device whose settings are these.
  public func fitted(to words: SettingsWords) -> SettingsMap {
    guard let fitting else { return self }
    var other = self
    fitting(words, &other)
    return other
  }

  /// The row with a name; `nil` where there is none.
  public func row(_ name: String) -> Register? {
    for row in rows where row.name.hasBytes(name.utf8) { return row }
    return nil
  }

  /// The first row at an address.
  public func row(at address: UInt16) -> Register? {
    for row in rows {
      if row.address == address || row.form.words == 2 && row.address &+ 1 == address {
        return row
      }
    }
    return nil
  }

  /// The rows that a write changes, in their order.
  public func rows(in write: SettingsPlan.Write) -> [Register] {
    let before = SettingsWords(base: write.address, write.old)
    let after = SettingsWords(base: write.address, write.new)
    var changed: [Register] = []
    for row in rows where write.block.contains(row.address) {
      if row.form == .text || before.raw(row) == nil || before.raw(row) != after.raw(row) {
        changed.append(row)
      }
    }
    return changed.isEmpty ? row(at: write.address).map { [$0] } ?? [] : changed
  }

  /// Whether there is nothing that can be written.
  public var isReadOnly: Bool {
    for row in rows where row.access == .write { return false }
    return true
  }

  /// Whether what stands at an address is a setting, and so changes by nobody but its owner.
  func isSetting(_ address: UInt16) -> Bool {
    row(at: address).map { !traits($0).isOrder } ?? false
  }

  /// Whether the word at an address holds an order rather than a setting.
  public func isOrder(_ address: UInt16) -> Bool {
    row(at: address).map { traits($0).isOrder } ?? false
  }
}

/// Something that is asked of a device before its settings are changed.
public struct SettingsQuestion: Sendable {
  /// What the answer is about.
  public enum Part: UInt8, Sendable {
    case identity, minimum, maximum, standard, current

    /// What is being read, in words.
    public var title: StaticString {
      switch self {
      case .identity: "who the battery is"
      case .minimum: "lowest values"
      case .maximum: "highest values"
      case .standard: "factory values"
      case .current: "settings"
      }
    }
  }

  /// What the answer is about.
  public let part: Part
  /// The question.
  public let request: Request
  /// What to ask when the device refuses the question.
  public let instead: Request?
  /// Whether the device may leave it unanswered for good: it then refuses, or says nothing.
  public let isOptional: Bool
  /// Whether the device may refuse it, because it has no such setting; silence is no such answer.
  public let isRefusable: Bool

  /// A question from its parts.
  public init(
    _ part: Part, _ request: Request, instead: Request? = nil, isOptional: Bool = false,
    isRefusable: Bool = false
  ) {
    self.part = part
    self.request = request
    self.instead = instead
    self.isOptional = isOptional
    self.isRefusable = isRefusable || isOptional
  }
}
