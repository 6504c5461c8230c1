// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Testing
import Wire

@Suite("What is sent") struct EncodeTests {
  @Test func aKnownBatterySendsAllNineteenFrames() {
    let expected = [
      "351#2802E703B004D101", "35A#A8A08200A8A08208", "355#43006200851A0000",
      "356#A91485FFF8000000", "372#0100000000000000", "373#E40CEF0C25012A01",
      "374#4330310000000000", "375#4331360000000000", "376#5433000000000000",
      "377#5432000000000000", "378#400800002B070000", "35E#43656C6C62757300",
      "35F#0000020130010000", "370#54696E79424D5320", "371#7335313600000000",
      "379#3A01000000000000", "380#3336333930303142", "381#3530304632303337",
      "382#4C46503136530000",
    ]
    let sent = Victron.encode(Pictures.picture()).map(\.description)
    #expect(sent == expected)
  }

  @Test func aChargeRequestIsSentOnlyWhereThereIsOne() {
    #expect(Victron.encode(Pictures.picture()).first(0x360) == nil)
    let asks = Victron.encode(Pictures.picture(chargeRequested: true))
    #expect(asks.first(0x360)?.payload == [0xFF, 0, 0, 0, 0, 0, 0, 0])
    let denies = Victron.encode(Pictures.picture(chargeRequested: false))
    #expect(denies.first(0x360)?.payload == [0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func limitsComeFirstAlarmsSecond() {
    #expect(Victron.frames.prefix(2).map(\.id) == [0x351, 0x35A])
    #expect(Victron.urgent(Pictures.picture()).map(\.id) == [0x351, 0x35A])
    #expect(Victron.urgent(Pictures.picture(limits: nil)).map(\.id) == [0x35A])
  }

  @Test(
    "limits are rounded to their narrower side",
    arguments: [
      (55_299, 99_999, 100, 552, 999, 1), (55_200, 0, 99, 552, 0, 0),
      (9_999_999, 9_999_999, 9_999_999, 65_534, 32_767, 32_767), (55_200, -5, -99_999, 552, 0, 0),
    ] as [(Int, Int, Int, UInt16, Int16, Int16)])
  func rounds(
    _ voltage: Int, _ charge: Int, _ discharge: Int, _ cvl: UInt16, _ ccl: Int16, _ dcl: Int16
  ) throws {
    let limits = Pictures.limits(charge: voltage, charge, discharging: discharge)
    let frame = try #require(Victron.encode(Pictures.picture(limits: limits)).first(0x351))
    #expect(frame.littleUInt16(at: 0) == cvl)
    #expect(frame.littleInt16(at: 2) == ccl)
    #expect(frame.littleInt16(at: 4) == dcl)
    // The lower end is narrowed by raising it: 46.41 V.
    #expect(frame.littleUInt16(at: 6) == 465)
  }

  @Test(arguments: [99, 0, -1, Int(Int32.min)])
  func aChargeVoltageOfZeroIsNeverSent(_ millivolts: Int) {
    let limits = Pictures.limits(charge: millivolts)
    #expect(Victron.encode(Pictures.picture(limits: limits)).first(0x351) == nil)
  }

  @Test(
    "100 % is said only of a battery that says so",
    arguments: [
      (100_000_000, 100, 10_000), (99_999_999, 99, 9999), (99_500_000, 99, 9950), (0, 0, 0),
      (9_999, 0, 0), (100_400_000, 100, 10_000), (-1, 0, 0),
    ] as [(Int64, UInt16, UInt16)])
  func stateOfCharge(_ soc: Int64, _ percent: UInt16, _ hundredths: UInt16) throws {
    var reading = Pictures.reading
    reading[.soc] = soc
    let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x355))
    #expect(frame.littleUInt16(at: 0) == percent)
    #expect(frame.littleUInt16(at: 4) == hundredths)
  }

  @Test func anUnknownHealthIsNotMadeUp() throws {
    var reading = Pictures.reading
    reading[.soh] = nil
    let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x355))
    #expect(frame.payload == [67, 0])
    var picture = Pictures.picture(reading)
    picture.identity.health = .percent(93)
    #expect(
      Victron.encode(picture).first(0x355)?.payload == [67, 0, 93, 0, 0x85, 0x1A, 0, 0])
  }

  @Test("a frame whose first field is missing is not sent; others end before what is missing")
  func missingFields() {
    func without(_ points: Point...) -> [CANFrame] {
      var reading = Pictures.reading
      reading.cells = .init()
      reading.temperatures = .init()
      reading.set(.cellMin, CellVoltage.millivolts(3300))
      reading.set(.cellMax, CellVoltage.millivolts(3310))
      reading[.temperatureMin] = 2000
      reading[.temperatureMax] = 2500
      for point in points { reading[point] = nil }
      return Victron.encode(Pictures.picture(reading))
    }
    #expect(without(.soc).first(0x355) == nil)
    #expect(without(.voltage).first(0x356) == nil)
    #expect(without(.current).first(0x356)?.count == 2)
    #expect(without(.temperatureMax).first(0x356)?.count == 4)
    #expect(without(.temperatureMin, .temperatureMax).first(0x373)?.count == 4)
    #expect(
      without(.temperatureMin).first(0x373)?.payload
        == [0xE4, 0x0C, 0xEE, 0x0C, 0xFF, 0xFF, 0x2A, 0x01])
    #expect(
      without(.cellMin, .cellMax, .temperatureMin, .temperatureMax).first(0x373) == nil)
    #expect(without().first(0x374) == nil)
    #expect(without(.energyCharged).first(0x378) == nil)
    #expect(without(.energyDischarged).first(0x378) == nil)
    #expect(without(.nominal).first(0x379) == nil)
    #expect(
      without(.chargeEnabled).first(0x372)?.payload == [1, 0, 0xFF, 0xFF, 0, 0, 0, 0])
    #expect(without(.full).first(0x35F)?.payload == [0, 0, 2, 1, 0, 0, 0, 0])
  }

  @Test func aValueBeyondItsFieldIsNotSentAsAnother() {
    func sent(_ point: Point, _ value: Int64) -> [UInt8]? {
      var reading = Pictures.reading
      reading[point] = value
      return Victron.encode(Pictures.picture(reading)).first(0x356)?.payload
    }
    #expect(sent(.voltage, 327_670)?.prefix(2) == [0xFF, 0x7F])
    #expect(sent(.voltage, 327_680) == nil)
    #expect(sent(.current, -3_276_700)?.count == 8)
    // The lowest number of the field is the mark for "not supported" of SMA's receivers.
    #expect(sent(.current, -3_276_800)?.count == 2)
    #expect(sent(.current, 3_276_750)?.count == 2)
  }

  @Test func anOpenSwitchBlocks() {
    var reading = Pictures.reading
    reading[.chargeEnabled] = 0
    #expect(
      Victron.encode(Pictures.picture(reading)).first(0x372)?.payload == [1, 0, 1, 0, 0, 0, 0, 0])
    reading[.dischargeEnabled] = 0
    #expect(
      Victron.encode(Pictures.picture(reading)).first(0x372)?.payload == [1, 0, 1, 0, 1, 0, 0, 0])
  }

  @Test(
    arguments: [
      ("2.1.242", [2, 1]), ("v1.23", [1, 23]), ("16.4", [16, 4]), ("255.255", [255, 255]),
      ("256.1", [0, 0]), ("1.256", [0, 0]), ("7", [0, 0]), ("", [0, 0]), ("beta", [0, 0]),
      ("99999999999.1", [0, 0]),
    ] as [(String, [UInt8])])
  func firmware(_ text: String, _ word: [UInt8]) throws {
    var reading = Pictures.reading
    reading.identity.firmware = Label(text.utf8)
    let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x35F))
    #expect(Array(frame.payload[2...3]) == word)
  }

  @Test func aValueThatIsOlderThanTheLiveOnesIsNotMeasured() {
    var snapshot = Pictures.picture().snapshot
    var live = Reading()
    live.set(.voltage, Voltage.millivolts(52_000))
    snapshot.take(live, at: Pictures.now + 10_000, isLive: true)
    func sent() -> [CANFrame] {
      Victron.encode(InverterPicture(snapshot: snapshot, freshness: .fresh, limits: nil))
    }
    #expect(sent().first(0x355) != nil)
    snapshot.take(live, at: Pictures.now + 10_001, isLive: true)
    #expect(sent().first(0x355) == nil)
    #expect(sent().first(0x356)?.payload == [0x50, 0x14])
    #expect(sent().first(0x373) == nil)
    #expect(sent().first(0x374) == nil)
    #expect(sent().first(0x376) == nil)
    #expect(sent().first(0x372)?.payload == [1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0])
    #expect(sent().first(0x35F) != nil)
  }

  @Test func counters() {
    var reading = Pictures.reading
    // 42 MWh: one public note lets the counters begin again here; the field does not.
    reading[.energyCharged] = 42_000_000_000
    reading[.energyDischarged] = (Int64(UInt32.max) + 2) * 100_000
    let frame = Victron.encode(Pictures.picture(reading)).first(0x378)
    #expect(frame?.littleUInt32(at: 0) == 420_000)
    #expect(frame?.littleUInt32(at: 4) == 1)
  }
}
