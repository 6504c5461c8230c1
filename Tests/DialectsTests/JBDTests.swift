// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

struct JBDTests {
  /// What the maker's program sent, from the password, the module's address and the random byte.
  @Test(arguments: Fixture.load("jbd-ffaa").filter { $0.expectedValues["mac"] != nil })
  func passwordsAreHiddenAsTheMakersProgramDoes(_ fixture: Fixture) throws {
    let values = fixture.expectedValues
    let password = try #require(values["plain_password"] as? String)
    let address = try #require(values["mac"] as? String).split(separator: ":").compactMap {
      UInt8($0, radix: 16)
    }
    let random = try #require(values["random_byte"] as? Int)
    let request = JBDLogin.encode(
      password: Array(password.utf8), address: address, random: UInt8(random),
      isRoot: fixture.request?[2] == 0x1D)
    #expect(request == fixture.request)
  }

  /// The picture is one reading: cells that do not come leave it out altogether.
  @Test func aPictureIsWholeOrNotThere() throws {
    let lines = Fixture.load("jbd")
    func answer(_ id: String) throws -> [UInt8] {
      Array(try #require(lines.first { $0.id == id }).chunks.joined())
    }
    let basic = try answer("jbd-sp04s034-basic")
    let cells = try answer("jbd-sp04s034-cells")
    var session = Session(.jbd(DialectOptions()), rates: PollRates(livePeriod: 1000))
    session.linkOpened(at: Tick(0))
    var readings: [Reading] = []
    var due: [(Int64, [UInt8])] = []
    for now in Int64(0)..<6000 {
      while let first = due.first, first.0 <= now {
        due.removeFirst()
        session.received(first.1.span, at: Tick(now))
      }
      turns: while true {
        switch session.next(at: Tick(now)) {
        case .send(let bytes):
          // Until the fourth second the board keeps its cells to itself.
          if bytes[2] == 3 { due.append((now + 80, basic)) }
          if bytes[2] == 4, now > 4000 { due.append((now + 80, cells)) }
        case .reading(let reading, true): readings.append(reading)
        case .wait: break turns
        default: break
        }
      }
    }
    let reading = try #require(readings.first)
    #expect(reading.cells.count == 4 && reading.voltage == .centivolts(1560))
    #expect(reading.cells.reportsBalancing && reading.reportsAlarms)
    #expect(session.statistics.timeouts > 2)
  }
}
