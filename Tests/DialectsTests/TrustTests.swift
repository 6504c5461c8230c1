// SPDX-License-Identifier: Apache-2.0

import Quantities
import Testing
import Wire

@testable import Battery
@testable import Dialects

/// A weakly checked battery on a bad line, for days of simulated time.
struct TrustTests {
  /// A board with the classic language, whose truth moves and leaps.
  struct Board {
    var cells = [UInt16](repeating: 3300, count: 16)
    var current = 0
    var soc: UInt16 = 500
    var alarm: UInt8 = 0
    var dice: Dice
    /// When its truth last leapt, in milliseconds.
    var leapt: Int64 = 0

    /// Lets one second pass.
    mutating func live(at now: Int64) {
      let isUp = Bool.random(using: &dice)
      for index in cells.indices {
        cells[index] = isUp ? min(3500, cells[index] + 1) : max(3000, cells[index] - 1)
      }
      guard Int.random(in: 0..<300, using: &dice) == 0 else { return }
      leapt = now
      switch Int.random(in: 0..<4, using: &dice) {
      case 0: current = Int.random(in: -3000...3000, using: &dice)
      case 1: soc = UInt16.random(in: 100...1000, using: &dice)
      case 2: alarm ^= 1
      default:
        let volts = UInt16.random(in: 3000...3500, using: &dice)
        for index in cells.indices { cells[index] = volts }
      }
    }

    /// Decivolts, as it tells them.
    var voltage: UInt16 { UInt16((cells.reduce(0) { $0 + Int($1) } + 50) / 100) }

    func answer(_ request: [UInt8]) -> [[UInt8]] {
      func frame(_ data: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0xA5, 0x01, request[2], 8]
        bytes += data + [UInt8](repeating: 0, count: 8 - data.count)
        bytes.append(DalyA5.sum(bytes.span, 12))
        return bytes
      }
      func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
      switch request[2] {
      case DalyA5.Command.counts: return [frame([16, 1, 0, 0, 0, 0, 7])]
      case DalyA5.Command.pack:
        return [frame(word(voltage) + [0, 0] + word(UInt16(30_000 - current)) + word(soc))]
      case DalyA5.Command.switches: return [frame([1, 1, 1, 9, 0, 1, 0x86, 0xA0])]
      case DalyA5.Command.cells:
        return (0..<6).map { page in
          var data: [UInt8] = [UInt8(page + 1)]
          for index in 3 * page..<min(16, 3 * page + 3) { data += word(cells[index]) }
          return frame(data)
        }
      case DalyA5.Command.temperatures: return [frame([1, 60])]
      case DalyA5.Command.balancing: return [frame([])]
      case DalyA5.Command.faults: return [frame([alarm])]
      case DalyA5.Command.rated: return [frame([0, 1, 0x86, 0xA0, 0, 0, 0x0C, 0xE4])]
      case DalyA5.Command.cellLimits:
        return [frame(word(3500) + word(3650) + word(2800) + word(2500))]
      default: return []
      }
    }
  }

  /// What a line of this kind makes of a frame: each byte in 200 is damaged, and one frame in 500 says something
  /// else with a sum that holds.
  static func pass(_ frame: [UInt8], _ dice: inout Dice, lies: inout Int) -> [UInt8] {
    var bytes = frame
    if Int.random(in: 0..<500, using: &dice) == 0 {
      let first = Int.random(in: 4..<12, using: &dice)
      let second = Int.random(in: 4..<12, using: &dice)
      let change = UInt8.random(in: 1...255, using: &dice)
      if first != second {
        bytes[first] &+= change
        bytes[second] &-= change
        lies += 1
      }
    }
    for index in bytes.indices where Int.random(in: 0..<200, using: &dice) == 0 {
      bytes[index] = UInt8.random(in: 0...255, using: &dice)
    }
    return bytes
  }

  @Test(arguments: [(Int64(1000), Int64(1800), UInt64(1)), (10_000, 86_400, 2)])
  func noWrongValueAndNoTrueOneLockedOut(_ period: Int64, _ seconds: Int64, _ seed: UInt64) {
    var board = Board(dice: Dice(seed: seed))
    var dice = Dice(seed: seed &+ 100)
    var session = Session(.dalyA5(DialectOptions()), rates: PollRates(livePeriod: period))
    session.linkOpened(at: Tick(0))
    var now: Int64 = 0
    var lived: Int64 = 0
    var line: [(at: Int64, bytes: [UInt8])] = []
    var passed = 0
    var lies = 0
    var lastPassed: Int64 = 0
    var longest: Int64 = 0
    // The truths of the last seconds: a reading takes more than one to come.
    var truths: [Board] = [board]
    while now < seconds * 1000 {
      var wake = now + 1000
      steps: while true {
        switch session.next(at: Tick(now)) {
        case .send(let bytes):
          var at = now + 30
          for frame in board.answer(bytes) {
            line.append((at, Self.pass(frame, &dice, lies: &lies)))
            at += 14
          }
        case .reading(let reading, let isLive):
          if reading.cutoffs.cellOvervoltage != nil {
            #expect(reading.cutoffs.cellOvervoltage == .millivolts(3650), "at \(now)")
            #expect(reading.cutoffs.cellUndervoltage == .millivolts(2500), "at \(now)")
          }
          if let nominal = reading[.nominal] { #expect(nominal == 100_000, "at \(now)") }
          guard isLive else { break }
          passed += 1
          longest = max(longest, now - lastPassed)
          let since = now - lastPassed
          lastPassed = now
          Self.hold(reading, to: truths, since: since, "at \(now) with seed \(seed)")
          // What leapt long ago must be told by now.
          if now - board.leapt > 4 * period + 20_000 {
            #expect(
              abs((reading.current?.raw ?? 0) - Int32(board.current) * 100) <= 150_000, "at \(now)")
            let told = reading.alarms.union(reading.warnings)
            #expect(told.isEmpty == (board.alarm == 0), "at \(now) with seed \(seed)")
          }
        case .answered, .fault: break
        case .wait(let until):
          wake = min(wake, until.milliseconds)
          break steps
        }
      }
      if let first = line.first, first.at <= max(wake, now) {
        now = max(now, first.at)
        line.removeFirst()
        session.received(first.bytes.span, at: Tick(now))
      } else {
        now = max(now + 1, wake)
      }
      while lived < now / 1000 {
        lived += 1
        board.live(at: now)
        truths.append(board)
        if truths.count > 12 { truths.removeFirst() }
      }
    }
    // The line was bad, the gate had work, and yet readings came.
    #expect(lies > 20 && session.statistics.badChecksums > 100, "seed \(seed)")
    #expect(session.rejections[.jump] + session.rejections[.change] > 10, "seed \(seed)")
    #expect(Int64(passed) * period * 2 > seconds * 1000, "\(passed) readings with seed \(seed)")
    #expect(longest < 6 * period + 20_000, "\(longest) ms with seed \(seed)")
  }

  /// What is told lies no further from a truth of the last seconds than a leap that is never doubted.
  static func hold(_ reading: Reading, to truths: [Board], since: Int64, _ context: String) {
    let time = since + 3000
    func isNear(_ point: Point, _ value: Int64, _ truth: (Board) -> Int64) -> Bool {
      let leap = Leap.of(point, isWeak: true)
      return truths.contains { leap?.allows(truth($0), value, within: time) == true }
    }
    for index in 0..<reading.cells.count {
      let value = Int64(reading.cells[index].raw)
      let isTrue = truths.contains {
        Leap.cell(isWeak: true).allows(Int64($0.cells[index]) * 10, value, within: time)
      }
      #expect(isTrue, "cell \(index + 1) at \(value), \(context)")
    }
    #expect(reading.cells.count == 16 && reading[.cellCount] == 16, "\(context)")
    #expect(isNear(.current, reading[.current] ?? 0) { Int64($0.current) * 100 }, "\(context)")
    #expect(isNear(.soc, reading[.soc] ?? 0) { Int64($0.soc) * 100_000 }, "\(context)")
    #expect(isNear(.voltage, reading[.voltage] ?? 0) { Int64($0.voltage) * 100 }, "\(context)")
    #expect(reading[.chargeEnabled] == 1 && reading[.dischargeEnabled] == 1, "\(context)")
    #expect(
      truths.contains { $0.alarm == 0 } || !reading.alarms.isEmpty || !reading.warnings.isEmpty,
      "\(context)")
  }

  /// A language whose frames may be damaged unseen says so.
  @Test(arguments: LawTests.names)
  func theStrengthOfTheCheckIsTold(_ name: String) throws {
    let dialect = try LawTests.dialect(name)
    var dice = Dice(seed: 7)
    var tried = 0
    var missed = 0
    for fixture in Fixture.load(name) {
      guard let bytes = fixture.request else { continue }
      let request = Request(tag: 0, bytes: bytes)
      let frame = fixture.chunks.flatMap(\.self)
      guard frame.count > 4, case .frame(let length) = dialect.scan(frame.span, request),
        length == frame.count
      else { continue }
      for _ in 0..<200 {
        var damaged = frame
        for _ in 0..<3 {
          let place = Int.random(in: 0..<damaged.count, using: &dice)
          damaged[place] = UInt8.random(in: 0...255, using: &dice)
        }
        guard damaged != frame else { continue }
        tried += 1
        var facts = Facts()
        var reading = Reading()
        do throws(WireError) {
          try dialect.read(damaged.span, request, &facts, &reading)
          missed += 1
        } catch {
          if error == .notAReading { missed += 1 }
        }
      }
    }
    let check = dialect.trust.check
    guard tried >= 1000, !check.isWeak, check != .bus else { return }
    #expect(
      missed * 1000 <= tried, "\(missed) of \(tried) damages were not seen: its check is weak")
  }
}
