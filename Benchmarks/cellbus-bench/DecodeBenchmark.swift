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
    let frames = try LiveBlocks()
    let rates = try Contest.run([frames.read, frames.session, frames.checksum], effort)
    var result = Result(findings: [
      Finding(
        "checked frame to reading", rates[0], "decodes/s/core", aim: .over(1_000_000),
        against: ("CRC-16 alone", rates[2])),
      Finding(
        "whole session, bytes to reading", rates[1], "decodes/s/core", aim: .over(1_000_000),
        against: ("CRC-16 alone", rates[2])),
      Finding("CRC-16 of the same bytes alone", rates[2], "frames/s/core"),
    ])
    result.notes.append(
      "Processor time of one thread; \(frames.count) different frames in turn. The session also polls "
        + "settings, events and statistics at their pace.")
    if let peer = try Peer.decode(frames.frames, effort) {
      let medians = rates[0].map { _ in Spread(peer).median }
      result.findings.append(
        Finding(
          "pymodbus and struct (Python)", peer, "decodes/s/core"))
      result.findings[0].what += ""
      result.findings.insert(
        Finding("checked frame to reading", rates[0], "decodes/s/core", against: ("Python", medians)),
        at: 1)
    } else {
      result.notes.append(Peer.missing("pymodbus"))
    }
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

  var count: Int { frames.count }

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
        do throws(WireError) {
          try dialect.read(frames[index & 63].span, request, &facts, &reading)
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
        switch session.next(at: now) {
        case .send(let bytes):
          now = now + 12
          if bytes == live {
            session.received(frames[done & 63].span, at: now)
          } else if let other = others.first(where: { $0.request == bytes }) {
            session.received(other.answer.span, at: now)
          }
        case .reading(let reading, let isLive):
          guard isLive else { continue }
          done += 1
          sum &+= (reading[.soc] ?? 0) &+ Int64(reading.cells[15].raw)
        case .answered: continue
        case .fault(let fault):
          throw CommandFailure("the conversation met a fault: \(fault)", .internalFault)
        case .wait(let until): now = until
        }
      }
      return sum
    }
  }

  /// The checksum of the same bytes and nothing else: no reader of these frames can do less.
  var checksum: Candidate {
    let frames = frames
    return Candidate(name: "checksum") { count throws(CommandFailure) in
      var sum: Int64 = 0
      for index in 0..<count {
        sum &+= Int64(Checksum.crc16Modbus(frames[index & 63].span, count: 111))
      }
      return sum
    }
  }
}
