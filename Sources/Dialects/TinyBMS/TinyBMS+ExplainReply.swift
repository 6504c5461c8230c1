// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension TinyBMS {
  /// The registers that a request writes.
  static func written(_ command: Command) -> [Block] {
    switch command {
    case .writeModbus(let address, let values), .writeBlock(let address, let values):
      blocks(values, from: address)
    case .writeIndividual(let words): blocks(words)
    default: []
    }
  }

  /// What an answer says; `frame` is empty for one that came over CAN.
  static func explain(
    _ reply: Reply, _ command: Command, _ frame: borrowing Span<UInt8>, _ facts: inout Facts,
    _ exchange: inout Exchange
  ) {
    switch reply {
    case .refused(let code, let error):
      let name: StaticString? =
        error == commandError ? "command_error" : error == checksumError ? "crc_error" : nil
      exchange.exchange += [
        .init("nack", .flag(true)), .init("nack_command", .text(hex(code))),
        .init("nack_error", .number(Int64(error))),
        .init("nack_error_name", name.map { .text("\($0)") } ?? .none),
      ]
      exchange.error = .refused(command: code, code: error)
      return
    case .acknowledged(let code):
      exchange.exchange.append(.init("acknowledged", .flag(true)))
      exchange.exchange.append(.init("ack_command", .text(hex(code))))
      for block in written(command) { exchange.registers += values(block) }
      return
    case .writtenModbus:
      exchange.exchange.append(.init("acknowledged", .flag(true)))
      for block in written(command) { exchange.registers += values(block) }
      return
    case .newestEvents(let list), .allEvents(let list):
      exchange.exchange.append(.init("bms_time_s", .number(Int64(list.now))))
      exchange.exchange.append(.init("events", self.list(list.events, now: list.now)))
      exchange.exchange.append(.init("event_meanings", meanings(list.events)))
    case .settings(let words):
      if case .settings(let which, _) = command, which != .current {
        explainLimits(which, words, &exchange)
        return
      }
    case .extendedVersion(_, let bootloader, let registerMap):
      if let row = row("bootloader_version") {
        exchange.registers.append(.init(row, Int64(bootloader)))
      }
      exchange.exchange.append(.init("register_map_version", .number(Int64(registerMap))))
    default: break
    }
    explainPackets(command, frame, &exchange)
    explainRegisters(reply, command, &exchange)
    place(reply, command, &facts, &exchange)
  }

  private static func place(
    _ reply: Reply, _ command: Command, _ facts: inout Facts, _ exchange: inout Exchange
  ) {
    do throws(WireError) {
      try place(reply, to: command, &facts, &exchange.whole.reading)
    } catch {
      if error != .notAReading, exchange.error == nil { exchange.error = error }
    }
    // A reading of settings alone tells the number of cells that was set.
    for block in blocks(reply, to: command) where block.base == Block.settings {
      if let count = block[307], (4...16).contains(count),
        exchange.whole.reading[.cellCount] == nil
      {
        exchange.whole.reading[.cellCount] = Int64(count)
      }
    }
  }

  private static func explainRegisters(
    _ reply: Reply, _ command: Command, _ exchange: inout Exchange
  ) {
    for block in blocks(reply, to: command) {
      exchange.registers += values(block)
      exchange.whole.details += details(block)
      exchange.whole.details += versionDetails(block)
      if block.base == Block.events {
        var events: [Event] = []
        for register in stride(from: UInt16(200), through: 296, by: 2) {
          if let packed = block.double(register) { events.append(Event(packed: packed)) }
        }
        if !events.isEmpty {
          exchange.exchange.append(.init("events", list(events, now: nil)))
          exchange.exchange.append(.init("event_meanings", meanings(events)))
        }
      }
    }
    if case .version(let version) = reply { explainFirmware(version, &exchange) }
    if case .extendedVersion(let version, _, _) = reply { explainFirmware(version, &exchange) }
  }

  private static func explainFirmware(_ version: Version, _ exchange: inout Exchange) {
    guard let row = row("firmware_public") else { return }
    exchange.registers.append(.init(row, Int64(version.firmware)))
  }

  /// Limits of the settings, or their defaults, are no settings: they stand in the exchange.
  private static func explainLimits(
    _ which: Settings, _ words: [UInt16], _ exchange: inout Exchange
  ) {
    let name: StaticString =
      switch which {
      case .minimum: "settings_minimum"
      case .maximum: "settings_maximum"
      case .byDefault: "settings_default"
      case .current: "settings"
      }
    var entries: [Exchange.Entry] = []
    for block in blocks(words, from: 300) {
      for value in values(block) { entries.append(.init(value.row.name, .number(value.raw))) }
    }
    exchange.exchange.append(.init(name, .object(entries)))
  }

  private static func explainPackets(
    _ command: Command, _ frame: borrowing Span<UInt8>, _ exchange: inout Exchange
  ) {
    guard case .packets(let size) = shape(of: command.code, asked: command.asked),
      size > packetPayload, frame.count > 0
    else { return }
    var lengths: [Exchange.Value] = []
    var rest = size
    while rest > 0 {
      let part = min(rest, packetPayload)
      lengths.append(.number(Int64(part + 5)))
      rest -= part
    }
    exchange.exchange.append(.init("packet_lengths", .list(lengths)))
  }

  /// One exchange on CAN; `nil` when these are no texts of CAN frames.
  static func explainCAN(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange? {
    var frames: [CANFrame] = []
    for chunk in chunks {
      guard let frame = CANFrame(text: chunk) else { return nil }
      frames.append(frame)
    }
    guard let asked = request.flatMap({ CANFrame(text: $0) }) else { return nil }
    var exchange = Exchange()
    guard let (_, meaning) = CAN.parseRequest(asked) else {
      exchange.error = .unexpected(byte: asked.data[0], at: 0)
      return exchange
    }
    guard let first = frames.first else {
      exchange.exchange.append(.init("request_command", .text(hex(asked.data[0]))))
      return exchange
    }
    if let node = CAN.node(ofReply: first.id) {
      exchange.exchange.append(.init("node_id", .number(Int64(node))))
    }
    let command: Command
    switch meaning {
    case .command(let found): command = found
    case .write(let address, let count, let value, _):
      command = .writeModbus(address: address, count == 1 ? [value] : [])
    case .readNode, .writeNode:
      if CAN.parseNode(first) == nil { exchange.error = .unexpected(byte: first.data[0], at: 0) }
      return exchange
    }
    var facts = Facts()
    let nothing: [UInt8] = []
    do throws(WireError) {
      let reply = try CAN.parse(frames, to: command)
      explain(reply, command, nothing.span, &facts, &exchange)
    } catch {
      exchange.error = error
    }
    return exchange
  }
}
