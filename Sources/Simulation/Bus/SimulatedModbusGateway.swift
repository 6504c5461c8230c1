// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

/// A gateway between Modbus TCP and a serial line, as its clients and the device on the line see it,
/// without input or output of its own.
///
/// Requests wait their turn. What is no answer to the request under way, and no answer at all within
/// a second, is a device that fails to respond: exception 0B. Source: MODBUS Messaging on TCP/IP
/// Implementation Guide V1.0b, 4.4; MODBUS Application Protocol V1.1b3, 7.
public struct SimulatedModbusGateway: Sendable {
  /// What the gateway does next.
  public enum Step: Equatable, Sendable {
    /// These bytes go out on the serial line.
    case line([UInt8])
    /// These bytes go to a client.
    case reply(client: Int, [UInt8])
    /// A client that does not speak Modbus is hung up on.
    case hangUp(client: Int)
    /// Nothing before this moment, unless something comes in.
    case wait(until: Tick)
  }

  /// How long the device on the line may take, in milliseconds.
  public static let timeout: Int64 = 1000
  /// The most requests that wait; others are told that the device is busy.
  public static let mostWaiting = 16

  private struct Job: Sendable {
    var client: Int
    var transaction: UInt16
    /// The request as it goes over the line.
    var frame: [UInt8]
  }

  private var inboxes: [(client: Int, bytes: [UInt8])] = []
  private var waiting: [Job] = []
  private var current: (job: Job, until: Tick)?
  private var heard: [UInt8] = []
  private var steps: [Step] = []

  /// A gateway without clients.
  public init() {}

  /// Bytes came from a client, in any portions; a client not heard before is a new one.
  public mutating func received(_ bytes: borrowing Span<UInt8>, from client: Int) {
    var place = inboxes.count
    for index in inboxes.indices where inboxes[index].client == client { place = index }
    if place == inboxes.count { inboxes.append((client, [])) }
    var inbox = inboxes[place].bytes
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    var head = 0
    reading: while true {
      switch ModbusTCP.scan(inbox.span.extracting(head..<inbox.count)) {
      case .incomplete: break reading
      case .lost:
        left(client)
        return steps.append(.hangUp(client: client))
      case .foreign(let length): head += length
      case .message(let length):
        take(inbox.span.extracting(head..<head + length), from: client)
        head += length
      }
    }
    inbox.removeFirst(head)
    inboxes[place].bytes = inbox
  }

  /// A client has gone: what it asked is forgotten.
  public mutating func left(_ client: Int) {
    inboxes.removeAll { $0.client == client }
    waiting.removeAll { $0.client == client }
  }

  /// Bytes came from the line.
  public mutating func lineReceived(_ bytes: borrowing Span<UInt8>) {
    guard let job = current?.job else { return }
    for index in 0..<bytes.count { heard.append(bytes[index]) }
    if let frame = found(job) { answer(job, frame) }
  }

  /// The whole answer to a request among the bytes heard.
  private func found(_ job: Job) -> [UInt8]? {
    for start in heard.indices {
      let rest = heard.span.extracting(start..<heard.count)
      guard rest.count >= 5, rest[0] == job.frame[0],
        let length = ModbusTCP.answerLength(rest, to: job.frame[1]), rest.count >= length + 2,
        rest.littleUInt16(at: length) == Checksum.crc16Modbus(rest, count: length)
      else { continue }
      return rest.copy(0, length + 2)
    }
    return nil
  }

  /// What to do next; called again until it says to wait.
  public mutating func next(at now: Tick) -> Step {
    if let current, now >= current.until { refuse(current.job, 11) }
    if !steps.isEmpty { return steps.removeFirst() }
    if let until = current?.until { return .wait(until: until) }
    guard !waiting.isEmpty else { return .wait(until: .never) }
    let job = waiting.removeFirst()
    heard = []
    current = (job, now + Self.timeout)
    return .line(job.frame)
  }

  private mutating func take(_ message: borrowing Span<UInt8>, from client: Int) {
    var frame: [UInt8] = []
    ModbusTCP.append(frameOf: message, to: &frame)
    let job = Job(
      client: client, transaction: ModbusTCP.transaction(message), frame: frame)
    guard ModbusTCP.isRequest(frame.span) else { return refuse(job, 1) }
    guard waiting.count < Self.mostWaiting else { return refuse(job, 6) }
    waiting.append(job)
  }

  private mutating func refuse(_ job: Job, _ code: UInt8) {
    var frame = [job.frame[0], job.frame[1] | 0x80, code]
    frame.appendLittle(Checksum.crc16Modbus(frame.span))
    answer(job, frame)
  }

  private mutating func answer(_ job: Job, _ frame: [UInt8]) {
    if let under = current?.job, under.client == job.client, under.transaction == job.transaction {
      current = nil
    }
    var bytes: [UInt8] = []
    ModbusTCP.append(frame.span, transaction: job.transaction, to: &bytes)
    steps.append(.reply(client: job.client, bytes))
  }
}
