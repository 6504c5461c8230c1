// SPDX-License-Identifier: Apache-2.0

import Text

/// The program and all its commands.
enum Program {
  /// The version that `--version` prints.
  static let version = "0.1.0"

  /// `cellbus`.
  static let root = Command(
    "cellbus", "joins batteries to everything else",
    discussion: """
      Reads a battery management system, decides what may be charged and discharged, tells the inverter, \
      keeps history and shows it live.

      Begin with a simulated battery: make demo. Then write a settings file and try it: \
      cellbus check cellbus.json5.
      """,
    subcommands: [
      GatewayCommand.command, CheckCommand.command, MonitorCommand.command, DoctorCommand.command,
      DetectCommand.command,
      ReadCommand.command,
      RecordCommand.command,
      ReplayCommand.command, HistoryCommand.command, CANCommand.command, DecodeCommand.command,
      EncodeCommand.command,
      SettingsCommand.command, ControlCommand.command, EventsCommand.command,
      StatisticsCommand.command,
      ResetCommand.command, DialectsCommand.command, ReferenceCommand.command,
      SimulateCommand.command, DemoCommand.command,
    ])
}
