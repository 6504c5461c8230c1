// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// A hundred thousand damaged answers: what is accepted is the truth.
struct CorruptionTests {
  static let live = TinyBMS.Command.readModbus(address: 0, count: 54).request

  static func damage(_ frame: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = frame
    func place() -> Int { Int.random(in: 0..<max(1, bytes.count), using: &dice) }
    switch Int.random(in: 0..<9, using: &dice) {
    case 0:
      for _ in 0..<Int.random(in: 1...8, using: &dice) {
        bytes[place()] ^= 1 << UInt8.random(in: 0...7, using: &dice)
      }
    case 1:
      for _ in 0..<Int.random(in: 1...12, using: &dice) {
        bytes[place()] = UInt8.random(in: 0...255, using: &dice)
      }
    case 2: for _ in 0..<Int.random(in: 1...8, using: &dice) { bytes.remove(at: place()) }
    case 3:
      for _ in 0..<Int.random(in: 1...8, using: &dice) {
        bytes.insert(UInt8.random(in: 0...255, using: &dice), at: place())
      }
    case 4: bytes.swapAt(place(), place())
    case 5: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &dice))
    case 6:
      let from = place()
      for index in from..<min(bytes.count, from + Int.random(in: 2...40, using: &dice)) {
        bytes[index] = 0
      }
    case 7: bytes += bytes.suffix(Int.random(in: 1...30, using: &dice))
    default:
      // One half of one register.
      let index = 3 + 2 * Int.random(in: 0..<54, using: &dice)
      bytes[min(index, bytes.count - 1)] = UInt8.random(in: 0...255, using: &dice)
    }
    return bytes
  }

  @Test(arguments: [UInt64(1), 2])
  func noWrongValueOfAHundredThousandFrames(_ seed: UInt64) throws {
    let unit = Unit()
    let frame = unit.live
    var facts = Facts()
    var truth = Reading()
    try Dialect.tinyBMS.read(frame.span, Self.live, &facts, &truth)
    var dice = Dice(seed: seed)
    var accepted = 0
    for round in 0..<50_000 {
      let bytes = Self.damage(frame, &dice)
      var reading = Reading()
      var lesson = Facts()
      guard case .frame(let length) = Dialect.tinyBMS.scan(bytes.span, Self.live),
        length <= bytes.count
      else { continue }
      let part = Array(bytes[..<length])
      do {
        try Dialect.tinyBMS.read(part.span, Self.live, &lesson, &reading)
      } catch { continue }
      accepted += 1
      #expect(reading.tellsTheSame(truth), "seed \(seed), round \(round)")
    }
    // Some damage only touches what follows the frame, or changes nothing.
    #expect(accepted < 50_000 / 4, "seed \(seed)")
  }

  /// The same through a session, where a frame may also be found further on.
  @Test func noWrongValueThroughASession() {
    var talk = Conversation(rates: PollRates(livePeriod: 100))
    talk.run(until: 1000)
    let truth = talk.live.last?.reading
    var dice = Dice(seed: 3)
    let question = Self.live.bytes
    talk.wire = { request, answer, _ in
      [(5, request == question ? Self.damage(answer, &dice) : answer)]
    }
    talk.run(until: 400_000)
    #expect(talk.session.statistics.badChecksums > 500)
    for live in talk.live where live.at > 1000 {
      guard let truth else { break }
      #expect(live.reading.tellsTheSame(truth), "at \(live.at)")
    }
  }

  /// With a checksum that holds, what no battery can be is still refused.
  @Test func checkedNonsenseIsImplausible() {
    func rejects(_ change: (inout Unit) -> Void) -> Bool {
      var unit = Unit()
      change(&unit)
      var facts = Facts()
      var reading = Reading()
      do {
        try Dialect.tinyBMS.read(unit.live.span, Self.live, &facts, &reading)
      } catch {
        guard case .implausible = error else { return false }
        return !reading.hasValues
      }
      return Physics.objection(to: reading) != nil
    }
    #expect(!rejects { _ in })
    #expect(rejects { $0.registers[7] = 50_001 })
    #expect(rejects { $0.registers[7] = 38_000 })
    #expect(rejects { $0.registers[7] = 0 })
    #expect(rejects { $0.registers[1] = 33_000 })
    #expect(rejects { $0.registers[53] = 13 })
    #expect(rejects { $0.registers[53] = 3 })
    #expect(rejects { $0.registers[53] = 17 })
    #expect(rejects { $0.registers[40] = 3100 })
    #expect(rejects { $0.registers[41] = 3200 })
    #expect(rejects { $0.setFloat(36, 40) })
    #expect(rejects { $0.setFloat(36, -46) })
    #expect(rejects { $0.setFloat(36, .nan) })
    #expect(rejects { $0.setFloat(38, .infinity) })
    #expect(rejects { $0.setFloat(38, 2001) })
    #expect(rejects { $0.registers[42] = 1501 })
    #expect(rejects { $0.registers[48] = UInt16(bitPattern: -601) })
    #expect(rejects { $0.setDouble(46, 110_000_001) })
    #expect(rejects { $0.registers[50] = 0x19B })
  }
}
