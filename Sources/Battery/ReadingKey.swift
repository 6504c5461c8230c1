// SPDX-License-Identifier: Apache-2.0

/// A key of a reading in JSON that is no point: a list, a text, or what one language alone has.
public struct ReadingKey: Sendable {
  /// What stands under it.
  public enum Form: UInt8, Sendable {
    case number, text, flag
    /// A list of numbers, in which an absent one is `null`.
    case numbers
    /// A list of names.
    case names
    /// A list of readings.
    case readings

    /// The name in JSON.
    public var name: StaticString {
      switch self {
      case .number: "number"
      case .text: "text"
      case .flag: "flag"
      case .numbers: "numbers"
      case .names: "names"
      case .readings: "readings"
      }
    }
  }

  /// The key, snake_case with its unit.
  public let name: StaticString
  /// What stands under it.
  public let form: Form
  /// Decimals of a number.
  public let decimals: Int
  /// The unit that people read; empty where there is none.
  public let unit: StaticString
  /// One plain sentence on what it means.
  public let meaning: StaticString

  /// A key.
  public init(
    _ name: StaticString, _ form: Form, decimals: Int = 0, unit: StaticString = "",
    _ meaning: StaticString
  ) {
    self.name = name
    self.form = form
    self.decimals = decimals
    self.unit = unit
    self.meaning = meaning
  }

  /// The keys that readings of all batteries share, beside the points.
  public static let shared: [ReadingKey] = [
    ReadingKey(
      "cell_voltages_v", .numbers, decimals: 4, unit: "V",
      "Voltage of each cell, in the order of the battery."),
    ReadingKey(
      "balancing_cells", .numbers, "The cells that are being balanced, counted from 0."),
    ReadingKey(
      "temperatures_c", .numbers, decimals: 2, unit: "°C",
      "Each sensor, in the order of the battery; null where one is absent."),
    ReadingKey("alarms", .names, "The protections that are active."),
    ReadingKey("warnings", .names, "The warnings that are active."),
    ReadingKey("status", .text, "What the battery says it is doing."),
    ReadingKey("serial", .text, "Serial number."),
    ReadingKey("model", .text, "Model."),
    ReadingKey("manufacturer", .text, "Who made it."),
    ReadingKey("firmware", .text, "Version of the firmware."),
    ReadingKey("hardware", .text, "Version of the hardware."),
    ReadingKey(
      "series", .readings, "The several readings, where an exchange carried more than one."),
  ]
}
