// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What one kind of device lets be set, and how it is asked and told: data and small functions, as
/// a `Dialect` is.
public struct SettingsMap: Sendable {
  /// The settings that can be written, by address.
  public let rows: [Register]
  /// The rules among them.
  public let rules: [SettingRule]
  /// What is to be known about each beyond its row.
  public let traits: @Sendable (Register) -> SettingTraits
  /// The language, with a `read` that believes whatever the device says of its settings, even
  /// where it breaks a rule, and without polls.
  public internal(set) var language: Dialect
  /// What is asked before anything is planned, in this order.
  public internal(set) var questions: [SettingsQuestion]
  /// The words that a checked answer carries.
  public let words: @Sendable (Request, [UInt8]) -> [UInt16]?
  /// Who the device is, from the words of `.identity`.
  public let identify: @Sendable (SettingsWords) -> Identity
  /// The request that reads one word.
  public let reading: @Sendable (UInt16) -> Request
  /// The request that writes one word and leaves the device alone afterwards for as long as it
  /// needs; sent once only.
  public internal(set) var writing: @Sendable (UInt16, UInt16) -> Request

  /// The same write by the functions of Modbus; `nil` where the device has none for it.
  public let modbusWriting: (@Sendable (UInt16, UInt16) -> Request)?

  /// A map from its parts.
  public init(
    rows: [Register], rules: [SettingRule], traits: @escaping @Sendable (Register) -> SettingTraits,
    language: Dialect, questions: [SettingsQuestion],
    words: @escaping @Sendable (Request, [UInt8]) -> [UInt16]?,
    identify: @escaping @Sendable (SettingsWords) -> Identity,
    reading: @escaping @Sendable (UInt16) -> Request,
    writing: @escaping @Sendable (UInt16, UInt16) -> Request,
    modbusWriting: (@Sendable (UInt16, UInt16) -> Request)? = nil
  ) {
    self.rows = rows
    self.rules = rules
    self.traits = traits
    self.language = language
    self.questions = questions
    self.words = words
    self.identify = identify
    self.reading = reading
    self.writing = writing
    self.modbusWriting = modbusWriting
  }

  /// The maps of all dialects that have settings.
  public static let all: [SettingsMap] = [.tinyBMS]

  /// The map of a dialect; `nil` where its settings cannot be written.
  public static func of(_ dialect: some Sequence<UInt8>) -> SettingsMap? {
    for map in all where map.language.name.hasBytes(dialect) { return map }
    return nil
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
  /// Address of the first word of the answer.
  public let base: UInt16
  /// What to ask when the device refuses the question.
  public let instead: Request?
  /// Whether the device may leave it unanswered for good: it then refuses, or says nothing.
  public let isOptional: Bool

  /// A question from its parts.
  public init(
    _ part: Part, _ request: Request, base: UInt16, instead: Request? = nil,
    isOptional: Bool = false
  ) {
    self.part = part
    self.request = request
    self.base = base
    self.instead = instead
    self.isOptional = isOptional
  }
}
