// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing
import Text

@Suite("Readings as JSON")
struct ReadingJSONTests {
  private func text(_ reading: Reading) -> String {
    var writer = JSONWriter()
    writer.object { $0.fields(of: reading) }
    return writer.text
  }

  @Test("Names and units are those of the dictionary, and what is absent is not there")
  func names() {
    var reading = Reading()
    reading[.voltage] = 55_780
    reading[.soc] = 83_554_824
    reading[.chargeEnabled] = 0
    reading[.cellCount] = 14
    reading.cells.append(.decimillivolts(39_800))
    reading.temperatures.append(.decidegrees(97))
    reading.temperatures.append(nil)
    reading.reportsAlarms = true
    reading.warnings = .of(.cellImbalance)
    reading.identity.serial = Label("A\"1")
    #expect(
      text(reading)
        == #"{"voltage_v":55.78,"soc_pct":83.554824,"cell_count":14,"charge_enabled":false,"cell_voltages_v":[3.98],"#
        + #""temperatures_c":[9.7,null],"alarms":[],"warnings":["cell_imbalance"],"serial":"A\"1"}"#
    )
    #expect(text(Reading()) == "{}")
  }

  @Test("What was written is read back to the last digit")
  func roundTrip() throws {
    var state: UInt64 = 7
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16
    }
    for _ in 0..<500 {
      var reading = Reading()
      for point in Point.allCases where next() % 2 == 0 {
        reading[point] =
          point.kind == .flag ? Int64(next() % 2) : Int64(next() % 2_000_000_000) - 1_000_000_000
      }
      for _ in 0..<next() % 17 { reading.cells.append(CellVoltage(raw: Int32(next() % 50_000))) }
      for _ in 0..<next() % 5 {
        reading.temperatures.append(
          next() % 4 == 0 ? nil : Temperature(raw: Int32(next() % 9000) - 4000))
      }
      reading.reportsAlarms = true
      reading.alarms = AlarmSet(rawValue: next() & (1 << UInt64(Alarm.allCases.count) - 1))
      let back = try Reading(json: JSON5Reader.read(text(reading), as: .json))
      #expect(text(back) == text(reading), "seed 7")
    }
  }

  @Test(
    "A value of the wrong kind is a fault with its place",
    arguments: [
      #"{"voltage_v":"52"}"#, #"{"alarms":["fire"]}"#, #"{"cell_voltages_v":[true]}"#,
      #"{"charge_enabled":1}"#, "[]",
    ])
  func faults(document: String) throws {
    let value = try JSON5Reader.read(document, as: .json)
    #expect(throws: JSONError.self) { try Reading(json: value) }
  }
}
