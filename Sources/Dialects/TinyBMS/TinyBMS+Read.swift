// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension TinyBMS {
  /// The requests of the plan: all by function 03, whose answers come in one frame, and each with
  /// another number of registers, so that a late answer can never pass for another.
  enum Plan {
    static let live = 0
    static let settings = 1
    static let events = 2
    static let version = 3
    static let statistics = 4

    static let all: [Poll] = [
      .init(Command.readModbus(address: 0, count: 54).request, .live),
      .init(
        Command.readModbus(address: 300, count: 44).request, .every(60_000), afterWrites: true),
      .init(
        Command.readModbus(address: 200, count: 98).request, .every(5000), afterWrites: true),
      .init(Command.readModbus(address: 500, count: 10).request, .once, afterWrites: true),
      .init(
        Command.readModbus(address: 100, count: 18).request, .every(60_000), afterWrites: true),
    ]
  }

  /// The call that wakes a sleeping unit: "online status", which changes nothing.
  ///
  /// Its first sending only wakes, so it is short and repeated for at least 1.2 s.
  static let wake = Request(
    tag: Command.status.request.tag, bytes: Command.status.encode(), timeout: 150, tries: 8)

  /// The same call by function 03: it reads register 50 alone.
  static let modbusWake: Request = {
    let call = Command.readModbus(address: 50, count: 1)
    return Request(tag: call.request.tag, bytes: call.encode(), timeout: 150, tries: 8)
  }()

  /// Checks one frame against the request that it answers and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading
  ) throws(WireError) {
    guard let sent = request?.bytes else { return try readBroadcast(frame, &facts, &reading) }
    guard frame.count >= 5 else { throw .truncated(got: frame.count, needed: 5) }
    guard frame[0] == start else { throw .unexpected(byte: frame[0], at: 0) }
    guard sent.count >= 4 else { throw .notAReading }
    if frame[1] == sent[1] | 0x80 { try checkException(frame) }
    if frame[1] == 0x03, sent[1] == 0x03 {
      return try readWords(frame, sent, &facts, &reading)
    }
    guard case .command(let command, _) = parseRequest(sent.span) else { throw .notAReading }
    let reply = try Reply(frame, to: command)
    if case .refused(let command, let code) = reply {
      throw .refused(command: command, code: code)
    }
    try place(reply, to: command, &facts, &reading)
  }

  /// A refusal by a Modbus gateway: the unit itself has none of this form.
  static func checkException(_ frame: borrowing Span<UInt8>) throws(WireError) {
    try check(frame, length: frame.count)
    throw .exception(function: frame[1] & 0x7F, code: frame[2])
  }

  /// The plan's way: function 03, straight from the frame.
  private static func readWords(
    _ frame: borrowing Span<UInt8>, _ sent: [UInt8], _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    let address = UInt16(sent[2]) << 8 | UInt16(sent[3])
    let count = Int(sent[5])
    guard Int(frame[2]) == 2 * count else { throw .unexpected(byte: frame[2], at: 2) }
    guard frame.count == 5 + 2 * count else {
      throw .truncated(got: frame.count, needed: 5 + 2 * count)
    }
    try check(frame, length: frame.count)
    var saysSomething = false
    for index in 0..<4 {
      var block = Block(base: Block.bases[index])
      guard overlaps(block.base, address, count) else { continue }
      block.take(frame, at: 3, address: address, count: count)
      saysSomething = try place(block, &facts, &reading) || saysSomething
    }
    guard saysSomething else { throw .notAReading }
  }

  private static func overlaps(_ base: UInt16, _ address: UInt16, _ count: Int) -> Bool {
    Int(address) < Int(base) + 128 && Int(base) < Int(address) + count
  }

  /// Takes the values of an answer over.
  static func place(
    _ reply: Reply, to command: Command, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    if case .allEvents(let list) = reply {
      facts[.lifetime] = Int64(list.now)
      var packed: [UInt32] = []
      for event in list.events { packed.append(event.packed) }
      learn(events: packed.span, &facts)
      return tellAlarms(facts, &reading)
    }
    var saysSomething = false
    for block in blocks(reply, to: command) {
      saysSomething = try place(block, &facts, &reading) || saysSomething
    }
    switch reply {
    case .version(let version), .extendedVersion(let version, _, _):
      reading.identity.firmware = label(
        Int64(version.hardware), Int64(version.firmware), Int64(version.internalFirmware))
    default: break
    }
    guard saysSomething else { throw .notAReading }
  }

  /// Takes the values of one part of the map over; `false` when nothing in it concerns every
  /// battery.
  static func place(
    _ block: Block, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) -> Bool {
    switch block.base {
    case Block.live:
      guard block.hasAny(0, through: 55) else { return false }
      try placeLive(block, &facts, &reading)
    case Block.events:
      guard block.has(200, through: 263), block.has(264), block.has(297) else { return false }
      var entries: [49 of UInt32] = .init(repeating: 0)
      for index in 0..<49 { entries[index] = block.double(200 + 2 * UInt16(index)) ?? 0 }
      learn(events: entries.span, &facts)
      tellAlarms(facts, &reading)
    case Block.settings: try placeSettings(block, &facts, &reading)
    case Block.version: placeVersion(block, &reading)
    default: return false
    }
    return true
  }

  /// A broadcast line tells a session the state of the load switch and nothing else: it has no
  /// checksum, and everything else in it comes checked with the live values.
  private static func readBroadcast(
    _ line: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    let broadcast = Broadcast(text: line)
    guard let discharge = broadcast.dischargeEnabled else {
      throw .unexpected(byte: line.count > 0 ? line[0] : 0, at: 0)
    }
    facts[.switchesAt] = facts.now.milliseconds
    facts[.dischargeSwitch] = discharge ? 1 : 0
    var told = Reading()
    tellAlarms(facts, &told)
    reading[.chargeEnabled] = told[.chargeEnabled]
    reading[.dischargeEnabled] = min(told[.dischargeEnabled] ?? 1, discharge ? 1 : 0)
  }
}
