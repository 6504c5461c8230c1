// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@testable import History

@Suite struct StoreTests {
  @Test func `what was appended is there, in the tail and in blocks`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 200, seed: 1)
    for second in stride(from: 0, to: 200, by: 5) {
      try store.append(Array(records[second..<second + 5]), at: moment(Int64(second + 5) * 1000))
    }
    #expect(try store.all() == records)
    let blocks = try store.connection.number("SELECT count(*) FROM block")
    #expect(blocks == 3, "three minutes of three and a third are over")
    let open = try store.reader.tail(battery: 1).count
    #expect(open == 20)
  }

  @Test func `a run packs what the last one left open`() throws {
    let folder = try Folder()
    let records = house(seconds: 100, seed: 2)
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    try store?.append(records, at: moment(100_000))
    store = nil
    let next = try HistoryStore(path: folder.path(), at: moment(110_000))
    #expect(try next.connection.number("SELECT count(*) FROM tail") == 0)
    #expect(try next.all() == records)
    #expect(next.setAside == nil)
  }

  @Test func `runs have numbers that only grow`() throws {
    let folder = try Folder()
    var last: Int64 = 0
    // The clock of a machine without a battery of its own begins anew at each start.
    for wall in [epoch, epoch + 60_000, 0, 0, epoch] {
      let store = try HistoryStore(path: folder.path(), at: Moment(moment(0).monotonic, wall: wall))
      #expect(store.boot > last)
      last = store.boot
    }
    #expect(last > epoch / 1000)
  }

  @Test func `a repeated record is not stored twice`() throws {
    let folder = try Folder()
    let records = house(seconds: 150, seed: 3)
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    #expect(try store?.append(Array(records[..<140]), at: moment(140_000)) == 140)
    #expect(try store?.append(records, at: moment(150_000)) == 10)
    #expect(store?.repeated == 140)
    #expect(try store?.append([records[149], records[149]], at: moment(150_000)) == 0)
    store = nil
    let next = try HistoryStore(path: folder.path(), at: moment(160_000), boot: 1)
    #expect(try next.append(records, at: moment(160_000)) == 0)
    #expect(try next.all() == records)
  }

  @Test func `records before an event come late and find their place`() throws {
    let folder = try Folder()
    let records = house(seconds: 1000, seed: 4, interval: 250)
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    // One of four at once, the others ten seconds later, over the end of a minute.
    let early = records.filter { $0.sequence % 4 == 0 }
    var late = records.filter { $0.sequence % 4 != 0 }
    for record in early {
      let due = late.prefix { record.moment.monotonic - $0.moment.monotonic >= 10_000 }
      late.removeFirst(due.count)
      try store.append([record] + due, at: record.moment)
    }
    try store.append(late, at: moment(250_000))
    #expect(try store.all() == records)
    #expect(store.repeated == 0)
  }

  @Test func `two batteries do not mix`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let garage = try store.battery(named: "garage")
    let boat = try store.battery(named: "boat")
    #expect(garage != boat)
    #expect(try store.battery(named: "garage") == garage)
    let first = house(seconds: 90, seed: 5, battery: garage)
    let second = house(seconds: 90, seed: 6, battery: boat)
    try store.append(first + second, at: moment(90_000))
    #expect(try store.all(battery: garage) == first)
    #expect(try store.all(battery: boat) == second)
    #expect(try store.reader.batteries().map(\.name) == ["garage", "boat"])
  }

  @Test func `an idle battery's minute is packed too`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    try store.append([plain(1)], at: moment(1000))
    try store.append([], at: moment(50_000))
    #expect(try store.connection.number("SELECT count(*) FROM block") == 0)
    try store.append([], at: moment(77_000))
    #expect(try store.connection.number("SELECT count(*) FROM block") == 1)
    #expect(try store.all() == [plain(1)])
  }

  @Test func `a clock that is set makes no record vanish`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    var records = house(seconds: 400, seed: 7)
    for index in records.indices {
      // An hour back, then two days forward, then seconds to and fro.
      let shift: Int64 = index < 100 ? 0 : index < 200 ? -3_600_000 : 172_800_000
      records[index].moment.wall += shift + (index > 300 && index % 2 == 0 ? 70_000 : 0)
    }
    for record in records { try store.append([record], at: record.moment) }
    #expect(try store.all() == records)
  }

  @Test func `counters survive, also when their records are gone`() throws {
    let folder = try Folder()
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 130, seed: 8)
    try store?.append(records, at: moment(130_000))
    let last = try store?.reader.last(.energyDischarged, battery: 1)
    #expect(last?.value == records.last?[.energyDischarged])
    store = nil
    let next = try HistoryStore(path: folder.path(), at: moment(140_000))
    try next.connection.run("DELETE FROM block; DELETE FROM rollup")
    let kept = try next.reader.last(.energyDischarged, battery: 1)
    #expect(kept?.value == records.last?[.energyDischarged])
    #expect(kept?.wall == records.last?.moment.wall)
    #expect(try next.reader.last(.timeToFull, battery: 1) == nil)
    #expect(try next.reader.last(.energyDischarged, battery: 2) == nil)
  }

  @Test func `events are told newest first and only once`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let raised = Event(
      .alarmRaised, battery: 1, boot: 1, sequence: 5, at: moment(5000),
      code: Int64(Alarm.cellOvervoltage.rawValue))
    let mode = Event(
      .mode, battery: 1, boot: 1, sequence: 6, at: moment(6000), code: 3, previous: 0)
    try store.append([], events: [raised, mode], at: moment(6000))
    try store.append([], events: [raised, mode], at: moment(7000))
    #expect(try store.reader.events(battery: 1).map(\.kind) == [.mode, .alarmRaised, .started])
    #expect(try store.reader.events(battery: 2).map(\.kind) == [.started])
    #expect(try store.reader.events(from: epoch + 5000, limit: 1) == [mode])
    #expect(raised.description == "alarm cell_overvoltage raised")
    #expect(mode.description == "mode FLOAT, was BULK")
    try store.close(at: moment(8000))
    #expect(try store.reader.events().first?.kind == .stopped)
  }
}
