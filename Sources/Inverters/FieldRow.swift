// SPDX-License-Identifier: Apache-2.0

public import Battery

/// Where one field of a frame comes from: a row of the mapping from what is known to what is sent.
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

  /// What the field is taken from.
  public enum Source: Sendable {
    /// A measured or told value of the battery.
    case point(Point)
    /// A limit as decided, under the name of the point that it has in readings.
    case limit(Point)
    /// Something else, in plain words.
    case other(StaticString)
  }

  /// Identifier of the frame.
  public let id: UInt32
  /// Place of the first byte.
  public let offset: UInt8
  /// How many bytes.
  public let length: UInt8
  /// Short name.
  public let name: StaticString
  /// How it is written.
  public let form: Form
  /// How many steps of the source make a step of the field; 0 where the field is no number.
  public let divisor: Int64
  /// What is added after dividing, in steps of the field.
  public let offsetSteps: Int64
  /// What becomes of the rest.
  public let rounding: Rounding
  /// What it is taken from.
  public let source: Source

  /// A number that is taken from a value.
  init(
    _ id: UInt32, _ offset: UInt8, _ name: StaticString, _ form: Form, _ source: Source,
    per divisor: Int64, plus offsetSteps: Int64 = 0, _ rounding: Rounding
  ) {
    self.id = id
    self.offset = offset
    length = form == .u8 ? 1 : form == .u32 ? 4 : 2
    self.name = name
    self.form = form
    self.divisor = divisor
    self.offsetSteps = offsetSteps
    self.rounding = rounding
    self.source = source
  }

  /// A field that is no number of a value.
  init(
    _ id: UInt32, _ offset: UInt8, _ length: UInt8, _ name: StaticString, _ form: Form,
    _ source: StaticString
  ) {
    self.id = id
    self.offset = offset
    self.length = length
    self.name = name
    self.form = form
    divisor = 0
    offsetSteps = 0
    rounding = .exact
    self.source = .other(source)
  }

  /// The same field in a frame of another length or place is another row; rows of one identifier.
  static func rows(_ all: [[FieldRow]]) -> [FieldRow] {
    var result: [FieldRow] = []
    for rows in all { result += rows }
    return result
  }

  /// 0x351, the same in every protocol.
  static let limits: [FieldRow] = [
    FieldRow(
      0x351, 0, "charge voltage limit", .u16, .limit(.chargeVoltageLimit), per: 100, .down),
    FieldRow(
      0x351, 2, "charge current limit", .s16, .limit(.chargeCurrentLimit), per: 100, .down),
    FieldRow(
      0x351, 4, "discharge current limit", .s16, .limit(.dischargeCurrentLimit), per: 100, .down),
    FieldRow(
      0x351, 6, "discharge voltage", .u16, .limit(.dischargeVoltageLimit), per: 100, .up),
  ]

  /// 0x355 without the finer state of charge.
  static let charge: [FieldRow] = [
    FieldRow(0x355, 0, "state of charge", .u16, .point(.soc), per: 1_000_000, .down),
    FieldRow(0x355, 2, "state of health", .u16, .point(.soh), per: 1_000_000, .down),
  ]

  /// The finer state of charge of 0x355.
  static let fineCharge: [FieldRow] = [
    FieldRow(0x355, 4, "state of charge, fine", .u16, .point(.soc), per: 10_000, .down)
  ]

  /// 0x356, the same in every protocol that Cellbus sends.
  static let measured: [FieldRow] = [
    FieldRow(0x356, 0, "voltage", .s16, .point(.voltage), per: 10, .nearest),
    FieldRow(0x356, 2, "current", .s16, .point(.current), per: 100, .nearest),
    FieldRow(0x356, 4, "temperature", .s16, .point(.temperatureMax), per: 10, .nearest),
  ]

  /// 0x35A, the same in every protocol.
  static let pairs: [FieldRow] = [
    FieldRow(0x35A, 0, 4, "alarms", .bits, "protections of the battery, a pair of bits each"),
    FieldRow(0x35A, 4, 4, "warnings", .bits, "protections and warnings, a pair of bits each"),
  ]

  /// 0x35E.
  static let manufacturer: [FieldRow] = [
    FieldRow(0x35E, 0, 8, "maker", .text, "setting manufacturer, or the profile's own")
  ]

  /// 0x35F.
  static let information: [FieldRow] = [
    FieldRow(0x35F, 0, 2, "product", .bytes, "product number, low byte first; Cellbus has none"),
    FieldRow(0x35F, 2, 2, "firmware", .bytes, "first two numbers of the battery's firmware"),
    FieldRow(0x35F, 4, "capacity", .u16, .point(.full), per: 1000, .nearest),
  ]
}
