// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@Suite("The dictionaries")
struct DictionaryTests {
  @Test("Every point has a name of its own, a meaning and the unit that its name ends in")
  func points() {
    var names: Set<String> = []
    for point in Point.allCases {
      let name = "\(point.name)"
      #expect(names.insert(name).inserted, "\(name) stands twice")
      #expect(Point(name: name.utf8) == point)
      #expect("\(point.entry.meaning)".hasSuffix("."))
      let suffix: String? =
        switch point.kind {
        case .cellVoltage, .voltage: "_v"
        case .current: "_a"
        case .power: "_w"
        case .temperature: "_c"
        case .percent: "_pct"
        case .charge: "_ah"
        case .energy: "_wh"
        case .seconds: "_s"
        case .count, .cycles, .flag: nil
        }
      if let suffix { #expect(name.hasSuffix(suffix), "\(name)") }
    }
    #expect(Point.allCases.count == Point.count)
    #expect(Point(name: "voltage".utf8) == nil)
  }

  @Test("Every alarm has a name of its own and a place in the set")
  func alarms() {
    var all: AlarmSet = []
    var names: Set<String> = []
    for alarm in Alarm.allCases {
      #expect(names.insert("\(alarm.name)").inserted)
      #expect(Alarm(name: "\(alarm.name)".utf8) == alarm)
      #expect(!all.has(alarm))
      all.formUnion(AlarmSet(alarm))
    }
    #expect(all.list == Alarm.allCases)
  }

  @Test("A reading keeps what it is told and nothing else")
  func reading() {
    for point in Point.allCases {
      var reading = Reading()
      #expect(!reading.hasValues)
      reading[point] = -7
      #expect(Point.allCases.filter { reading[$0] != nil } == [point])
      reading[point] = nil
      #expect(!reading.hasValues)
    }
  }

  @Test("Cells beyond the room or the scale are not kept")
  func cellBounds() {
    var cells = Cells()
    cells.append(CellVoltage(raw: -1))
    cells.append(CellVoltage(raw: 65_536))
    #expect(cells.count == 0)
    #expect(cells.extremes == nil)
    for _ in 0..<60 { cells.append(.millivolts(3300)) }
    #expect(cells.count == Cells.capacity)
    #expect(cells.sum == .millivolts(3300 * 48))
  }

  @Test("A label is printable, short and without blanks at its end")
  func labels() {
    #expect(Label("PYLON   ".utf8).string == "PYLON")
    #expect(Label([0x52, 0x45, 0x43, 0, 0x41]).string == "REC")
    #expect(Label([0x07, 0x41, 0xFF, 0x42]).string == "AB")
    #expect(Label(String(repeating: "x", count: 99).utf8).count == 32)
    #expect(Label("Cellbus" as StaticString) == Label("Cellbus".utf8))
  }
}
