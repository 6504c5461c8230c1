// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Text
import Wire

extension Benchmark {
  /// The TinyBMS live block: 54 registers in 113 bytes by function 03.
  static let decode = Benchmark(
    name: "decode", summary: "live blocks of a TinyBMS into readings"
  ) { effort throws(CommandFailure) in
    let blocks = try LiveBlocks()
    let rates = try Contest.run([blocks.read, blocks.session, blocks.checksum], effort)
    let peer = try Peer.decode(blocks.frames, effort)
    let unit = "frames/s/core"
    var result = Result()
    result.findings = [
      Finding("checked frame to reading", rates[0], unit, aim: .over(1_000_000))
        .against("CRC-16", rates[2], rates[0]).against("Python", peer, rates[0]),
      Finding("session: bytes to reading", rates[1], unit, aim: .over(1_000_000))
        .against("CRC-16", rates[2], rates[1]).against("Python", peer, rates[1]),
      Finding("CRC-16 of the same bytes alone", rates[2], unit),
    ]
    if let peer { result.findings.append(Finding("Python: pymodbus and struct", peer, unit)) }
    result.notes = [
      "Processor time of one thread; \(blocks.frames.count) different frames of 113 bytes in turn. The "
        + "session also reads events, settings and statistics at their pace."
    ]
    if peer == nil { result.notes.append(Peer.missing("pymodbus")) }
    return result
  }
}

/// Frames of live values and the ways to read them.
private struct LiveBlocks {
  /// Answers to the poll of live values.
  private(set) var frames: [[UInt8]] = []
  /// The poll of live values.
  private let request: Request
  /// The answer to each other request of the plan.
  private var others: [(request: [UInt8], answer: [UInt8])] = []

  init() throws(CommandFailure) {
    var specimen = try Specimen()
    request = try Specimen.live.request
    for _ in 0..<64 {
      try specimen.live()
      frames.append(try specimen.ask(request))
    }
    let dialect = Dialect.tinyBMS
    for request in dialect.polls.map(\.request) + [dialect.wake].compactMap({ $0 })
    where request != self.request {
      others.append((request.bytes, try specimen.ask(request)))
    }
    guard frames.allSatisfy({ $0.count == 113 }) else {
      throw CommandFailure("the live block is not 113 bytes long", .internalFault)
    }
  }

  /// One checked frame into a reading.
  var read: Candidate {
    let (frames, request) = (frames, request)
    return Candidate(name: "read") { count throws(CommandFailure) in
      let dialect = Dialect.tinyBMS
      var facts = Facts()
      var sum: Int64 = 0
      for index in 0..<count {
        var reading = Reading()
        let frame = frames[index & 63]
        do throws(WireError) {
          try dialect.read(frame.span, request, &facts, &reading)
        } catch {
          throw CommandFailure("a live block is refused: \(error)", .internalFault)
        }
        sum &+= (reading[.soc] ?? 0) &+ Int64(reading.cells[15].raw)
      }
      return sum
    }
  }

  /// A whole conversation, from the bytes that a link delivers to the reading.
  var session: Candidate {
    let (frames, others, live) = (frames, others, request.bytes)
    return Candidate(name: "session") { count throws(CommandFailure) in
      var session = Session(.tinyBMS)
      var now = Tick(0)
      var sum: Int64 = 0
      var done = 0
      while done < count {
        let step = session.next(at: now)
        if let value = Self.live(step) {
          done += 1
          sum &+= value
          continue
        }
        switch step {
        case .send(let bytes):
          now = now + 12
          if bytes == live {
            let frame = frames[done & 63]
            session.received(frame.span, at: now)
          } else if let other = others.first(where: { $0.request == bytes }) {
            session.received(other.answer.span, at: now)
          }
        case .reading, .answered: continue
        case .fault(let fault):
          throw CommandFailure("the conversation met a fault: \(fault)", .internalFault)
        case .wait(let until): now = until
        }
      }
      return sum
    }
  }

  /// Something of a live reading, without a copy of all of it; `nil` for any other step.
  private static func live(_ step: borrowing Step) -> Int64? {
    switch step {
    case .reading(let reading, let isLive):
      isLive ? (reading[.soc] ?? 0) &+ Int64(reading.cells[15].raw) : nil
    default: nil
    }
  }

  /// The checksum of the same bytes and nothing else: no reader of these frames can do less.
  var checksum: Candidate {
    let frames = frames
    return Candidate(name: "checksum") { count throws(CommandFailure) in
      var sum: Int64 = 0
      for index in 0..<count {
        let frame = frames[index & 63]
        sum &+= Int64(Checksum.crc16Modbus(frame.span, count: 111))
      }
      return sum
    }
  }
}
