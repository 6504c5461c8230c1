// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKCAN {
  /// What the fuller account of an exchange adds to a reading.
  static let keys: [ReadingKey] = [
    ReadingKey(
      "cycle_capacity_ah", .number, decimals: 1, unit: "Ah", "Charge that went through so far."),
    ReadingKey("runtime_s", .number, unit: "s", "How long the board has been on so far."),
    ReadingKey(
      "charge_request_v", .number, decimals: 1, unit: "V",
      "The voltage that the board asks its charger for."),
    ReadingKey(
      "charge_request_a", .number, decimals: 1, unit: "A",
      "The current that the board asks its charger for."),
    ReadingKey(
      "error_bits", .number, "Errors as bits, on whose places the maker's texts do not agree."),
  ]

  /// The fuller account of what a board said.
  static func explain(_ chunks: [[UInt8]], board: UInt8, inverts: Bool) -> Exchange {
    var exchange = Exchange()
    var facts = Facts()
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place + CANRecord.length <= bytes.count {
      let record = bytes.span.extracting(place..<place + CANRecord.length)
      place += CANRecord.length
      guard let frame = CANRecord.frame(record), let topic = topic(frame, board: board) else {
        continue
      }
      facts.isFirst = place == CANRecord.length
      do throws(WireError) {
        try read(record, &facts, &exchange.whole.reading, board: board, inverts: inverts)
        describe(frame, topic, &exchange)
      } catch { exchange.error = exchange.error ?? error }
    }
    if place < bytes.count || bytes.isEmpty {
      exchange.error = .truncated(got: bytes.count - place, needed: CANRecord.length)
    }
    return exchange
  }

  private static func describe(_ frame: CANFrame, _ topic: UInt32, _ exchange: inout Exchange) {
    func add(_ name: StaticString, _ number: Int64?, decimals: Int = 0) {
      guard let number else { return }
      exchange.whole.details.append(.init(name, .number(number, decimals: decimals)))
    }
    switch topic {
    case Topic.alarms: exchange.exchange.append(.init("alarm_levels", levels(frame)))
    case Topic.capacity:
      add("cycle_capacity_ah", frame.littleUInt16(at: 4).map(Int64.init), decimals: 1)
    case Topic.board: add("runtime_s", frame.littleUInt32(at: 0).map(Int64.init))
    case Topic.errors:
      add(
        "error_bits",
        Int64(frame.data[0]) | Int64(frame.data[1]) << 8 | Int64(frame.data[2]) << 16)
    case Topic.charger:
      // The one frame whose words have their high byte first.
      add("charge_request_v", Int64(frame.data[0]) << 8 | Int64(frame.data[1]), decimals: 1)
      add("charge_request_a", Int64(frame.data[2]) << 8 | Int64(frame.data[3]), decimals: 1)
    default: break
    }
  }

  /// The levels of the alarms that are set, 1 the most serious.
  private static func levels(_ frame: CANFrame) -> Exchange.Value {
    guard let bits = frame.littleUInt32(at: 0) else { return .none }
    var entries: [Exchange.Entry] = []
    for index in 0..<15 {
      let level = bits >> UInt32(2 * index) & 3
      if level > 0 { entries.append(.init(alarms[index].name, .number(Int64(level)))) }
    }
    return .object(entries)
  }
}
