// SPDX-License-Identifier: Apache-2.0

import Machine
import Text

extension LogSettings {
  /// Parts of the gateway that log under a name of their own, besides batteries and inverters.
  static let knownParts = ["gateway", "control", "history", "status", "log", "watchdog"]

  private static let levels: SettingForm<LogLevel> = .choice(
    LogLevel.allCases.map { ($0.name, $0) })

  /// The settings below `log`.
  static let table = SettingTable(
    LogSettings(),
    [
      .setting("level", \.level, levels, "The least severe lines that are logged"),
      .setting(
        "parts", \.parts, .named(levels), default: "none",
        range: "`{ history: \"debug\" }`",
        """
        The level of a part where it differs: `gateway`, `control`, `history`, `status`, `log`, \
        `watchdog`, or the name of a battery or inverter
        """),
      .optional(
        "file", \.path, .path(), orNull: true,
        "The file; without it lines go to standard error, where the journal picks them up"),
    ] + SettingField.rotation)
}

extension TrafficSettings {
  /// The settings below `traffic`, in its long form.
  static let table = SettingTable(
    TrafficSettings(path: ""),
    [
      .setting("file", \.path, .path(), needed: "a path, such as \"traffic.log\"", "The file")
    ] + SettingField.rotation)

  /// A path alone, or an object.
  static let form: SettingForm<TrafficSettings> = .short(
    .path(), { TrafficSettings(path: $0) }, or: table, { $0 })
}

/// Settings of a file that grows and is put aside.
protocol Rotating: Sendable {
  var rotation: Rotation { get set }
}

extension LogSettings: Rotating {}
extension TrafficSettings: Rotating {}

extension SettingField where Whole: Rotating {
  /// When a file is put aside.
  fileprivate static var rotation: [Self] {
    [
      .setting(
        "max_mib", \.rotation.largest, .whole(1...10_240, "MiB", times: 1 << 20),
        "At this size the file is put aside as `file.1`, and a new one begun"),
      .optional(
        "max_age_h", \.rotation.longest, .whole(1...8760, "hours", times: 3_600_000), orNull: true,
        "So long after its first line it is put aside, whatever its size"),
      .setting(
        "keep", \.rotation.kept, .whole(0...1000),
        "How many files that were put aside are kept; the oldest goes first"),
    ]
  }
}
