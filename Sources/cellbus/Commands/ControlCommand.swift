// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Text

/// `cellbus control`: orders a battery's switches, its state of charge, or its restart.
enum ControlCommand {
  static let command = Command(
    "control", "order a battery's switches, state of charge or restart",
    subcommands: BatteryControl.all.filter { BatteryWords.hasLine($0.dialect) }.map(dialect))

  private static func dialect(_ control: BatteryControl) -> Command {
    let name = "\(control.dialect.name)"
    return Command(
      name, "orders to a \(control.dialect.title)",
      discussion: """
        Reads the battery, says what will happen, and asks; sends the order, and reads the battery again \
        until it shows it carried out. No other program, a gateway included, may use the port meanwhile.

        A switch that a protection of the battery holds open is not ordered closed.
        """,
      subcommands: control.kinds.map { kind(of: $0, control) })
  }

  private static func kind(of kind: ControlOrder.Kind, _ control: BatteryControl) -> Command {
    let line =
      BatteryLine.options + BatteryWords.options(of: control.dialect) + [
        Option(flag: "yes", "do not ask; for scripts"), SettingsCommand.json,
      ]
    let start = "cellbus control \(control.dialect.name) \(kind.name)"
    let arguments: [Argument]
    let example: String
    switch kind {
    case .charge, .discharge, .balance:
      arguments = [Argument("STATE", "what it is to be", .choice(["on", "off"]))]
      example = "\(start) off --port /dev/ttyUSB0"
    case .soc:
      arguments = [
        Argument("PERCENT", "the state of charge to count from", .decimal(places: 1, 0...1000))
      ]
      example = "\(start) 80 --port /dev/ttyUSB0"
    case .restart:
      arguments = []
      example = "\(start) --port /dev/ttyUSB0"
    }
    return Command(
      "\(kind.name)", summary(kind), arguments: arguments, options: line,
      examples: [.init(example, "asks, then gives the order")],
      exitCodes: [
        .ok, .failed, .usage, .badData, .unavailable, .cannotCreate, .inputOutput, .denied,
      ],
      run: { parsed throws(CommandFailure) in
        let isOn = parsed.text(ifPresent: "STATE") == "on"
        let order: ControlOrder =
          switch kind {
          case .charge: .charge(isOn)
          case .discharge: .discharge(isOn)
          case .balance: .balance(isOn)
          case .soc: .soc(.micropercent(Int(parsed.number(ifPresent: "PERCENT") ?? 0) * 100_000))
          case .restart: .restart
          }
        return try ControlDesk(parsed, control).give(order)
      })
  }

  private static func summary(_ kind: ControlOrder.Kind) -> String {
    switch kind {
    case .charge: "let the charge switch close, or open it"
    case .discharge: "let the discharge switch close, or open it"
    case .balance: "let it balance cells, or not"
    case .soc: "count on from a state of charge"
    case .restart: "restart the board"
    }
  }
}
