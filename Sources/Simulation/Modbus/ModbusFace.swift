// SPDX-License-Identifier: Apache-2.0

public import Dialects
public import Quantities
import Wire

/// A device with registers on a serial line: it answers Modbus from an image that is made of the pack's
/// state by the rows of a `ModbusMap`.
public struct ModbusFace: UnitFace {
  /// What was ordered over the wire so far.
  public var orders = UnitOrders()
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What it does otherwise than Modbus says, and what no row tells.
  public let manner: ModbusManner
  /// Its registers.
  public let map: ModbusMap

  private var inbox: [UInt8] = []
  private var outbox: [Outgoing] = []
  private var lastByte = Tick(.min)
  private var lastAnswer = Tick(.min)
  private var answers: UInt16 = 0
  /// Words that were written and are kept.
  private var written: [(address: UInt16, word: UInt16)] = []

  /// Milliseconds without a byte after which a request that has only begun is forgotten.
  private static let gap: Int64 = 20

  /// A device with the registers of a map.
  public init(_ map: ModbusMap, _ manner: ModbusManner = ModbusManner()) {
    self.map = map
    self.manner = manner
  }

  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { outbox.first?.at ?? .never }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    guard bytes.count > 0 else { return }
    if now - lastByte > Self.gap { inbox = [] }
    lastByte = now
    guard !quirks.contains(.silent) else { return inbox = [] }
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while let length = requestLength() {
      let request = Array(inbox[..<length])
      inbox.removeFirst(length)
      // A board that was left alone only wakes by what it hears first, save by its trigger.
      let isDrowsy = now - lastAnswer > manner.drowsyAfter
      if let answer = answer(request, state) {
        if isDrowsy, manner.trigger?(self, request, state) == nil { continue }
        lastAnswer = now
        send(answer, at: now)
      }
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { outbox = [] }
    guard let first = outbox.first, first.at <= now else { return .wait(until: deadline) }
    outbox.removeFirst()
    return .send(first.bytes)
  }

  private mutating func send(_ answer: [UInt8], at now: Tick) {
    var bytes = answer
    if quirks.contains(.wrongChecksum) { bytes[bytes.count - 2] ^= 0x55 }
    if quirks.contains(.endless) { bytes.removeLast(min(3, bytes.count - 1)) }
    let airtime = Int64(bytes.count + 8) * 10_000 / Int64(map.baud)
    outbox.append(Outgoing(at: now + manner.latency + airtime, bytes: bytes))
  }

  /// How long the request at the head is, once it is whole; what is none is dropped.
  private mutating func requestLength() -> Int? {
    while let first = inbox.first {
      guard first == map.unit else {
        inbox.removeFirst()
        continue
      }
      guard inbox.count >= 2 else { return nil }
      let length: Int
      switch inbox[1] {
      case 3, 4, 6: length = 8
      case 16:
        guard inbox.count >= 7 else { return nil }
        let words = Int(inbox[4]) << 8 | Int(inbox[5])
        length = manner.writesWithoutCount ? 8 + 2 * words : 9 + Int(inbox[6])
      default:
        inbox.removeFirst()
        continue
      }
      guard length <= 256 else {
        inbox.removeFirst()
        continue
      }
      guard inbox.count >= length else { return nil }
      let crc = Checksum.crc16Modbus(inbox.span, count: length - 2)
      if inbox.span.littleUInt16(at: length - 2) == crc { return length }
      inbox.removeFirst()
    }
    return nil
  }

  private mutating func answer(_ request: [UInt8], _ state: UnitState) -> [UInt8]? {
    let function = request[1]
    if quirks.contains(.refusing) { return refusal(function, 4) }
    let start = request.span.bigUInt16(at: 2)
    let second = request.span.bigUInt16(at: 4)
    switch function {
    case 3, 4:
      guard ModbusRTU.counts.contains(Int(second)), Int(second) <= manner.mostRegisters else {
        return refusal(function, 3)
      }
      return read(function, start, second, state)
    case 6:
      guard write(start, second) else { return refusal(function, 2) }
      return sealed(Array(request[1..<6]))
    default:
      if let frame = manner.trigger?(self, request, state) { return frame }
      let first = manner.writesWithoutCount ? 6 : 7
      for index in 0..<Int(second) where first + 2 * index + 3 < request.count {
        let word = request.span.bigUInt16(at: first + 2 * index)
        guard write(start &+ UInt16(index) &* map.step, word) else { return refusal(function, 2) }
      }
      return sealed(Array(request[1..<6]))
    }
  }

  private mutating func read(
    _ function: UInt8, _ start: UInt16, _ count: UInt16, _ state: UnitState
  ) -> [UInt8]? {
    answers &+= 1
    var data: [UInt8] = [function, UInt8(truncatingIfNeeded: 2 * count)]
    for index in 0..<count {
      guard let word = word(function, start &+ index &* map.step, state) else {
        return refusal(function, 2)
      }
      data.appendBig(word)
    }
    return sealed(data)
  }

  private mutating func write(_ address: UInt16, _ word: UInt16) -> Bool {
    guard manner.order(address, word, &orders) else { return false }
    written.removeAll { $0.address == address }
    written.append((address, word))
    return true
  }

  private func refusal(_ function: UInt8, _ code: UInt8) -> [UInt8]? {
    manner.isSilentOnErrors ? nil : sealed([function | 0x80, code])
  }

  /// A message with the address that it comes from, and its checksum.
  private func sealed(_ message: [UInt8]) -> [UInt8] {
    var bytes = [manner.answersFrom ?? map.unit] + message
    ModbusRTU.seal(&bytes)
    return bytes
  }

  /// The word of a register; `nil` where there is none.
  func word(_ function: UInt8, _ address: UInt16, _ state: UnitState) -> UInt16? {
    if manner.keeps?.contains(address) != true, let word = manner.word(address, state, answers) {
      return word
    }
    for one in written where one.address == address { return one.word }
    if let word = manner.word(address, state, answers) { return word }
    var isThere = false
    for block in map.blocks where block.function == function && address >= block.address {
      let place = Int(address - block.address)
      if place % Int(map.step) == 0, place / Int(map.step) < Int(block.count) { isThere = true }
    }
    return isThere ? map.word(function, address, state, manner) : nil
  }
}
