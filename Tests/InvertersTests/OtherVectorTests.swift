// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Testing
import Wire

@Suite("Frames of the other languages") struct OtherVectorTests {
  /// What is said beyond what the lines list: fields that they leave out.
  static let further: Set = [
    "warnings", "soh_pct", "general_alarm", "general_warning", "system_online", "temp_min_c",
    "temp_max_c", "nominal_ah", "product_id", "full_charge_requested", "force_charge", "firmware",
    "modules_blocking_charge", "modules_blocking_discharge", "modules_offline", "cell_temp_min_id",
    "cell_temp_max_id", "protocol_version", "soc_hires_pct", "installed_ah",
  ]

  @Test func allLinesAreThere() {
    let count = { (name: String) in Vector.others.count { $0.dialect == name } }
    #expect(count("pylontech-can") == 6)
    #expect(count("sma-can") == 1)
    #expect(count("discover-can") == 1)
    #expect(Vector.others.count == 8)
  }

  @Test("each line says what its source says", arguments: Vector.others.map(\.vector.id))
  func explains(_ id: String) throws {
    let (name, vector) = try #require(Vector.others.first { $0.vector.id == id })
    let dialect = try #require(InverterDialect.named(name))
    let exchange = dialect.explain(vector.frames)
    #expect(exchange.error == nil)
    #expect(exchange.series.isEmpty)
    let whole = exchange.whole.plain
    for (key, value) in vector.expected {
      #expect(whole[key] == VectorTests.mapped(value), "\(key)")
    }
    let more = Set(whole.keys).subtracting(vector.expected.keys)
    #expect(more.isSubset(of: Self.further), "\(more.subtracting(Self.further))")
  }

  @Test func anotherDialectReadsTheSameIdentifiersOtherwise() throws {
    let frame = try #require(CANFrame(text: Array("356#0A0211FFBE000000".utf8)))
    func voltage(_ dialect: InverterDialect) -> Plain? {
      dialect.explain([frame]).whole.plain["voltage_v"]
    }
    #expect(voltage(.discover) == .number(52.2))
    #expect(voltage(.victron) == .number(5.22))
    let modules = try #require(CANFrame(text: Array("372#00000002".utf8)))
    #expect(InverterDialect.discover.explain([modules]).whole.plain["modules_online"] == nil)
  }

  @Test("0x370 and 0x371 hold extremes or a name, in every language that has them")
  func clash() {
    for dialect in [InverterDialect.victron, .pylontech] {
      func read(_ texts: String...) -> [String: Plain] {
        dialect.explain(texts.compactMap { CANFrame(text: Array($0.utf8)) }).whole.plain
      }
      let extremes = read("370#76006C00CF0CCA0C", "371#0401020206020402")
      #expect(extremes["model"] == nil)
      #expect(extremes["cell_max_v"] == .number(3.279))
      #expect(extremes["cell_min_v"] == .number(3.274))
      #expect(extremes["temp_max_c"] == .number(11.8))
      #expect(extremes["temp_min_c"] == .number(10.8))
      #expect(extremes["cell_max_id"] == .text("0206"))
      #expect(extremes["cell_min_id"] == .text("0204"))
      let name = read("370#43414E2D534D4152", "371#54424D532D424154")
      #expect(name["model"] == .text("CAN-SMARTBMS-BAT"))
      #expect(name["cell_max_v"] == nil)
    }
  }

  @Test func plainBitsOf359AreReadEach() throws {
    let bits: [(byte: Int, bit: UInt8, Alarm)] = [
      (0, 1, .packOvervoltage), (0, 2, .packUndervoltage), (0, 3, .overtemperature),
      (0, 4, .undertemperature), (0, 7, .dischargeOvercurrent), (1, 0, .chargeOvercurrent),
      (1, 3, .internalFault),
    ]
    #expect(bits.count == PylontechFlag.allCases.count)
    for (byte, bit, alarm) in bits {
      for isWarning in [false, true] {
        var payload: [UInt8] = [0, 0, 0, 0, 1, 0x50, 0x4E]
        payload[byte + (isWarning ? 2 : 0)] = 1 << bit
        var said = InverterReading()
        try Pylontech.decode(CANFrame(id: 0x359, payload), into: &said)
        #expect(said.reading.alarms == (isWarning ? [] : AlarmSet(alarm)))
        #expect(said.reading.warnings == (isWarning ? AlarmSet(alarm) : []))
        #expect(said.moduleCount == 1)
      }
    }
  }

  @Test func requestsOf35CAreReadEach() throws {
    for bit in UInt8(3)...7 {
      var said = InverterReading()
      try Pylontech.decode(CANFrame(id: 0x35C, [1 << bit]), into: &said)
      #expect(said.reading[.chargeEnabled] == (bit == 7 ? 1 : 0))
      #expect(said.reading[.dischargeEnabled] == (bit == 6 ? 1 : 0))
      #expect(said.forceCharge == (bit == 5 || bit == 4))
      #expect(said.fullChargeRequested == (bit == 3))
    }
  }

  @Test func aSunnyIslandIsRead() throws {
    // 52.4 V, charging with 3.0 A, 21.5 °C, 67.8 %; 98 %, mode 10, operating, no error, 55.2 V.
    var said = InverterReading()
    for text in ["305#0C02E2FFD700A602", "306#62000A0100002802", "307#0500"] {
      let frame = try #require(CANFrame(text: Array(text.utf8)))
      try SMA.decode(frame, into: &said)
    }
    #expect(said.isFromInverter && !said.reading.hasValues && said.keepAlive == nil)
    #expect(said.inverter.voltage == .decivolts(524))
    #expect(said.inverter.current == .deciamperes(30))
    #expect(said.inverter.temperature == .decidegrees(215))
    #expect(said.inverter.soc == .centipercent(6780))
    #expect(said.inverter.soh == .percent(98))
    #expect(said.inverter.chargingMode == 10 && said.inverter.operatingState == 1)
    #expect(said.inverter.error == 0)
    #expect(said.inverter.chargeVoltage == .decivolts(552))
    #expect(said.inverter.relays == 5)
  }

  @Test func aSunnyIslandsBusHasNothingElse() throws {
    for id in [UInt32(0x359), 0x35C, 0x360, 0x370, 0x373, 0x382] {
      var said = InverterReading()
      #expect(throws: WireError.notAReading) {
        try SMA.decode(CANFrame(id: id, [1, 2, 3, 4, 5, 6, 7, 8]), into: &said)
      }
    }
  }
}
