// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

/// The version that `--version` prints.
let version = "0.1.0"

let root = Command(
  "cellbus", "joins batteries to everything else",
  discussion: """
    Reads a battery management system, decides what may be charged and discharged, tells the inverter, \
    keeps history and shows it live.

    Begin with a simulated battery: make demo. Then write a settings file and try it: \
    cellbus check cellbus.json5.
    """,
  subcommands: [
    GatewayCommand.command, CheckCommand.command, MonitorCommand.command, ReadCommand.command,
    HistoryCommand.command, CANCommand.command, DecodeCommand.command, EncodeCommand.command,
    DialectsCommand.command, SimulateCommand.command, DemoCommand.command,
  ])

exit(
  Arguments.execute(
    Array(CommandLine.arguments.dropFirst()), for: root, version: version, width: Console.width,
    output: { Console.print($0, terminator: "") }, errors: { Console.complain($0, terminator: "") })
)
