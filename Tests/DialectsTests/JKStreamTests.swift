// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Dialects

/// A session and a JK board that streams by Bluetooth.
struct JKStreamTests {
  /// A board of captured frames; the test says what of the stream arrives.
  struct Board {
    var session = Session(.jkBLE(DialectOptions()), rates: PollRates(livePeriod: 500))
    var readings: [(at: Int64, reading: Reading, isLive: Bool)] = []
    var asked: [(at: Int64, command: UInt8)] = []
    let device: [UInt8]
    let settings: [UInt8]
    let cells: [UInt8]
    var answers: (UInt8, Int64) -> Bool = { _, _ in true }
    private var due: [(Int64, [UInt8])] = []
    private var streams = false

    init() throws {
      device = try JKTests.frame("jk32s-issue377-dev")
      settings = try JKTests.frame("jk32s-issue377-settings")
      cells = try JKTests.frame("jk32s-issue377-cell")
      session.linkOpened(at: Tick(0))
    }

    /// Turns the clock; `stream` gives what arrives instead of a frame of the stream.
    mutating func run(
      _ from: Int64, _ until: Int64, stream: (Int64, [UInt8]) -> [UInt8] = { $1 }
    ) {
      for now in from..<until {
        while let first = due.first, first.0 <= now {
          due.removeFirst()
          session.received(first.1.span, at: Tick(now))
        }
        if streams, now % 500 == 0 {
          session.received(stream(now, cells).span, at: Tick(now))
        }
        turns: while true {
          switch session.next(at: Tick(now)) {
          case .send(let bytes):
            asked.append((now, bytes[4]))
            guard answers(bytes[4], now) else { continue }
            if bytes[4] == 0x97 { due.append((now + 70, device)) }
            if bytes[4] == 0x96 {
              due.append((now + 70, settings))
              streams = true
            }
          case .reading(let reading, let isLive): readings.append((now, reading, isLive))
          case .wait: break turns
          default: break
          }
        }
      }
    }
  }

  @Test func asksThreeThingsAndListens() throws {
    var board = try Board()
    board.run(0, 60_000)
    // Each answer must be seen twice: the checksum has 8 bits.
    #expect(board.asked.map(\.command) == [0x97, 0x97, 0x96, 0x96])
    #expect(JKBLE.layout(board.session.facts) == .jk32)
    let live = board.readings.filter(\.isLive)
    #expect(live.count > 110)
    #expect(live.allSatisfy { $0.reading.cells.count == 8 && $0.reading.soc == .percent(99) })
    let cutoffs = board.readings.map(\.reading.cutoffs).first { $0 != Cutoffs() }
    #expect(cutoffs?.cellOvervoltage == .millivolts(3650))
    #expect(cutoffs?.chargeUndertemperature == .degrees(-10))
  }

  @Test func asksAgainWhereTheStreamStaysAway() throws {
    var board = try Board()
    board.run(0, 5000)
    board.run(5000, 20_000) { _, _ in [] }
    let again = board.asked.dropFirst(4).map(\.command)
    #expect((2...4).contains(again.count) && again.allSatisfy { $0 == 0x96 })
    let before = board.asked.count
    board.run(20_000, 40_000)
    #expect(board.asked.count <= before + 1)
  }

  @Test func asksForSettingsThatNeverCame() throws {
    var board = try Board()
    // The board begins to stream and keeps its settings to itself.
    board.answers = { command, now in command == 0x97 || now > 30_000 }
    board.run(0, 1)
    let cells = board.cells
    for now in stride(from: Int64(1000), to: 60_000, by: 500) {
      board.session.received(cells.span, at: Tick(now))
      board.run(now, now + 500)
    }
    let told = try #require(board.readings.first { $0.reading.cutoffs != Cutoffs() })
    #expect(told.at > 30_000 && told.at < 50_000)
  }

  @Test func settingsAreReadAnewEveryTenMinutes() throws {
    var board = try Board()
    board.run(0, 620_000)
    #expect(board.asked.map(\.command) == [0x97, 0x97, 0x96, 0x96, 0x96])
  }

  /// A frame that lost bytes runs into the next, which is taken all the same.
  @Test func theFrameAfterADamagedOneIsTaken() throws {
    var board = try Board()
    board.run(0, 10_000)
    let before = board.readings.count
    board.run(10_000, 20_000) { now, frame in
      now % 1000 == 0 ? Array(frame[..<137] + frame[160...]) : [0x41, 0x54, 0x0D, 0x0A] + frame
    }
    #expect((9...10).contains(board.readings.count - before))
  }

  @Test func theRealDamagedFrameIsNoReading() throws {
    let line = try #require(JKTests.lines.first { $0.id == "jk32s-issue377-corrupt" })
    var board = try Board()
    board.run(0, 10_000)
    let before = board.readings.count
    let damaged = Array(line.chunks.joined())
    board.run(10_000, 14_000) { _, _ in damaged }
    #expect(board.readings.count == before)
    #expect(board.session.statistics.skippedBytes > 0)
  }
}
