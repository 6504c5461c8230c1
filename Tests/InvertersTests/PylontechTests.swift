// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Testing
import Wire

@Suite("What a Pylontech's inverter is told") struct PylontechTests {
  private let identity = InverterIdentity(manufacturer: Label("PYLON"))

  private func sent(
    _ reading: Reading = Pictures.reading, _ stage: Freshness = .fresh,
    limits: Limits? = Pictures.limits(), chargeRequested: Bool? = nil,
    _ profile: InverterProfile = .pylontech12
  ) -> [CANFrame] {
    profile.encode(
      Pictures.picture(
        reading, stage, limits: limits, identity: identity, chargeRequested: chargeRequested))
  }

  @Test func aKnownBatterySendsSixFrames() {
    #expect(
      sent().map(\.description) == [
        "359#0000000001504E", "351#2802E703B004D101", "355#43006200", "356#A91485FFF800",
        "35C#C000", "35E#50594C4F4E202020",
      ])
    #expect(
      sent(Pictures.reading, .fresh, .pylontech13).map(\.description) == [
        "351#2802E703B004D101", "355#43006200851A", "356#A91485FFF800", "35A#A8A08200A8A08208",
        "35E#50594C4F4E202020", "35F#0000020130010000",
      ])
  }

  @Test("permissions follow the limits as decided, and switches do not take them back")
  func permissions() {
    func flags(
      _ charge: Int, _ discharge: Int, _ switches: (Int64?, Int64?) = (1, 1),
      _ stage: Freshness = .fresh, asks: Bool? = nil
    ) -> UInt8? {
      var reading = Pictures.reading
      reading[.chargeEnabled] = switches.0
      reading[.dischargeEnabled] = switches.1
      let limits = Pictures.limits(charge: 55_200, charge, discharging: discharge)
      return sent(reading, stage, limits: limits, chargeRequested: asks).first(0x35C)?.payload[0]
    }
    #expect(flags(100_000, 100_000) == 0xC0)
    // Less than a step of the wire is nothing.
    #expect(flags(99, 100_000) == 0x40)
    #expect(flags(100_000, 99) == 0x80)
    // A switch that is open for want of a charger must not keep chargers away.
    #expect(flags(100_000, 100_000, (0, 1)) == 0xC0)
    #expect(flags(100_000, 100_000, (0, 0)) == 0xC0)
    #expect(flags(100_000, 100_000, (nil, nil)) == 0xC0)
    #expect(flags(100_000, 100_000, asks: true) == 0xD0)
    #expect(flags(0, 100_000, asks: true) == 0x40)
    #expect(flags(100_000, 100_000, (1, 1), .stale, asks: true) == 0xC0)
    #expect(flags(0, 100_000, (1, 1), .stale) == 0x40)
    #expect(sent(limits: nil).first(0x35C) == nil)
  }

  @Test func withoutADischargeVoltageLimitsHaveSixBytes() {
    var limits = Pictures.limits()
    limits.dischargeVoltage = .zero
    #expect(sent(limits: limits).first(0x351)?.description == "351#2802E703B004")
  }

  @Test func anUnknownHealthIsNotMadeUp() {
    var reading = Pictures.reading
    reading[.soh] = nil
    #expect(sent(reading).first(0x355)?.payload == [67, 0])
  }

  @Test(
    "every alarm sets a bit, or acts by the limits alone", arguments: Alarm.allCases)
  func flags(_ alarm: Alarm) throws {
    let quiet = VictronPair.general.alarms
    let set = PylontechFlag.allCases.filter { $0.alarms.has(alarm) }
    #expect(set.isEmpty == quiet.has(alarm))
    for isProtection in [true, false] {
      var reading = Pictures.reading
      reading.alarms = isProtection ? AlarmSet(alarm) : []
      reading.warnings = isProtection ? [] : AlarmSet(alarm)
      let frame = try #require(sent(reading).first(0x359))
      var said = InverterReading()
      try Pylontech.decode(frame, into: &said)
      let wanted = set.reduce(into: AlarmSet()) { $0.formUnion(AlarmSet($1.alarm)) }
      #expect(said.reading.alarms == (isProtection ? wanted : []))
      #expect(said.reading.warnings == wanted)
    }
  }

  /// A frame that Cellbus sends otherwise than the battery did, and why.
  struct Difference: Sendable {
    let vector: String
    let id: UInt32
    let sent: String?
    let why: String
  }

  private static let cubix = "pylontech-ecoworthy-cubix100-snapshot"
  private static let notOf12 = "no frame of 1.2"

  static let differences: [Difference] =
    [
      Difference(
        vector: "pylontech-us5000-v1.2", id: 0x359, sent: "359#0000000001504E",
        why: "one battery is one module"),
      Difference(
        vector: "pylontech-us5000-v1.3", id: 0x355, sent: "355#54006000D020",
        why: "the finer state of charge is filled: a receiver that prefers it reads 0 as empty"),
      Difference(
        vector: "pylontech-us5000-v1.3", id: 0x35A, sent: "35A#0000000000008008",
        why: "online, and Cellbus's own warning is supported"),
      Difference(
        vector: "pylontech-us5000-v1.3", id: 0x35F, sent: "35F#4C4901033C020000",
        why: "the last word is a number of the maker's, which Cellbus has not"),
      Difference(vector: cubix, id: 0x355, sent: "355#1E006400", why: "4 bytes, as a Pylontech"),
      Difference(vector: cubix, id: 0x356, sent: "356#791400007100", why: "6 bytes"),
      Difference(
        vector: cubix, id: 0x359, sent: "359#0000000001504E", why: "7 bytes; one module"),
      Difference(vector: cubix, id: 0x35C, sent: "35C#C000", why: "2 bytes, as a Pylontech"),
    ]
    + [0x35F, 0x370, 0x371, 0x372, 0x373, 0x374, 0x375, 0x376, 0x377, 0x379].map {
      Difference(vector: cubix, id: $0, sent: nil, why: notOf12)
    }

  @Test(
    "captured cycles sent again, byte for byte",
    arguments: [
      ("pylontech-us5000-v1.2", "pylontech-1.2"), ("pylontech-us5000-v1.3", "pylontech-1.3"),
      ("pylontech-ecoworthy-cubix100-snapshot", "pylontech-1.2"),
    ])
  func sameBytes(_ name: String, _ profileName: String) throws {
    let vector = try #require(Vector.named(name))
    let profile = try #require(InverterProfile.named(profileName))
    #expect(vector.isCaptured)
    var whole = InverterReading()
    for frame in vector.frames { try Pylontech.decode(frame, into: &whole) }
    for captured in vector.frames {
      let sent = try resend(captured, whole, profile)
      if let difference = Self.differences.first(where: {
        $0.vector == name && $0.id == captured.id
      }) {
        #expect(sent?.description == difference.sent, "\(difference.why)")
        #expect(sent != captured, "no longer a difference: \(difference.why)")
      } else {
        #expect(sent == captured)
      }
    }
  }

  @Test func everyDifferenceIsOfACapturedFrame() throws {
    for difference in Self.differences {
      let vector = try #require(Vector.named(difference.vector))
      #expect(vector.frames.contains { $0.id == difference.id })
    }
  }

  /// What Cellbus sends under the identifier of a captured frame, knowing what that frame alone said,
  /// and the limits.
  private func resend(
    _ captured: CANFrame, _ whole: InverterReading, _ profile: InverterProfile
  ) throws -> CANFrame? {
    var said = InverterReading()
    try profile.decode(captured, into: &said)
    var reading = said.reading
    reading.identity = whole.reading.identity
    if let capacity = said.onlineCapacity { reading.set(.full, capacity) }
    var identity = identity
    identity.product = said.product ?? 0
    let limits = Pictures.limits(
      charge: Int(try #require(whole.reading[.chargeVoltageLimit])),
      Int(try #require(whole.reading[.chargeCurrentLimit])),
      discharging: Int(try #require(whole.reading[.dischargeCurrentLimit])))
    var told = limits
    told.dischargeVoltage = .millivolts(try #require(whole.reading[.dischargeVoltageLimit]))
    return profile.encode(Pictures.picture(reading, limits: told, identity: identity))
      .first(captured.id)
  }
}
