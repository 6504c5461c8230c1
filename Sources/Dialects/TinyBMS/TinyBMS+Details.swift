// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// What the fuller account of an exchange adds to a reading.

extension TinyBMS {
  /// The live values that this unit alone has.
  static func details(_ block: Block) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = []
    if let seconds = block.double(32) {
      entries.append(.init("lifetime_s", .number(Int64(seconds))))
    }
    if let seconds = block.double(34) {
      entries.append(.init("time_left_s", .number(Int64(seconds))))
    }
    if let distance = block[44] {
      entries.append(.init("distance_left_km", .number(Int64(distance))))
    }
    if let status = block[50] {
      entries.append(.init("status", statusName(status).map { .text("\($0)") } ?? .none))
    }
    if let bits = block[51] {
      var cells: [Exchange.Value] = []
      for register in 0..<maximumCells where bits >> UInt16(register) & 1 == 1 {
        cells.append(.number(Int64(register)))
      }
      entries.append(.init("balancing_wanted_registers", .list(cells)))
    }
    if let speed = block.float(54)?.scaled(by: 1000) {
      entries.append(.init("speed_kmh", .number(Int64(speed), decimals: 3)))
    }
    return entries
  }

  /// What the bits of register 501 mean.
  static func versionDetails(_ block: Block) -> [Exchange.Entry] {
    guard let word = block[501] else { return [] }
    let sensor: StaticString? =
      switch word >> 9 & 3 {
      case 0: "resistor"
      case 1: "internal_hall"
      case 2: "external"
      default: nil
      }
    return [
      .init("high_power", .flag(word >> 8 & 1 == 1)),
      .init("current_sensor", sensor.map { .text("\($0)") } ?? .none),
    ]
  }

  /// The rows whose words `block` holds, with their raw numbers.
  static func values(_ block: Block) -> [Exchange.RegisterValue] {
    var values: [Exchange.RegisterValue] = []
    for row in registers where row.group != .events {
      guard let raw = raw(row, block) else { continue }
      values.append(.init(row, raw))
    }
    return values
  }

  private static func raw(_ row: Register, _ block: Block) -> Int64? {
    switch row.form {
    case .uint16, .bits16: block[row.address].map(Int64.init)
    case .int16: block.signed(row.address).map(Int64.init)
    case .uint8Low: block[row.address].map { Int64($0 & 0xFF) }
    case .uint8High: block[row.address].map { Int64($0 >> 8) }
    case .int8Low: block[row.address].map { Int64(Int8(truncatingIfNeeded: $0)) }
    case .int8High: block[row.address].map { Int64(Int8(truncatingIfNeeded: $0 >> 8)) }
    case .uint32: block.double(row.address).map(Int64.init)
    case .int32: block.double(row.address).map { Int64(Int32(bitPattern: $0)) }
    case .float32: block.float(row.address)?.scaled(by: 1000).map(Int64.init)
    case .bytes12, .text: nil
    }
  }

  /// The row with a name.
  static func row(_ name: StaticString) -> Register? {
    for row in registers where row.name.utf8CodeUnitCount == name.utf8CodeUnitCount {
      if row.name.hasBytes("\(name)".utf8) { return row }
    }
    return nil
  }

  /// Events as a list, their times rebuilt from `now` where that is known; empty entries are left
  /// out.
  static func list(_ events: [Event], now: UInt32?) -> Exchange.Value {
    var entries: [Exchange.Value] = []
    for event in events where event.id != 0 {
      entries.append(
        .object([
          .init("timestamp_s", .number(Int64(now.map { event.time(before: $0) } ?? event.time))),
          .init("id", .text(hex(event.id))),
        ]))
    }
    return .list(entries)
  }

  /// What the same events mean, in the same order.
  static func meanings(_ events: [Event]) -> Exchange.Value {
    .list(
      events.filter { $0.id != 0 }.map { event in event.meaning.map { .text("\($0)") } ?? .none })
  }

  /// A byte as `0x1a`.
  static func hex(_ byte: UInt8) -> String {
    var text: [UInt8] = [UInt8(ascii: "0"), UInt8(ascii: "x")]
    Hex.append(byte, upper: false, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
