// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension TinyBMS {
  /// The fuller account of one exchange on the serial line, or, where request and answers are texts
  /// of the form `241#0114B81E5F42`, on CAN.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    if let exchange = explainCAN(request, chunks) { return exchange }
    var exchange = Exchange()
    var command: Command?
    if let request {
      switch parseRequest(request.span) {
      case .command(let found, let length) where length == request.count: command = found
      case .refused(_, checksumError, let length) where length == request.count:
        explainChecksum(request, &exchange)
        return exchange
      case .incomplete:
        // The shortest request has four bytes; how long a longer one is, its missing part would tell.
        exchange.error = .truncated(got: request.count, needed: max(4, request.count + 1))
        return exchange
      default:
        exchange.error = .unexpected(byte: request.first ?? 0, at: 0)
        return exchange
      }
    }
    var bytes: [UInt8] = []
    for chunk in chunks { bytes += chunk }
    if bytes.isEmpty {
      if let command {
        explain(command, &exchange)
      } else {
        exchange.error = .truncated(got: 0, needed: 5)
      }
      return exchange
    }
    hunt(bytes, request, command, &exchange)
    return exchange
  }

  private static func explainChecksum(_ request: [UInt8], _ exchange: inout Exchange) {
    var correct = Array(request.dropLast(2))
    let found = request.span.littleUInt16(at: request.count - 2)
    let computed = Checksum.crc16Modbus(correct.span)
    seal(&correct)
    exchange.exchange.append(.init("crc_valid", .flag(false)))
    exchange.exchange.append(.init("correct_hex", .text(Hex.string(correct.span))))
    exchange.error = .badChecksum(found: found, computed: computed)
  }

  /// What a request asks, and what can be foretold of its answer.
  private static func explain(_ command: Command, _ exchange: inout Exchange) {
    exchange.exchange.append(.init("request_command", .text(hex(command.code))))
    switch command {
    case .readModbus(let address, let count), .readBlock(let address, let count):
      exchange.exchange.append(.init("address", .number(Int64(address))))
      exchange.exchange.append(.init("count", .number(Int64(count))))
    case .readIndividual(let addresses):
      exchange.exchange.append(.init("addresses", .list(addresses.map { .number(Int64($0)) })))
    case .reset(let what): exchange.exchange.append(.init("option", .number(Int64(what.rawValue))))
    case .settings(let which, let count):
      exchange.exchange.append(.init("option", .number(Int64(which.rawValue))))
      exchange.exchange.append(.init("count", .number(Int64(count))))
    case .writeModbus, .writeBlock, .writeIndividual:
      for block in written(command) { exchange.registers += values(block) }
    default: break
    }
    guard let length = command.replyLength else { return }
    var head: [UInt8] = [start, command.code]
    if case .counted(let sizes, _) = shape(of: command.code, asked: command.asked) {
      head.append(UInt8(sizes.lowerBound))
    }
    if case .verdict = shape(of: command.code, asked: 0) { head = [start, 1, command.code] }
    exchange.exchange.append(.init("reply_starts_with", .text(Hex.string(head.span))))
    exchange.exchange.append(.init("reply_total_bytes", .number(Int64(length))))
  }

  /// Looks for the answer among the bytes received; text counts only where no frame is found.
  private static func hunt(
    _ bytes: [UInt8], _ sent: [UInt8]?, _ known: Command?, _ exchange: inout Exchange
  ) {
    var place = 0
    var skipped = 0
    var found = 0
    var facts = Facts()
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      let command = known ?? guess(rest)
      let asked = sent ?? command?.encode()
      var step = 1
      switch scan(rest, asked.map { Request(tag: 0, bytes: $0) }) {
      case .incomplete:
        step = bytes.count - place
        skipped += step
        if rest[0] == start, exchange.error == nil {
          let needed = command?.replyLength ?? max(5, rest.count >= 3 ? 5 + Int(rest[2]) : 5)
          exchange.error = .truncated(got: step, needed: needed)
        }
      case .skip(let count):
        step = count
        skipped += count
      case .broadcast(let count):
        step = count
        skipped += count
      case .frame(let length):
        guard length <= rest.count, let command else {
          skipped += 1
          break
        }
        do throws(WireError) {
          let reply = try Reply(rest.extracting(0..<length), to: command)
          step = length
          found += 1
          explain(reply, command, rest.extracting(0..<length), &facts, &exchange)
        } catch {
          skipped += 1
          if exchange.error == nil { exchange.error = error }
        }
      }
      place += step
    }
    if found == 0 { explainText(bytes, &exchange) }
    if sent == nil || skipped > 0 || found != 1 {
      exchange.exchange.append(.init("frames_found", .number(Int64(found))))
    }
    if skipped > 0 { exchange.exchange.append(.init("skipped_bytes", .number(Int64(skipped)))) }
  }

  /// The command that an answer without its request surely belongs to.
  private static func guess(_ bytes: borrowing Span<UInt8>) -> Command? {
    guard bytes.count >= 3, bytes[0] == start else { return nil }
    guard bytes[1] > 1 else { return code(bytes[2]) }
    return bare(bytes[1])
  }

  /// Some command with this code; enough to read a verdict about it.
  private static func code(_ code: UInt8) -> Command? {
    switch code {
    case 0x02: .reset(.clearEvents)
    case 0x03: .readModbus(address: 0, count: 1)
    case 0x07: .readBlock(address: 0, count: 1)
    case 0x09: .readIndividual([0])
    case 0x0B: .writeBlock(address: 300, [])
    case 0x0D: .writeIndividual([])
    case 0x10: .writeModbus(address: 300, [])
    case 0x1D: .settings(.current, count: 1)
    default: bare(code)
    }
  }
}
