// SPDX-License-Identifier: Apache-2.0

/// One row of a device's own register map: a setting, a statistic, a version.
///
/// What batteries share is a `Point`; what one dialect has of its own stands in rows like this one.
public struct Register: Sendable {
  /// How the words at an address make a number.
  public enum Form: UInt8, Sendable {
    case uint8Low, uint8High, int8Low, int8High, uint16, int16, uint32, int32, float32
    case bits16, bytes12

    /// The name in the reference.
    public var name: StaticString {
      switch self {
      case .uint8Low: "u8_low"
      case .uint8High: "u8_high"
      case .int8Low: "s8_low"
      case .int8High: "s8_high"
      case .uint16: "u16"
      case .int16: "s16"
      case .uint32: "u32"
      case .int32: "s32"
      case .float32: "float32"
      case .bits16: "bits16"
      case .bytes12: "bytes12"
      }
    }

    /// How many 16-bit words it takes.
    public var words: Int {
      switch self {
      case .uint32, .int32, .float32: 2
      case .bytes12: 6
      default: 1
      }
    }
  }

  /// Whether it may be written.
  public enum Access: UInt8, Sendable { case read, write }

  /// What kind of thing it is.
  public enum Group: UInt8, Sendable {
    case live, statistics, events, settings, version

    /// The name in the reference.
    public var name: StaticString {
      switch self {
      case .live: "live"
      case .statistics: "statistics"
      case .events: "events"
      case .settings: "settings"
      case .version: "version"
      }
    }
  }

  /// Address of the first word.
  public let address: UInt16
  /// Name in JSON, snake_case with its unit.
  public let name: StaticString
  /// How the words make a number.
  public let form: Form
  /// What kind of thing it is.
  public let group: Group
  /// Whether it may be written.
  public let access: Access
  /// What is added to the raw number before it is scaled: temperatures and currents may count from
  /// elsewhere than zero.
  public let offset: Int64
  /// The number that people read is `(raw + offset) · numerator / 10^decimals`.
  public let numerator: Int32
  /// See `numerator`.
  public let decimals: UInt8
  /// Unit that people read; empty where a number counts or names things.
  public let unit: StaticString
  /// Lowest raw value that the document allows, where it says so.
  public let lowest: Int64?
  /// Highest raw value that the document allows, where it says so; the unit's own limit may be lower.
  public let highest: Int64?
  /// Raw value that means "not there", where there is one.
  public let absent: Int64?
  /// One plain sentence on what it means.
  public let meaning: StaticString

  /// A raw number in steps of `10^-decimals` of the unit that people read; `nil` where it cannot be
  /// reckoned.
  public func steps(_ raw: Int64) -> Int64? {
    let (moved, isBeyond) = raw.addingReportingOverflow(offset)
    let (steps, overflow) = moved.multipliedReportingOverflow(by: Int64(numerator))
    return isBeyond || overflow ? nil : steps
  }

  /// A row of a register map.
  public init(
    _ address: UInt16, _ name: StaticString, _ form: Form, _ group: Group, _ access: Access = .read,
    offset: Int64 = 0, numerator: Int32 = 1, decimals: UInt8 = 0, unit: StaticString = "",
    range: ClosedRange<Int64>? = nil,
    absent: Int64? = nil, _ meaning: StaticString
  ) {
    self.address = address
    self.name = name
    self.form = form
    self.group = group
    self.access = access
    self.offset = offset
    self.numerator = numerator
    self.decimals = decimals
    self.unit = unit
    lowest = range?.lowerBound
    highest = range?.upperBound
    self.absent = absent
    self.meaning = meaning
  }
}
