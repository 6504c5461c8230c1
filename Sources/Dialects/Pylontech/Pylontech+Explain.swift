// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Pylontech {
  /// The fuller account of one exchange.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    guard let (asked, answer) = TildeFrame.find(request, chunks, &exchange) else {
      return exchange
    }
    do throws(WireError) {
      guard fits(asked.code, answer.info.count) else {
        throw .unexpected(byte: UInt8(truncatingIfNeeded: answer.info.count), at: 9)
      }
      try account(asked, answer, &exchange, inverts: inverts)
    } catch {
      exchange.whole = Exchange.Part()
      exchange.series = []
      exchange.error = error
    }
    return exchange
  }

  private static func account(
    _ asked: TildeFrame, _ answer: TildeFrame, _ exchange: inout Exchange, inverts: Bool
  ) throws(WireError) {
    switch (asked.code, asked.info.first) {
    case (Command.analog, everyBattery):
      try series(answer, &exchange) { fields, part throws(WireError) in
        let module = try PylontechModule(&fields)
        try module.place(&part.reading, inverts: inverts)
        details(module, &part)
      }
    case (Command.alarms, everyBattery):
      try series(answer, &exchange) { fields, part throws(WireError) in
        let alarms = try PylontechAlarms(&fields)
        try alarms.place(&part.reading)
        details(alarms, &part)
      }
    case (Command.protocolVersion, _):
      exchange.exchange.append(
        .init("protocol_version", .text("\(answer.version >> 4).\(answer.version & 0xF)")))
    case (Command.system, _): try PylontechSystem.account(answer.info, &exchange)
    default:
      try place(asked, answer, &exchange.whole.reading, inverts: inverts)
      try details(asked, answer, &exchange)
    }
  }

  /// What every battery of a group says, one after the other.
  private static func series(
    _ answer: TildeFrame, _ exchange: inout Exchange,
    _ take: (inout TildeFields, inout Exchange.Part) throws(WireError) -> Void
  ) throws(WireError) {
    var fields = TildeFields(answer.info)
    _ = try fields.byte()
    for _ in 0..<(try fields.byte()) {
      var part = Exchange.Part()
      try take(&fields, &part)
      exchange.series.append(part)
    }
    if let first = exchange.series.first, exchange.series.count == 1 { exchange.whole = first }
  }

  private static func details(
    _ asked: TildeFrame, _ answer: TildeFrame, _ exchange: inout Exchange
  ) throws(WireError) {
    var fields = TildeFields(answer.info)
    switch asked.code {
    case Command.analog:
      _ = try fields.take(2)
      details(try PylontechModule(&fields), &exchange.whole)
    case Command.alarms:
      _ = try fields.take(2)
      details(try PylontechAlarms(&fields), &exchange.whole)
    case Command.limits, Command.systemLimits:
      let bits = answer.info[answer.info.count - 1]
      func flag(_ name: StaticString, _ bit: UInt8) {
        exchange.whole.details.append(.init(name, .flag(bits >> bit & 1 == 1)))
      }
      flag("charge_allowed", 7)
      flag("discharge_allowed", 6)
      flag("wants_charge_now", 5)
      flag("wants_charge_soon", 4)
      flag("wants_full_charge", 3)
    case Command.parameters:
      _ = try fields.byte()
      for row in registers {
        let word = try fields.word()
        exchange.registers.append(
          .init(row, row.form == .int16 ? Int64(Int16(bitPattern: word)) : Int64(word)))
      }
    case Command.maker:
      exchange.whole.details.append(
        .init("software_version", .text("\(answer.info[10]).\(answer.info[11])")))
    case Command.firmware:
      let info = answer.info
      exchange.whole.details.append(
        .init("main_line_version", .text("\(info[3]).\(info[4]).\(info[5])")))
    default: break
    }
  }

  private static func details(_ module: PylontechModule, _ part: inout Exchange.Part) {
    guard let board = module.sensors.first else { return }
    part.details.append(
      .init("board_temperature_c", .number(Int64(board) - 2731, decimals: 1)))
  }

  private static func details(_ alarms: PylontechAlarms, _ part: inout Exchange.Part) {
    func flag(_ name: StaticString, _ byte: Int, _ bit: UInt8) {
      part.details.append(.init(name, .flag(alarms.status[byte] >> bit & 1 == 1)))
    }
    flag("uses_pack_power", 1, 3)
    flag("precharge_switch", 1, 0)
    flag("charge_current_flows", 2, 7)
    flag("discharge_current_flows", 2, 6)
    flag("heater_on", 2, 5)
    flag("fully_charged", 2, 3)
    flag("buzzer_on", 2, 0)
    part.details.append(
      .init("failed_cells", .list(alarms.failedCells.map { .number(Int64($0)) })))
  }
}
