// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension VEDirect {
  /// The fuller account of what came.
  static func explain(_ chunks: [[UInt8]], _ facts: inout Facts, inverts: Bool) -> Exchange {
    var exchange = Exchange()
    let bytes = chunks.flatMap { $0 }
    var hex: [Exchange.Value] = []
    var place = 0
    var isRead = false
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch scan(rest, nil) {
      case .skip(let count):
        if rest[0] == colon, count > 2 { hex.append(.text(text(rest.copy(1, count - 1)))) }
        place += max(1, count)
      case .broadcast(let length) where length <= rest.count:
        let block = rest.extracting(0..<length)
        do throws(WireError) {
          collect(block, &hex)
          let lines = try VEDirectBlock(block)
          try read(block, &facts, &exchange.whole.reading, inverts: inverts)
          try details(lines, &exchange.whole)
          isRead = true
        } catch {
          exchange.error = exchange.error ?? error
        }
        place += length
      default:
        if !isRead {
          exchange.error = exchange.error ?? .truncated(got: rest.count, needed: rest.count + 1)
        }
        place = bytes.count
      }
    }
    // A block that was joined in its middle is none of its faults.
    if isRead { exchange.error = nil }
    if bytes.isEmpty { exchange.error = .truncated(got: 0, needed: 1) }
    if case .badChecksum = exchange.error {
      exchange.exchange.append(.init("crc_valid", .flag(false)))
    }
    if !hex.isEmpty { exchange.exchange.append(.init("hex_frames", .list(hex))) }
    return exchange
  }

  private static func collect(
    _ block: borrowing Span<UInt8>, _ hex: inout [Exchange.Value]
  ) {
    for place in 0..<block.count where block[place] == colon {
      guard case .whole(let length) = hexFrame(block, at: place), place + length < block.count
      else { continue }
      hex.append(.text(text(block.copy(place + 1, place + length - 1))))
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func details(
    _ block: VEDirectBlock, _ part: inout Exchange.Part
  ) throws(WireError) {
    func number(
      _ label: StaticString, _ name: StaticString, _ decimals: Int
    ) throws(WireError) {
      guard block[label] != nil else { return }
      let value = try block.number(label)
      part.details.append(.init(name, value.map { .number($0, decimals: decimals) } ?? .none))
    }
    if let product = block["PID"] {
      part.details.append(.init("product_id", .text(text(product))))
    }
    if let relay = block["Relay"] {
      part.details.append(.init("relay_on", .flag(relay == Array("ON".utf8))))
    }
    try number("CE", "monitor_consumed_ah", 3)
    try number("VS", "auxiliary_voltage_v", 3)
    try number("VM", "middle_voltage_v", 3)
    try number("DM", "middle_deviation_pct", 1)
    try number("AR", "alarm_reason_bits", 0)
    try number("MON", "monitor_mode", 0)
    try number("H1", "deepest_discharge_monitor_ah", 3)
    try number("H2", "last_discharge_monitor_ah", 3)
    try number("H3", "average_discharge_monitor_ah", 3)
    try number("H5", "full_discharges_monitor", 0)
    try number("H6", "drawn_total_ah", 3)
    try number("H7", "lowest_voltage_monitor_v", 3)
    try number("H8", "highest_voltage_monitor_v", 3)
    try number("H9", "since_full_charge_monitor_s", 0)
    try number("H10", "synchronisations", 0)
    try number("H11", "low_voltage_alarms", 0)
    try number("H12", "high_voltage_alarms", 0)
    try number("H15", "lowest_auxiliary_voltage_v", 3)
    try number("H16", "highest_auxiliary_voltage_v", 3)
  }
}
