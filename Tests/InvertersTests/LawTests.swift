// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

@Suite("Laws over random batteries") struct LawTests {
  static let seed: UInt64 = 20_261_121
  static let count = 10_000

  @Test("each identifier once, in the order of the table, never what only an inverter sends")
  func frames() {
    var numbers = SplitMix64(seed: Self.seed)
    let order = Victron.frames.map(\.id)
    for round in 0..<Self.count {
      let picture = Pictures.random(&numbers)
      let frames = Victron.encode(picture)
      let places = frames.compactMap { frame in order.firstIndex(of: frame.id) }
      let isInOrder = places.count == frames.count && zip(places, places.dropFirst()).allSatisfy(<)
      let comment = "seed \(Self.seed) round \(round)" as Comment
      guard isInOrder, frames.allSatisfy({ !$0.isExtended && isSound($0, picture) }) else {
        Issue.record(comment)
        return
      }
    }
  }

  /// Whether a frame may be sent in this stage, and is of a length that the protocol knows.
  private func isSound(_ frame: CANFrame, _ picture: InverterPicture) -> Bool {
    guard let row = Victron.frames.first(where: { $0.id == frame.id }),
      row.direction == .toInverter, row.isSent(in: picture.freshness),
      ![0x305, 0x306, 0x307, 0x35B].contains(frame.id)
    else { return false }
    return switch frame.id {
    case 0x355: frame.count == 2 || frame.count == 8
    case 0x356: [2, 4, 8].contains(frame.count)
    case 0x373: frame.count == 4 || frame.count == 8
    default: frame.count == row.length
    }
  }

  @Test("what was sent is read as what was known, at the resolution of the wire")
  func roundTrip() throws {
    var numbers = SplitMix64(seed: Self.seed)
    for round in 0..<Self.count {
      let picture = Pictures.random(&numbers)
      var said = VictronReading()
      for frame in Victron.encode(picture) { try Victron.decode(frame, into: &said) }
      let wrong = mismatches(picture, said)
      guard wrong.isEmpty else {
        Issue.record("seed \(Self.seed) round \(round): \(wrong)")
        return
      }
    }
  }

  /// The names of everything that was read otherwise than it was known.
  private func mismatches(_ picture: InverterPicture, _ said: VictronReading) -> [String] {
    let known = picture.snapshot.reading
    let isMeasured = picture.freshness <= .aging
    var wrong: [String] = []
    func check<T: Equatable>(_ name: String, _ sent: T?, _ wanted: T?) {
      if sent != wanted { wrong.append("\(name): \(sent as T?) is not \(wanted as T?)") }
    }
    /// Rounded half away from zero, by decimal text rather than by the code under test.
    func rounded(_ value: Int64?, _ divisor: Int64, _ range: ClosedRange<Int64>) -> Int64? {
      guard isMeasured, let value else { return nil }
      let steps = (2 * value.magnitude + UInt64(divisor)) / (2 * UInt64(divisor))
      let signed = value < 0 ? -Int64(steps) : Int64(steps)
      return range.contains(signed) ? signed * divisor : nil
    }
    let word = Int64(-32_767)...32_767

    // Measured.
    let voltage = rounded(known[.voltage], 10, word)
    let current = voltage == nil ? nil : rounded(known[.current], 100, word)
    let temperature = current == nil ? nil : rounded(known[.temperatureMax], 10, word)
    check("voltage", said.reading[.voltage], voltage)
    check("current", said.reading[.current], current)
    check("temperature", said.reading.temperatures.count, temperature == nil ? 0 : 1)
    if let temperature {
      check("temperature", said.reading.temperatures[0]?.raw, Int32(temperature))
    }
    check("cellMin", said.reading[.cellMin], rounded(known[.cellMin], 10, 1...65_534))
    check("cellMax", said.reading[.cellMax], rounded(known[.cellMax], 10, 1...65_534))
    let kelvin = Int64(-272)...65_261
    check(
      "temperatureMin", said.reading[.temperatureMin],
      rounded(known[.temperatureMin], 100, kelvin))
    check(
      "temperatureMax", said.reading[.temperatureMax],
      rounded(known[.temperatureMax], 100, kelvin))

    // Charge: rounded down.
    let soc = isMeasured ? known[.soc].map { min(100, max(0, $0) / 1_000_000) } : nil
    check("soc", said.reading[.soc], soc.map { $0 * 1_000_000 })
    let soh = soc == nil ? nil : known[.soh].map { min(65_534, max(0, $0) / 1_000_000) }
    check("soh", said.reading[.soh], soh.map { $0 * 1_000_000 })
    if soh != nil, let known = known[.soc], known >= 10_000 {
      check(
        "fine soc", said.fineCharge.map { Int64($0.raw) }, min(10_000, known / 10_000) * 10_000)
    }

    // Counters, capacities, names.
    let areCounted =
      isMeasured && (known[.energyCharged] ?? -1) >= 0 && (known[.energyDischarged] ?? -1) >= 0
    let step: Int64 = 100_000
    for point in [Point.energyCharged, .energyDischarged] {
      let wanted = areCounted ? known[point].map { $0 / step * step } : nil
      check("\(point)", said.reading[point], wanted)
    }
    let isTold = picture.freshness < .lost
    func capacity(_ value: Int64?) -> Int64? {
      guard isTold, let value else { return nil }
      let whole = (value + 500) / 1000
      return (1...65_534).contains(whole) ? whole * 1000 : nil
    }
    check("nominal", said.reading[.nominal], capacity(known[.nominal]))
    check("online", said.onlineCapacity?.raw, capacity(known[.full]))
    func text(_ label: Label?) -> String? {
      guard isTold, let label, !label.isEmpty else { return nil }
      return label.string
    }
    check("family", said.family?.string, text(picture.identity.family))
    check(
      "manufacturer", said.reading.identity.manufacturer?.string, isTold ? "Cellbus" : nil)
    check(
      "model", said.reading.identity.model?.string,
      text(known.identity.model).map { String($0.prefix(16)) })
    check(
      "serial", said.reading.identity.serial?.string,
      text(known.identity.serial).map { String($0.suffix(16)) })

    // Switches and modules.
    check("online", said.modules.online, isMeasured ? 1 : nil)
    check(
      "blocking charge", said.modules.blockingCharge,
      isMeasured ? known[.chargeEnabled].map { UInt16(1 - $0) } : nil)
    check(
      "blocking discharge", said.modules.blockingDischarge,
      isMeasured ? known[.dischargeEnabled].map { UInt16(1 - $0) } : nil)
    check("charge request", said.chargeRequested, isMeasured ? picture.chargeRequested : nil)
    return wrong
  }

  @Test("a limit never comes out wider than it was decided")
  func neverWider() throws {
    var numbers = SplitMix64(seed: Self.seed)
    var seen = 0
    for round in 0..<Self.count {
      let picture = Pictures.random(&numbers)
      guard let limits = picture.limits, let frame = Victron.encode(picture).first(0x351) else {
        continue
      }
      var said = VictronReading()
      try Victron.decode(frame, into: &said)
      let voltage = try #require(said.reading[.chargeVoltageLimit])
      let charge = try #require(said.reading[.chargeCurrentLimit])
      let discharge = try #require(said.reading[.dischargeCurrentLimit])
      let decided = limits
      let isNarrow =
        voltage > 0 && voltage <= decided.chargeVoltage.value.raw
        && charge >= 0 && charge <= max(0, decided.chargeCurrent.value.raw)
        && discharge >= 0 && discharge <= max(0, decided.dischargeCurrent.value.raw)
      // Never more than a step too narrow, unless the field ends.
      let isClose =
        Int64(decided.chargeVoltage.value.raw) - voltage < 100 || voltage == 6_553_400
      guard isNarrow, isClose else {
        Issue.record("seed \(Self.seed) round \(round): \(frame)")
        return
      }
      seen += 1
    }
    #expect(seen > Self.count / 2)
  }

  @Test("alarms read from a frame and sent again are the same bytes")
  func alarmsAreStable() throws {
    var numbers = SplitMix64(seed: Self.seed)
    for round in 0..<Self.count {
      var picture = Pictures.random(&numbers)
      picture.freshness = .fresh
      let sent = try #require(Victron.encode(picture).first(0x35A))
      var said = VictronReading()
      try Victron.decode(sent, into: &said)
      var reading = said.reading
      // The unused pair "general" names no alarm.
      if let general = said.generalWarning {
        reading.reportable.formUnion(.of(.socLow))
        if general { reading.warnings.formUnion(.of(.socLow)) }
        if said.generalAlarm == true { reading.alarms.formUnion(.of(.socLow)) }
      }
      // Cellbus's own warning is supported even where the battery's alarm is not.
      if sent.payload[2] >> 6 == 0 { reading.reportable.remove(.of(.internalFault)) }
      reading[.chargeEnabled] = said.isOnline == true ? 1 : 0
      reading[.dischargeEnabled] = reading[.chargeEnabled]
      guard Victron.encode(Pictures.picture(reading)).first(0x35A) == sent else {
        Issue.record("seed \(Self.seed) round \(round): \(sent)")
        return
      }
    }
  }
}
