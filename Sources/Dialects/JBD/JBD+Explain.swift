// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBD {
  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    var exchange = Exchange()
    guard let request, request.count >= 7 else {
      exchange.error = .truncated(got: request?.count ?? 0, needed: 7)
      return exchange
    }
    let asked = Request(tag: 0, bytes: request)
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch scan(rest, asked) {
      case .skip(let count): place += count
      case .frame(let length) where length <= rest.count:
        if take(rest.extracting(0..<length), asked, &exchange) { return exchange }
        place += 1
      case .frame, .broadcast, .incomplete:
        if exchange.error == nil {
          let needed = rest.count >= 4 ? Int(rest[3]) + 7 : 7
          exchange.error = .truncated(got: rest.count, needed: needed)
          exchange.exchange.append(.init("received_length", .number(Int64(rest.count))))
          exchange.exchange.append(.init("expected_length", .number(Int64(needed))))
        }
        place = bytes.count
      }
    }
    if exchange.error == nil { exchange.error = .truncated(got: bytes.count, needed: 7) }
    exchange.exchange.append(.init("valid_frame", .flag(false)))
    return exchange
  }

  /// Takes an answer over; `false` where it cannot be believed.
  private static func take(
    _ frame: borrowing Span<UInt8>, _ request: Request, _ exchange: inout Exchange
  ) -> Bool {
    let data: [UInt8]
    do throws(WireError) {
      data = try JBD.data(frame, request)
    } catch {
      exchange.error = error
      guard case .refused(_, let code) = error else { return false }
      exchange.exchange.append(.init("status", .number(Int64(code))))
      return true
    }
    exchange.error = nil
    exchange.exchange.append(.init("status", .number(0)))
    guard request.bytes[1] == read else {
      explain(write: request.bytes, &exchange)
      return true
    }
    var facts = Facts()
    do throws(WireError) {
      try read(frame, request, &facts, &exchange.whole.reading)
    } catch {
      if error != .notAReading { exchange.error = error }
    }
    details(frame[1], data, &exchange)
    return true
  }

  private static func explain(write request: [UInt8], _ exchange: inout Exchange) {
    guard request[2] == Register.switches, request.count >= 9 else { return }
    let effects: [4 of StaticString] = [
      "both on", "charge off, discharge on", "discharge off, charge on", "both off",
    ]
    exchange.exchange.append(.init("effect", .text("\(effects[Int(request[5] & 3)])")))
  }

  private static let counters: [12 of StaticString] = [
    "count_short_circuit", "count_charge_overcurrent", "count_discharge_overcurrent",
    "count_cell_overvoltage", "count_cell_undervoltage", "count_charge_overtemperature",
    "count_charge_undertemperature", "count_discharge_overtemperature",
    "count_discharge_undertemperature", "count_pack_overvoltage", "count_pack_undervoltage",
    "count_restarts",
  ]

  private static func details(
    _ register: UInt8, _ data: [UInt8], _ exchange: inout Exchange
  ) {
    switch register {
    case Register.basic: basic(JBDBasic(data), &exchange)
    case Register.counters:
      var all: [Exchange.Value] = []
      for index in 0..<min(12, data.count / 2) {
        let count = Exchange.Value.number(Int64(data.span.bigUInt16(at: 2 * index)))
        exchange.exchange.append(.init(counters[index], count))
        all.append(count)
      }
      exchange.exchange.append(.init("counters", .list(all)))
    case Register.device: exchange.exchange.append(.init("name", .text(text(data) ?? "")))
    case Register.barcode: exchange.exchange.append(.init("barcode", .text(text(data) ?? "")))
    default:
      exchange.exchange.append(.init("raw_data", .text(Hex.string(data.span))))
      guard data.count == 2, let row = registers.first(where: { $0.address == UInt16(register) })
      else { return }
      let word = data.span.bigUInt16(at: 0)
      let raw = row.form == .int16 ? Int64(Int16(bitPattern: word)) : Int64(word)
      exchange.registers.append(.init(row, raw))
    }
  }

  private static func basic(_ basic: JBDBasic, _ exchange: inout Exchange) {
    guard basic.isWhole else { return }
    func add(_ name: StaticString, _ value: Exchange.Value) {
      exchange.whole.details.append(.init(name, value))
    }
    add("production_date", basic.date.map { .text($0) } ?? .none)
    add("protection_bits", .number(Int64(basic.protections)))
    add("ntc_count", .number(Int64(basic.sensorCount)))
    if let raw = basic.humidity { add("humidity_pct", .number(Int64(raw))) }
    if let bits = basic.alarms { add("alarm_bits", .number(Int64(bits))) }
    if let raw = basic.remainingAgain {
      add("remaining_ah_2", .number(Int64(raw) * Int64(basic.scale), decimals: 2))
    }
    if let raw = basic.balanceCurrent {
      add("balance_current_a", .number(Int64(raw), decimals: 3))
    }
  }
}
