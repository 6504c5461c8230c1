// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One field of a frame: where it lies, how it is written and what it is taken from.
///
/// Frames are encoded from these rows. What is no plain number (pairs of alarms, permissions, numbers of
/// cells) is written by code that the row refers to.
public struct FieldRow: Sendable {
  /// How the field is written.
  public enum Form: UInt8, Sendable {
    case u8, u16, s16, u32
    /// Bits or pairs of bits.
    case bits
    /// Characters.
    case text
    /// Bytes that stand for themselves.
    case bytes

    /// The name in JSON.
    public var name: StaticString {
      switch self {
      case .u8: "u8"
      case .u16: "u16"
      case .s16: "s16"
      case .u32: "u32"
      case .bits: "bits"
      case .text: "text"
      case .bytes: "bytes"
      }
    }
  }

  /// What becomes of what is finer than a step of the field.
  public enum Rounding: UInt8, Sendable {
    case down, up, nearest
    /// Nothing is finer.
    case exact

    /// The name in JSON.
    public var name: StaticString {
      switch self {
      case .down: "down"
      case .up: "up"
      case .nearest: "nearest"
      case .exact: "exact"
      }
    }
  }

  /// What becomes of a number outside the range of the field.
  public enum Beyond: UInt8, Sendable {
    /// The nearer end of the range is sent.
    case held
    /// Above the range its end is sent; below, the value counts as not known.
    case heldAbove
    /// The value counts as not known: at the end of the range it would be wrong.
    case unknown
    /// A counter begins again at zero above the range; below, it counts as not known.
    case wraps

    /// The name in JSON.
    public var name: StaticString {
      switch self {
      case .held: "held"
      case .heldAbove: "held_above"
      case .unknown: "unknown"
      case .wraps: "wraps"
      }
    }
  }

  /// What the field is taken from.
  public enum Source: Sendable {
    /// A measured or told value of the battery.
    case point(Point)
    /// A limit as decided, under the name of the point that it has in readings.
    case limit(Point)
    /// A text by which the battery introduces itself.
    case name(InverterName)
    /// Characters that the owner chose.
    case fixed(Label)
    /// Something else, in plain words.
    case other(StaticString)
  }

  /// What writes a field that is no plain number: its bytes, lowest first, or `nil` when not known.
  typealias Code = @Sendable (InverterPicture, InverterProfile) -> UInt64?

  /// A scale of 1, in its own steps of a millionth.
  public static let unit: Int64 = 1_000_000

  /// Identifier of the frame that it stands in.
  public internal(set) var id: UInt32 = 0
  /// Place of the first byte.
  public let offset: UInt8
  /// How many bytes.
  public let length: UInt8
  /// The name in settings and JSON, snake_case, unique in its frame.
  public let name: StaticString
  /// The name that people read.
  public let title: StaticString
  /// How it is written.
  public let form: Form
  /// How many steps of the source make a step of the field; 0 where the field is no number.
  public let divisor: Int64
  /// What is added after dividing, in steps of the field.
  public let offsetSteps: Int64
  /// What becomes of the rest.
  public let rounding: Rounding
  /// The numbers that it may hold.
  public internal(set) var range: ClosedRange<Int64>
  /// What becomes of other numbers.
  public let beyond: Beyond
  /// What it holds when its value is not known; `nil` where the frame ends before it or is not sent.
  public internal(set) var mark: UInt64?
  /// What it is taken from unless the owner chose otherwise.
  public let original: Source
  /// Why nothing of it may be changed, in words that follow "expected"; `nil` where something may.
  public let guarded: StaticString?
  let code: Code?
  /// The first character of a text.
  let start: UInt8
  /// What follows the end of a text.
  let padding: UInt8

  /// What the owner chose to take it from.
  public internal(set) var chosen: Source?
  /// What the value is multiplied by, in millionths.
  public internal(set) var scale = Self.unit
  /// Whether the owner chose not to tell it.
  public internal(set) var isOmitted = false

  /// What it is taken from.
  public var source: Source { chosen ?? original }

  /// Whether the owner changed anything of it.
  public var isChanged: Bool { chosen != nil || scale != Self.unit || isOmitted }

  /// A number that is taken from a value.
  init(
    _ offset: UInt8, _ name: StaticString, _ title: StaticString, _ form: Form, _ source: Source,
    per divisor: Int64, plus offsetSteps: Int64 = 0, _ rounding: Rounding,
    in range: ClosedRange<Int64>, else beyond: Beyond, mark: UInt64? = nil
  ) {
    self.offset = offset
    length = form == .u8 ? 1 : form == .u32 ? 4 : 2
    self.name = name
    self.title = title
    self.form = form
    self.divisor = divisor
    self.offsetSteps = offsetSteps
    self.rounding = rounding
    self.range = range
    self.beyond = beyond
    self.mark = mark
    original = source
    guarded = nil
    code = nil
    start = 0
    padding = 0
  }

  /// A field that code writes.
  init(
    _ offset: UInt8, _ length: UInt8, _ name: StaticString, _ title: StaticString, _ form: Form,
    _ words: StaticString, mark: UInt64? = nil, guarded: StaticString? = nil,
    code: @escaping Code
  ) {
    self.offset = offset
    self.length = length
    self.name = name
    self.title = title
    self.form = form
    divisor = 0
    offsetSteps = 0
    rounding = .exact
    range = 0...0
    beyond = .held
    self.mark = mark
    original = .other(words)
    self.guarded = guarded
    self.code = code
    start = 0
    padding = 0
  }

  /// Eight characters of a text, from the one at `start`.
  init(
    _ name: StaticString, _ title: StaticString, _ source: InverterName, from start: UInt8 = 0,
    padding: UInt8 = 0
  ) {
    offset = 0
    length = 8
    self.name = name
    self.title = title
    form = .text
    divisor = 0
    offsetSteps = 0
    rounding = .exact
    range = 0...0
    beyond = .held
    original = .name(source)
    guarded = nil
    code = nil
    self.start = start
    self.padding = padding
  }

  /// The same field with another range and another mark.
  func with(_ range: ClosedRange<Int64>? = nil, mark: UInt64? = nil) -> Self {
    var row = self
    row.range = range ?? self.range
    row.mark = mark ?? self.mark
    return row
  }
}
