// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Dialects

/// What is special about JK boards: three forms of frames, and a stream behind eight bits of checksum.
struct JKTests {
  static let lines = Fixture.load("jk-ble")
  /// The lines that are one whole frame of a kind.
  static func frames(_ kind: UInt8) -> [Fixture] {
    lines.filter { line in
      let bytes = Array(line.chunks.joined())
      return !line.saysNo && bytes.count >= 300 && bytes[0] == 0x55 && bytes[4] == kind
    }
  }

  static func frame(_ id: String) throws -> [UInt8] {
    let line = try #require((lines + Fixture.load("jk-pb")).first { $0.id == id })
    return Array(line.chunks.joined().prefix(300))
  }

  /// The form that the collection names for each captured frame.
  @Test(arguments: frames(JK.Kind.cells))
  func everyFrameOfCellsHasOneForm(_ line: Fixture) throws {
    let frame = JKFrame(Array(line.chunks.joined()))
    let layout = try #require(JKLayout.recognize(frame))
    let id = line.id
    let isFirst = id.hasPrefix("jk04") || id.contains("jk04-") || id.contains("b2a16s-cell")
    let is24 =
      id.hasPrefix("jk24") || id.contains("jk02-") || id.contains("bd6a24s10p")
      || id == "jk-aio-b2a20s20p-cell"
    #expect(layout == (isFirst ? .jk04 : is24 ? .jk24 : .jk32))
  }

  @Test func aBoardsOwnAccountTellsItsForm() {
    let boards: [(String, String, JKLayout?)] = [
      ("JK-B2A16S", "3.3.0", .jk04), ("JK-B5A24S", "8.0.3M", .jk04),
      ("JK-BD6A24S10P", "8.0.6G", .jk24), ("JK-B2A24S20P", "10.07", .jk24),
      ("JK_B2A8S20P", "11.17", .jk32), ("JK_PB2A16S15P", "14.20", .jk32),
      ("JK_B2A8S30P", "19.04", .jk32), ("JK", "V19H", nil), ("", "", nil),
    ]
    for (model, software, layout) in boards {
      #expect(JKLayout(model: model.utf8, software: software.utf8) == layout, "\(model)")
    }
  }

  /// The same number means different things to boards of 24 and of 32 cells.
  @Test func nothingIsWrittenBeforeTheFormIsKnown() throws {
    var facts = Facts()
    func write(_ name: String, _ raw: Int64) throws(JKRefusal) -> [UInt8] {
      try JKWrite(name, raw, knowing: facts).request.bytes
    }
    #expect(throws: JKRefusal.layoutUnknown) { try write("cell_ovp_v", 3650) }
    facts[JKBLE.Slot.told] = Int64(JKLayout.jk24.rawValue)
    #expect(throws: JKRefusal.layoutUnknown) { try write("cell_ovp_v", 3650) }
    facts[JKBLE.Slot.seen] = Int64(JKLayout.jk32.rawValue)
    #expect(throws: JKRefusal.layoutUnknown) { try write("cell_ovp_v", 3650) }
    facts[JKBLE.Slot.seen] = Int64(JKLayout.jk24.rawValue)
    #expect(try write("scp_delay_us", 1500)[4] == 0x25)
    #expect(try write("balance_start_v", 3400)[4] == 0x26)
    #expect(throws: JKRefusal.notThere) { try write("precharge_time_s", 5) }
    facts[JKBLE.Slot.told] = Int64(JKLayout.jk32.rawValue)
    facts[JKBLE.Slot.seen] = Int64(JKLayout.jk32.rawValue)
    #expect(try write("scp_delay_us", 1500)[4] == 0x21)
    #expect(try write("balance_start_v", 3400)[4] == 0x22)
    #expect(try write("precharge_time_s", 5)[4] == 0x25)
    #expect(throws: JKRefusal.outside) { try write("cell_ovp_v", 5000) }
    #expect(throws: JKRefusal.outside) { try write("heating_start_c", 200) }
    #expect(throws: JKRefusal.notThere) { try write("smart_sleep_v", 3500) }
    #expect(throws: JKRefusal.notThere) { try write("control_bits", 1) }
    #expect(throws: JKRefusal.notThere) { try write("no_such_setting", 1) }
  }

  /// What the maker's program sent, as the logs in syssi/esphome-jk-bms have it.
  @Test(arguments: [
    ("cell_uvp_v", 3500, 0x02, "ac0d0000"), ("cell_ovp_v", 4200, 0x04, "68100000"),
    ("balance_trigger_v", 100, 0x06, "64000000"), ("power_off_v", 3400, 0x0B, "480d0000"),
    ("max_charge_a", 3000, 0x0C, "b80b0000"), ("charge_ocp_delay_s", 40, 0x0D, "28000000"),
    ("discharge_ocp_delay_s", 300, 0x10, "2c010000"), ("scp_release_s", 70, 0x12, "46000000"),
    ("max_balance_a", 300, 0x13, "2c010000"), ("charge_otp_c", 660, 0x14, "94020000"),
    ("charge_utp_c", -220, 0x18, "24ffffff"), ("charge_utp_release_c", -90, 0x19, "a6ffffff"),
    ("mos_otp_release_c", 780, 0x1B, "0c030000"), ("cell_count", 6, 0x1C, "06000000"),
    ("nominal_ah", 14_000, 0x20, "b0360000"), ("scp_delay_us", 2000, 0x21, "d0070000"),
    ("balance_start_v", 4100, 0x22, "04100000"), ("precharge_time_s", 4, 0x25, "04000000"),
  ])
  func writesAreThoseOfTheMakersProgram(
    _ name: String, _ raw: Int64, _ code: UInt8, _ value: String
  ) throws {
    let bytes = try JKWrite(name, raw, on: .jk32).request.bytes
    #expect(bytes.count == 20 && bytes[4] == code && bytes[5] == 4)
    #expect(Hex.string(Array(bytes[6..<10]).span).lowercased() == value)
    #expect(JK.command(bytes.span)?.register == code)
  }

  /// The captured writes to a board of the first form, but for the random bytes behind the value.
  @Test(arguments: lines.filter { $0.id.hasPrefix("jk-write-jk04") })
  func writesOfTheFirstFormAreThoseCaptured(_ line: Fixture) throws {
    let request = try #require(line.request)
    let setting = try #require(JK04.settings.first { $0.code == request[4] })
    let length = Int(request[5])
    let raw = try #require(setting.raw(Array(request[6..<6 + length])))
    let bytes = try JKWrite("\(setting.row.name)", raw, on: .jk04).request.bytes
    #expect(Array(bytes[..<6]) == Array(request[..<6]))
    if setting.row.name.hasBytes("adc_vref".utf8) { return }
    #expect(Array(bytes[6..<6 + length]) == Array(request[6..<6 + length]))
  }

  /// No board acknowledges a write: only the next settings tell.
  @Test func aWriteIsConfirmedByTheNextSettings() throws {
    let settings = try Self.frame("jk32s-issue377-settings")
    #expect(try JKWrite("cell_ovp_v", 3650, on: .jk32).isTaken(settings) == true)
    #expect(try JKWrite("cell_ovp_v", 3600, on: .jk32).isTaken(settings) == false)
    #expect(try JKWrite("charge_utp_c", -100, on: .jk32).isTaken(settings) == true)
    #expect(try JKWrite("discharge_utp_c", -1, on: .jk32).isTaken(settings) == false)
    #expect(try JKWrite("charge_switch", 1, on: .jk32).isTaken(settings) == true)
    let cells = try Self.frame("jk32s-issue377-cell")
    #expect(try JKWrite("cell_ovp_v", 3650, on: .jk32).isTaken(cells) == nil)
    var damaged = settings
    damaged[18] ^= 1
    #expect(try JKWrite("cell_ovp_v", 3650, on: .jk32).isTaken(damaged) == nil)
    #expect(try JKWrite("power_off_v", 3000, on: .jk04).isTaken(settings) == nil)
    let first = try Self.frame("jk-b2a16s-settings-0")
    #expect(try JKWrite("power_off_v", 3000, on: .jk04).isTaken(first) == true)
    #expect(try JKWrite("power_off_v", 3100, on: .jk04).isTaken(first) == false)
    #expect(try JKWrite("cell_uvp_v", 3000, on: .jk32).isTaken(first) == nil)
  }

  /// The device frame holds two passwords in clear.
  @Test(arguments: frames(JK.Kind.device))
  func passwordsAreNeverTold(_ line: Fixture) {
    let frame = JKFrame(Array(line.chunks.joined()))
    let secrets = [frame.text(62, 16), frame.text(118, 16)].map {
      String(decoding: $0, as: UTF8.self)
    }
    let exchange = Dialect.jkBLE(DialectOptions()).explain(line.request, line.chunks)
    for entry in exchange.exchange + exchange.whole.details {
      guard case .text(let text) = entry.value else { continue }
      for secret in secrets where !secret.isEmpty { #expect(!text.contains(secret)) }
    }
  }

  @Test func aReminderIsNoAlarm() {
    var reading = Reading()
    JKAlarms.place(1 << 19 | 1 << 18 | 1 << 28, .jk32, &reading)
    #expect(reading.alarms == [] && reading.warnings == [] && reading.reportsAlarms)
    JKAlarms.place(1 << 4, .jk32, &reading)
    #expect(reading.alarms == .of(.cellOvervoltage))
    JKAlarms.place(1 << 16, .jk24, &reading)
    #expect(reading.alarms == [])
    JKAlarms.place(1 << 11 | 1 << 12, .jk24, &reading)
    #expect(reading.alarms == .of(.cellUndervoltage, .packUndervoltage))
  }

  /// Places of further sensors read 0 on boards that have none; on one of the PB series that is 0 °C.
  @Test func furtherSensorsAreThoseOfPBBoards() throws {
    var bytes = try Self.frame("jk32s-pb-v15-cell")
    for offset in 256..<260 { bytes[offset] = 0 }
    var plain = Reading()
    var known = Reading()
    try JKCells.place(JKFrame(bytes), .jk32, &plain)
    try JKCells.place(JKFrame(bytes), .jk32, hasMoreSensors: true, &known)
    #expect(plain.temperatures.count == 2)
    #expect(known.temperatures.count == 4 && known.temperatures[3] == .zero)
    var told = Reading()
    try JKCells.place(JKFrame(try Self.frame("jk32s-pb-v15-cell")), .jk32, &told)
    #expect(told.temperatures.count == 4 && told.temperatures[2] == .decidegrees(131))
    let absent = try Self.frame("jk32s-issue377-cell")
    var none = Reading()
    try JKCells.place(JKFrame(absent), .jk32, hasMoreSensors: true, &none)
    #expect(none.temperatures.count == 2)
  }

  @Test func whatABoardOf24CellsDoesNotHaveIsNotTold() throws {
    let frame = JKFrame(try Self.frame("jk24s-batmon-8s-settings"))
    let names = JKSettings.registers(frame, .jk24).map { "\($0.row.name)" }
    #expect(names.contains("cell_ovp_v") && names.contains("balance_start_v"))
    #expect(!names.contains("sleep_delay_h") && !names.contains("address"))
    let later = JKFrame(try Self.frame("jk-bt-hci-settings-0"))
    let told = JKSettings.registers(later, .jk32)
    #expect(told.first { $0.row.name.hasBytes("sleep_delay_h".utf8) }?.raw == 24)
    #expect(told.first { $0.row.name.hasBytes("heating_start_c".utf8) }?.raw == 60)
    #expect(told.first { $0.row.name.hasBytes("address".utf8) }?.raw == 1)
  }

  @Test func aCurrentCanBeTurned() throws {
    let bytes = try Self.frame("jk32s-pb-v15-cell")
    for (inverts, current) in [(false, Int64(31_881)), (true, -31_881)] {
      var facts = Facts()
      var reading = Reading()
      try JKBLE.read(bytes.span, nil, &facts, &reading, inverts: inverts)
      #expect(reading[.current] == current)
    }
  }

  @Test func sharesAbove100AreRefused() throws {
    let good = JKFrame(try Self.frame("jk32s-pb-v15-cell"))
    for offset in [173, 190] {
      var bytes = good.bytes
      bytes[offset] = 101
      var reading = Reading()
      #expect(throws: WireError.self) { try JKCells.place(JKFrame(bytes), .jk32, &reading) }
    }
  }

  /// The values of Modbus lie at the same distances, high byte first.
  @Test func aFrameReadsEitherOrderOfBytes() {
    let block: [UInt8] = [0x0D, 0x05, 0xFF, 0xFF, 0xFF, 0x9C]
    let frame = JKFrame(block, at: 98, isBigEndian: true)
    #expect(frame.word(98) == 3333 && frame.signedDouble(100) == -100)
    #expect(frame.double(98) == 0x0D05_FFFF && frame.byte(104) == 0)
    #expect(JKFrame(block, at: 98).word(98) == 0x050D)
    #expect(JKFrame(block, at: 298).bytes.count == JKFrame.length)
  }

  @Test func datesOfDigits() {
    #expect(DateText.digits("2204".utf8) == "2022-04")
    #expect(DateText.digits("220511".utf8) == "2022-05-11")
    for none in ["", "22", "221", "22x5", "2213", "22051199"] {
      #expect(DateText.digits(none.utf8) == nil)
    }
  }

  /// Damage that eight bits of sum let pass is found where cells, average and pack disagree.
  @Test func cellsThatDoNotBelongTogetherAreRefused() throws {
    for (id, voltage, average) in [
      ("jk32s-pb-v15-cell", 150, 74), ("jk24s-batmon-8s-cell", 118, 58),
    ] {
      let good = try Self.frame(id)
      for (offset, step) in [(7, UInt8(2)), (voltage + 1, 40), (average + 1, 1), (6, 0x80)] {
        var bytes = good
        bytes[offset] &+= step
        bytes[200] &-= step
        var facts = Facts()
        var reading = Reading()
        #expect(throws: WireError.self, "\(id) \(offset)") {
          try JKBLE.read(bytes.span, nil, &facts, &reading, inverts: false)
        }
      }
    }
  }
}
