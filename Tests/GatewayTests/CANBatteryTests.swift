// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import TestKit
import Testing
import Wire

@Suite("Batteries on a CAN bus, behind an adapter on a pseudo-terminal")
struct CANBatteryTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func battery(_ name: String = "pack") -> BatterySettings {
    var battery = BatterySettings(
      name: name, dialect: "daly-can",
      link: .slcan(SerialSettings(path: scratch("tty")), bitrate: 250_000))
    battery.pollPeriod = 100
    return battery
  }

  @Test(
    "A board is read; what others send on the bus is not heard, nor one's own from an adapter that echoes"
  )
  func reads() throws {
    let boards = try Boards([DalyBoard()], at: scratch("tty"), isBus: true)
    boards.change { $0.echoes = true }
    let stand = try LoopStand([battery()], in: scratch)
    stand.until("fresh") { $0[0].freshness == .fresh && $0[0].liveReadings > 2 }
    let reading = stand.newest?.batteries[0].snapshot.reading
    #expect(reading?.voltage == .decivolts(132))
    #expect(reading?.soc == .micropercent(55_500_000))
    for index in 0..<4 { #expect(reading?.cells[index] == .millivolts(3301 + index)) }
    stand.until("serial") { $0[0].snapshot.reading.identity.serial?.string == "DALY000001" }
    // The opening of an adapter names 250 kbit/s; a board of another number says nothing to us.
    #expect(String(decoding: boards.ways.heard, as: UTF8.self).hasPrefix("\r\rC\rS5\rO\r"))
    let wrong: [UInt8] = [0, 1, 0, 0, 0x75, 0x30, 0, 1]
    boards.change {
      $0.strangers = [
        CANFrame(id: 0x1890_4002, isExtended: true, wrong), CANFrame(id: 0x351, wrong),
        CANFrame(id: 0x1890_0140, isExtended: true, wrong),
      ]
    }
    let before = stand.newest?.batteries[0].liveReadings ?? 0
    stand.until("more") { $0[0].liveReadings > before + 3 }
    #expect(stand.newest?.batteries[0].snapshot.reading.voltage == .decivolts(132))
    #expect((stand.newest?.batteries[0].counters.framesIn ?? 0) > 20)
    #expect(stand.newest?.batteries[0].statistics.badChecksums == 0)
    stand.close()
    boards.close()
  }

  @Test("An adapter that is pulled out is opened again, and what was known ages meanwhile")
  func reconnects() throws {
    let boards = try Boards([DalyBoard()], at: scratch("tty"), isBus: true)
    let stand = try LoopStand([battery()], in: scratch)
    stand.until("fresh") { $0[0].freshness == .fresh }
    boards.change { $0.isUnplugged = true }
    stand.until("down") { $0[0].linkFault != nil }
    stand.until("aging") { $0[0].freshness == .aging }
    boards.change { $0.isUnplugged = false }
    stand.until("fresh again") { $0[0].freshness == .fresh && $0[0].linkFault == nil }
    #expect((stand.newest?.batteries[0].counters.reopens ?? 0) >= 1)
    stand.close()
    boards.close()
  }

  @Test("An interface that is not there is said as it is for an inverter")
  func absent() throws {
    var battery = battery()
    battery.link = .can("nocan9")
    let stand = try LoopStand([battery], in: scratch)
    stand.until("fault") { $0[0].linkFault?.hasPrefix("nocan9: ") == true }
    stand.close()
  }
}
