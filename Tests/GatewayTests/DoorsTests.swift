// SPDX-License-Identifier: Apache-2.0
import Battery
import Gateway
import Links
import Machine
import Quantities
import TestKit
import Testing
import Wire

@Suite(
  "Several doors to one battery, and several batteries on one line, as the whole control path meets them"
)
struct DoorsTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func serial(_ name: String, address: UInt8? = nil) -> DoorSettings {
    var door = DoorSettings(
      dialect: "daly-a5", link: .serial(SerialSettings(path: scratch(name), baud: 9600)))
    door.address = address
    return door
  }

  private func battery(_ name: String, _ doors: [DoorSettings]) -> BatterySettings {
    var battery = BatterySettings(name: name, dialect: doors[0].dialect, link: doors[0].link)
    battery.door = doors[0]
    battery.others = Array(doors.dropFirst())
    battery.pollPeriod = 500
    battery.aging = 30_000
    return battery
  }

  @Test(
    "When the serial line is pulled the battery is read on its bus, and again by the line when that is well"
  )
  func fallsBack() throws {
    let line = try Boards([DalyBoard()], at: scratch("line"))
    var twin = DalyBoard()
    twin.soc = 600
    let bus = try Boards([twin], at: scratch("bus"), isBus: true)
    let onBus = DoorSettings(
      dialect: "daly-can", link: .slcan(SerialSettings(path: scratch("bus")), bitrate: 250_000))
    let stand = try LoopStand([battery("pack", [serial("line"), onBus])], in: scratch)
    stand.until("serial told") {
      $0[0].freshness == .fresh && $0[0].snapshot.reading.identity.serial != nil
    }
    #expect(stand.newest?.batteries[0].door == 1 && bus.ways.heard.isEmpty)
    line.change { $0.isUnplugged = true }
    stand.until("by the bus") { $0[0].door == 2 && $0[0].freshness == .fresh }
    #expect(stand.newest?.batteries[0].dialect == "daly-can")
    #expect(stand.newest?.batteries[0].snapshot.reading.soc == .micropercent(60_000_000))
    #expect(stand.says("it is read by daly-can on \(scratch("bus")) now"))
    // What the other door had told does not count any longer, unless this one tells it, too.
    stand.until("serial told here") { $0[0].snapshot.reading.identity.serial != nil }
    line.change { $0.isUnplugged = false }
    stand.until("by the line again") { $0[0].door == 1 && $0[0].freshness == .fresh }
    #expect(stand.newest?.batteries[0].snapshot.reading.soc == .micropercent(55_500_000))
    #expect(stand.newest?.batteries[0].snapshot.reading.identity.serial?.string == "DALY000001")
    #expect(stand.says("is well again: it is read by that"))
    stand.close()
    line.close()
    bus.close()
  }

  @Test(
    "Another battery behind the second door is not read, and that is said; readings grow old instead"
  )
  func stranger() throws {
    let line = try Boards([DalyBoard()], at: scratch("line"))
    var other = DalyBoard()
    other.serial = "OTHER00002"
    other.soc = 100
    let second = try Boards([other], at: scratch("second"))
    var pack = battery("pack", [serial("line"), serial("second")])
    pack.aging = 10_000
    let stand = try LoopStand([pack], in: scratch)
    stand.until("serial told") { $0[0].snapshot.reading.identity.serial != nil }
    line.change { $0.boards[0].isSilent = true }
    stand.until("seen") { $0[0].doors.count == 2 && $0[0].doors[1].difference != nil }
    var foreign = 0
    stand.until("stale") {
      if $0[0].snapshot.reading.soc != .micropercent(55_500_000) { foreign += 1 }
      return $0[0].freshness == .stale
    }
    #expect(foreign == 0)
    #expect(stand.newest?.batteries[0].door == 1)
    #expect(stand.says("another battery behind daly-a5 on \(scratch("second"))"))
    #expect(stand.says("its serial number is OTHER00002, not DALY000001"))
    stand.close()
    line.close()
    second.close()
  }

  @Test(
    "Two boards on one line are read in turn, each its own; one that falls silent does not hold the other up"
  )
  func sharedLine() throws {
    var (first, second) = (DalyBoard(), DalyBoard())
    first.serial = "FIRST"
    second.number = 2
    second.serial = "SECOND"
    second.cells = [3201, 3202, 3203, 3204, 3205]
    second.decivolts = 160
    second.soc = 321
    let line = try Boards([first, second], at: scratch("line"))
    let stand = try LoopStand(
      [battery("a", [serial("line", address: 1)]), battery("b", [serial("line", address: 2)])],
      in: scratch)
    stand.until("both fresh and known") {
      $0.allSatisfy {
        $0.freshness == .fresh && $0.snapshot.reading.identity.serial != nil && $0.liveReadings > 3
      }
    }
    let readings = stand.newest?.batteries.map(\.snapshot.reading) ?? []
    #expect(readings.map(\.identity.serial?.string) == ["FIRST", "SECOND"])
    #expect(readings.map(\.cells.count) == [4, 5])
    #expect(readings[1].cells[0] == .millivolts(3201))
    #expect(readings.map(\.soc) == [.micropercent(55_500_000), .micropercent(32_100_000)])
    // Nobody was asked while another was still to answer: all that was sent are whole questions.
    let heard = line.ways.heard
    #expect(heard.count % 13 == 0)
    for start in stride(from: 0, to: heard.count, by: 13) { #expect(heard[start] == 0xA5) }
    line.change { $0.boards[1].isSilent = true }
    stand.until("the second ages") { $0[1].freshness >= .aging }
    let before = stand.newest?.batteries[0].liveReadings ?? 0
    stand.until("the first goes on") { $0[0].liveReadings > before + 10 }
    line.change { $0.boards[1].isSilent = false }
    stand.until("the second is back") { $0[1].freshness == .fresh }
    line.change { $0.isUnplugged = true }
    stand.until("both know") { $0.allSatisfy { $0.linkFault != nil } }
    line.change { $0.isUnplugged = false }
    let again = stand.newest?.batteries.map(\.liveReadings) ?? []
    stand.until("both are back") { views in
      zip(views, again).allSatisfy { $0.linkFault == nil && $0.liveReadings > $1 }
    }
    stand.close()
    line.close()
  }

  @Test("On a line where another host asks, both batteries are understood and not a byte is sent")
  func listens() throws {
    var second = DalyBoard()
    second.number = 2
    second.soc = 321
    let line = try Boards([DalyBoard(), second], at: scratch("line"))
    line.change { $0.isLed = true }
    var doors = [serial("line", address: 1), serial("line", address: 2)]
    for index in doors.indices { doors[index].isListening = true }
    let stand = try LoopStand([battery("a", [doors[0]]), battery("b", [doors[1]])], in: scratch)
    stand.until("both") { $0.allSatisfy { $0.freshness == .fresh && $0.liveReadings > 2 } }
    let readings = stand.newest?.batteries.map(\.snapshot.reading) ?? []
    #expect(readings.map(\.soc) == [.micropercent(55_500_000), .micropercent(32_100_000)])
    #expect(readings[0].cells[3] == .millivolts(3304))
    line.change { $0.isLed = false }
    stand.until("silence is noticed") { $0.allSatisfy { $0.freshness >= .aging } }
    #expect(line.ways.heard.isEmpty)
    stand.close()
    line.close()
  }
}
