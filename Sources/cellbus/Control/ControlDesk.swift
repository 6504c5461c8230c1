// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Glibc
import Links
import Machine
import Quantities
import Text

/// What `cellbus control` does with a battery on a port: looks, asks, gives the order, and looks again.
struct ControlDesk {
  let control: BatteryControl
  let port: BatteryPort
  let parsed: Parsed

  private var isJSON: Bool { parsed.flag("json") }

  /// Opens the port.
  init(_ parsed: Parsed, _ control: BatteryControl) throws(CommandFailure) {
    self.parsed = parsed
    self.control =
      BatteryControl.of(
        "\(control.dialect.name)".utf8, try BatteryWords.options(parsed)) ?? control
    port = try BatteryPort(parsed, control.dialect)
    guard !port.settings.isModbusOnly else {
      throw CommandFailure(
        "\(port.link.name): orders cannot be given over Modbus TCP", .unavailable,
        hint: "Use a serial port, or a serial server that passes bytes on.")
    }
  }

  /// Gives an order and tells what became of it.
  func give(_ order: ControlOrder) throws(CommandFailure) -> ExitCode {
    let sight = try look()
    if !isJSON { Console.print("now: \(Self.text(sight.reading))") }
    if control.isDone(order, sight) {
      tell(order, sight.reading, nil)
      return .ok
    }
    let way = control.plan(order, sight, at: Self.moment())
    switch way {
    case .refused(let refusal):
      if isJSON { Console.print(json(order, sight.reading, nil, refusal)) }
      throw CommandFailure("\(order): \(refusal); nothing was sent", .failed)
    case .setting(let name, let raw):
      guard let map = SettingsMap.of("\(control.dialect.name)".utf8),
        let row = map.row("\(name)")
      else { throw CommandFailure("there is no setting \(name)", .internalFault) }
      try confirm(order, asks: map.traits(row).danger == nil)
      return try SettingsDesk(parsed, map, on: port).change([.init(row, raw)], isRestoring: false)
    case .requests:
      try confirm(order, asks: true)
      return try carry(out: order, by: way, sight)
    }
  }

  /// What the battery says now.
  private func look() throws(CommandFailure) -> ControlSight {
    var job = ControlJob.look(control, at: MonotonicClock.now())
    guard case .looked(let sight) = port.run(&job) else {
      throw CommandFailure(
        "\(port.link.name): no answer from a \(control.dialect.title); nothing was sent",
        .unavailable, hint: "Check power, wiring and that no other program uses the port.")
    }
    return sight
  }

  private func confirm(_ order: ControlOrder, asks: Bool) throws(CommandFailure) {
    guard !parsed.flag("yes") else { return }
    if let danger = order.danger { Console.complain("\(order). \(danger)") }
    guard asks, order.danger != nil || order.kind == .restart else { return }
    guard Console.asks(for: "\(order.kind.name)") else {
      throw CommandFailure(
        "not confirmed: nothing was sent", .failed,
        hint: "Type the word, or give --yes from a script.")
    }
  }

  private func carry(out order: ControlOrder, by way: ControlWay, _ sight: ControlSight)
    throws(CommandFailure) -> ExitCode
  {
    // An order that was begun is carried through, and whatever mode it needs is left.
    var signals: Signals?
    do throws(SystemError) { signals = try Signals([.interrupt, .terminate, .hangup]) } catch {}
    defer { withExtendedLifetime(signals) {} }
    guard var job = ControlJob.carry(out: order, by: way, control, at: MonotonicClock.now()),
      case .ended(let outcome) = port.run(&job)
    else { throw CommandFailure("the order ended without an answer", .internalFault) }
    tell(order, sight.reading, outcome)
    if outcome.isConfirmed { return .ok }
    switch outcome.failure {
    case .refused: return .failed
    case .silent, .linkLost: return .unavailable
    default: return .inputOutput
    }
  }

  /// The time here, as a battery's clock is set to it.
  private static func moment() -> ControlMoment {
    var seconds = time_t(WallClock.now() / 1000)
    var fields = unsafe tm()
    _ = unsafe localtime_r(&seconds, &fields)
    return unsafe ControlMoment([
      UInt8(clamping: fields.tm_year % 100), UInt8(clamping: fields.tm_mon + 1),
      UInt8(clamping: fields.tm_mday), UInt8(clamping: fields.tm_hour),
      UInt8(clamping: fields.tm_min), UInt8(clamping: fields.tm_sec),
    ])
  }
}

// What is told.
extension ControlDesk {
  /// The switches and the state of charge of a reading.
  static func text(_ reading: Reading) -> String {
    func word(_ point: Point) -> String {
      reading[point].map { $0 == 1 ? "on" : "off" } ?? "unknown"
    }
    let soc = reading.soc.map { "\(Decimal.string(Int64($0.raw) / 10_000, decimals: 2)) %" }
    return "charge \(word(.chargeEnabled)), discharge \(word(.dischargeEnabled)), "
      + "state of charge \(soc ?? "unknown")"
  }

  private func tell(_ order: ControlOrder, _ before: Reading, _ outcome: ControlOutcome?) {
    if isJSON { return Console.print(json(order, before, outcome, nil)) }
    guard let outcome else { return Console.print("\(order): it is so already") }
    if let after = outcome.after { Console.print("then: \(Self.text(after))") }
    if outcome.isConfirmed {
      Console.print(
        order == .restart
          ? "done: \(order) was sent, and the battery answers"
          : "done: \(order), and the battery shows it")
    } else if let failure = outcome.failure {
      Console.print(
        "failed: \(order): \(failure)\(outcome.wasSent ? "; it may have been carried out" : "; it was not sent")"
      )
    } else {
      let opposing = (outcome.after ?? before).alarms
      let reason =
        opposing.isEmpty
        ? "" : "; protections: \(opposing.list.map { "\($0.name)" }.joined(separator: ", "))"
      Console.print(
        "not confirmed: \(order) was acknowledged, but the battery does not show it\(reason)")
    }
    if outcome.mayBeOpen {
      Console.print(
        "note: it may still be in its mode for settings: cellbus settings "
          + "\(control.dialect.name) list takes it out")
    }
  }

  private func json(
    _ order: ControlOrder, _ before: Reading, _ outcome: ControlOutcome?,
    _ refusal: ControlRefusal?
  ) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("dialect", control.dialect.name)
      writer.field("order", order.kind.name)
      writer.field("wish", order.description)
      Self.write("before", before, &writer)
      if let refusal {
        writer.object("refusal") { writer in
          writer.field("kind", refusal.kind)
          writer.field("reason", refusal.description)
        }
      }
      writer.field("sent", outcome?.wasSent ?? false)
      guard let outcome else { return writer.field("already_so", refusal == nil) }
      writer.field("acknowledged", outcome.isAcknowledged)
      writer.field("confirmed", outcome.isConfirmed)
      if let failure = outcome.failure {
        writer.object("failure") { writer in
          writer.field("kind", failure.kind)
          writer.field("reason", failure.description)
        }
      }
      if let after = outcome.after { Self.write("after", after, &writer) }
      if outcome.mayBeOpen { writer.field("may_be_open", true) }
    }
    return writer.text
  }

  private static func write(
    _ key: StaticString, _ reading: Reading, _ writer: inout JSONWriter
  ) {
    writer.object(key) { writer in
      for point in [Point.chargeEnabled, .dischargeEnabled] {
        if let on = reading[point] { writer.field(point.name, on == 1) }
      }
      if let soc = reading.soc {
        writer.key(Point.soc.name)
        writer.decimal(Int64(soc.raw), decimals: 6)
      }
      if reading.reportsAlarms {
        writer.array("alarms") { for alarm in reading.alarms.list { $0.value(alarm.name) } }
      }
    }
  }
}
