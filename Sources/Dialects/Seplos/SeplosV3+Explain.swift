// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension SeplosV3 {
  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]], inverts: Bool) -> Exchange {
    var exchange = Exchange()
    guard let request, block(request) != nil else {
      exchange.error = .truncated(got: request?.count ?? 0, needed: 8)
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
        do throws(WireError) {
          let (block, data) = try data(rest.extracting(0..<length), asked)
          exchange.error = nil
          try account(block, data, &exchange, inverts: inverts)
          return exchange
        } catch {
          exchange.whole = Exchange.Part()
          exchange.error = error
          if case .refused(_, let code) = error {
            exchange.exchange.append(.init("nack", .flag(true)))
            exchange.exchange.append(.init("result", .number(Int64(code))))
            return exchange
          }
          place += 1
        }
      case .frame(let length):
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: length)
        place += 1
      case .broadcast, .incomplete: place = bytes.count
      }
    }
    exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: 5)
    return exchange
  }

  private static func account(
    _ block: Block, _ data: [UInt8], _ exchange: inout Exchange, inverts: Bool
  ) throws(WireError) {
    switch (block.function, block.start) {
    case (readRegisters, system): try systemAccount(data.span, &exchange, inverts: inverts)
    case (readBits, systemStates):
      let states = try SeplosV3States(system: data)
      try states.place(&exchange.whole.reading)
      exchange.whole.reading.cells = Cells()
      exchange.whole.reading[.balancing] = nil
      exchange.whole.details = states.details
    default:
      do throws(WireError) {
        try place(block, data, &exchange.whole.reading, inverts: inverts)
      } catch {
        guard error == .notAReading else { throw error }
      }
      if block == states { exchange.whole.details = try SeplosV3States(data).details }
      if block == versions {
        exchange.whole.details.append(
          .init("pack_serial", .text(Label(data[46..<64]).string)))
      }
      guard block.function == readRegisters else { return }
      for row in registers {
        guard row.address >= block.start, Int(row.address - block.start) < Int(block.count)
        else { continue }
        let word = data.span.bigUInt16(at: 2 * Int(row.address - block.start))
        exchange.registers.append(
          .init(row, row.form == .int16 ? Int64(Int16(bitPattern: word)) : Int64(word)))
      }
    }
  }

  /// What the first pack tells of all together: double words with the low word first.
  private static func systemAccount(
    _ data: borrowing Span<UInt8>, _ exchange: inout Exchange, inverts: Bool
  ) throws(WireError) {
    guard data.count >= 52 else { throw .truncated(got: data.count, needed: 52) }
    func double(_ offset: Int) -> UInt32 {
      UInt32(data.bigUInt16(at: offset + 2)) << 16 | UInt32(data.bigUInt16(at: offset))
    }
    let current = Int64(Int32(bitPattern: double(4)))
    exchange.whole.reading.set(.voltage, Voltage.centivolts(double(0)))
    exchange.whole.reading.set(.current, Current.deciamperes(inverts ? -current : current))
    exchange.whole.reading.set(.remaining, Charge.centiampereHours(double(8)))
    exchange.whole.reading.set(.full, Charge.centiampereHours(double(12)))
    exchange.whole.reading.set(.chargeDischarged, Charge.ampereHours(Int64(double(16)) * 10))
    exchange.whole.reading.set(.nominal, Charge.centiampereHours(double(20)))
    exchange.whole.reading.set(.dischargeCurrentLimit, Current.deciamperes(double(32)))
    exchange.whole.reading.set(.chargeCurrentLimit, Current.deciamperes(double(36)))
    exchange.whole.reading.set(.chargeVoltageLimit, Voltage.decivolts(data.bigUInt16(at: 40)))
    exchange.whole.reading.set(.dischargeVoltageLimit, Voltage.decivolts(data.bigUInt16(at: 42)))
    exchange.whole.reading[.cycles] = Int64(data.bigUInt16(at: 46))
    exchange.whole.reading.set(.soc, Percent.centipercent(Int(data.bigUInt16(at: 48)) * 10))
    exchange.whole.reading.set(.soh, Percent.centipercent(Int(data.bigUInt16(at: 50)) * 10))
    exchange.whole.details = [
      .init("packs_online_bits", .number(Int64(double(24)))),
      .init("packs_protected_bits", .number(Int64(double(28)))),
      .init("pack_count", .number(Int64(data.bigUInt16(at: 44)))),
    ]
  }
}
