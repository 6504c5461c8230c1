// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Dialects

/// Every write that a capture or a maker's document shows, from the encoders, byte for byte.
@Suite("Writes as captured") struct WriteVectorTests {
  private func request(_ dialect: String, _ id: String) throws -> [UInt8] {
    let line = try #require(Fixture.load(dialect).first { $0.id == id }, "\(id)")
    return try #require(line.request)
  }

  @Test func jbd() throws {
    let mode = JBD.factoryMode(Array("000000".utf8))
    let made: [(String, Request)] = [
      ("jbd-mos-0", JBD.switches(opensCharge: true, opensDischarge: false)),
      ("jbd-mos-1", JBD.switches(opensCharge: false, opensDischarge: false)),
      ("jbd-mos-2", JBD.switches(opensCharge: false, opensDischarge: true)),
      ("jbd-exit-factory", mode.leave), ("jbd-280ah-w06-3", mode.enter[0]),
      ("jbd-280ah-w00-7", mode.enter[1]), ("jbd-balancer-w1", JBD.writing(0x2D, [2])),
      ("jbd-balancer-w2", JBD.writing(0x2D, [6])),
    ]
    for (id, request) in made { #expect(request.bytes == (try self.request("jbd", id)), "\(id)") }
    let writes = Fixture.load("jbd").filter { $0.request?.dropFirst().first == 0x5A }
    #expect(writes.count == made.count)
  }

  @Test func daly() throws {
    let moment = ControlMoment([22, 12, 13, 21, 29, 39])
    let d2: UInt8 = 0xD2
    let made: [(String, String, [UInt8])] = [
      ("daly-a5", "daly-a5-tano14s-d8", DalyA5.encode(DalyA5.Command.finish)),
      ("daly-a5", "daly-a5-d9-discharge-on", DalyA5.order(0xD9, 1, [1]).bytes),
      ("daly-a5", "daly-a5-d9-discharge-off", DalyA5.order(0xD9, 1, [0]).bytes),
      ("daly-a5", "daly-a5-set-soc-30", DalyA5.clock(moment, .percent(30), 1).bytes),
      ("daly-d2", "daly-d2-hlk16s-write-cf-0", DalyModbus.writing(d2, 0xCF, 0)),
      ("daly-d2", "daly-d2-hlk16s-write-cf-1", DalyModbus.writing(d2, 0xCF, 1)),
      (
        "daly-d2", "daly-d2-hlk16s-write-rtc",
        DalyModbus.writing(d2, from: 0xD4, [0x180B, 0x0709, 0x341C])
      ),
      ("daly-d2", "daly-d2-write-a6-0", DalyModbus.writing(d2, 0xA6, 0)),
      ("daly-d2", "daly-d2-write-a5-1", DalyModbus.writing(d2, 0xA5, 1)),
      ("daly-d2", "daly-d2-doc-2", DalyModbus.writing(d2, 0x0C, 1)),
      ("daly-d2", "daly-d2-doc-3", DalyModbus.writing(d2, from: 0x0C, [1, 2])),
      ("daly-81", "daly-81-hlk16s-0f05", DalyModbus.writing(0x81, from: 0x0F05, [0, 0])),
      ("daly-81", "daly-81-bmstool-charge-MOS-on", DalyModbus.writing(0x81, 0x121, 1)),
      ("daly-81", "daly-81-bmstool-discharge-MOS-off", DalyModbus.writing(0x81, 0x122, 0)),
      ("daly-81", "daly-81-bmstool-balancing-on", DalyModbus.writing(0x81, 0xF6, 1)),
    ]
    for (dialect, id, bytes) in made {
      #expect(bytes == (try request(dialect, id)), "\(id)")
    }
  }

  @Test("The orders of the controls are those frames")
  func controls() throws {
    let reading = Reading()
    let moment = ControlMoment([22, 12, 13, 21, 29, 39])
    func bytes(_ dialect: String, _ order: ControlOrder) throws -> [UInt8] {
      let control = try #require(BatteryControl.of(dialect.utf8))
      guard
        case .requests(let requests, nil, _) = control.plan(order, .init(reading), at: moment)
      else { return [] }
      return requests[0].bytes
    }
    #expect(
      try bytes("daly-a5", .discharge(true)) == request("daly-a5", "daly-a5-d9-discharge-on"))
    #expect(try bytes("daly-a5", .charge(false)) == Hex.bytes("a540da080000000000000000c7".utf8))
    #expect(try bytes("daly-a5", .soc(.percent(30))) == request("daly-a5", "daly-a5-set-soc-30"))
    #expect(try bytes("daly-d2", .charge(true)) == request("daly-d2", "daly-d2-write-a5-1"))
    #expect(try bytes("daly-d2", .discharge(false)) == request("daly-d2", "daly-d2-write-a6-0"))
    #expect(try bytes("daly-d2", .soc(.percent(50))) == Hex.bytes("d20600a701f42b9d".utf8))
    #expect(
      try bytes("daly-d2", .balance(true)) == request("daly-d2", "daly-d2-hlk16s-write-cf-1"))
    #expect(
      try bytes("daly-81", .charge(true)) == request("daly-81", "daly-81-bmstool-charge-MOS-on"))
    #expect(
      try bytes("daly-81", .balance(true)) == request("daly-81", "daly-81-bmstool-balancing-on"))
  }
}
