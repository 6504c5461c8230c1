// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

extension InverterProfile {
  /// The length of each frame that may end before what is not known.
  fileprivate func mayBeShort(_ id: UInt32) -> Set<Int> {
    switch "\(name)" {
    case "victron": id == 0x355 ? [2] : id == 0x356 ? [2, 4] : id == 0x373 ? [4] : []
    case "sma": []
    default: id == 0x351 ? [6] : id == 0x355 ? [2] : id == 0x356 ? [2, 4] : []
    }
  }
}

/// What holds for every profile, over random batteries.
@Suite("Laws of profiles") struct ProfileTests {
  static let seed: UInt64 = 20_261_122
  static let count = 3_000

  /// Every battery of `count` random ones; `body` tells what is wrong with it.
  private func everywhere(_ body: (InverterPicture) throws -> String?) rethrows {
    var numbers = SplitMix64(seed: Self.seed)
    for round in 0..<Self.count {
      if let wrong = try body(Pictures.random(&numbers)) {
        Issue.record("seed \(Self.seed) round \(round): \(wrong)")
        return
      }
    }
  }

  @Test func namesFindProfiles() {
    for profile in InverterProfile.all {
      #expect("\(InverterProfile.named("\(profile.name)")?.name ?? "")" == "\(profile.name)")
    }
    #expect(InverterProfile.named("pylontech") == nil)
    #expect(Set(InverterProfile.all.map { "\($0.name)" }).count == InverterProfile.all.count)
  }

  @Test("rows are unique, and what is urgent is sent", arguments: InverterProfile.all)
  func table(_ profile: InverterProfile) {
    #expect(Set(profile.frames.map(\.id)).count == profile.frames.count)
    #expect(profile.urgent.first == 0x351)
    for id in profile.urgent {
      // Limits and protections stand through the stale stage.
      #expect(profile.frames.first { $0.id == id }?.until == .stale)
    }
    for row in profile.frames where row.until != nil {
      #expect(row.direction == .toInverter)
      #expect(!row.isSent(in: .lost))
      #expect(profile.fields.contains { $0.id == row.id }, "no field of \(row.id)")
    }
  }

  @Test(
    "each identifier once, in the order of the table, never an inverter's, of its length",
    arguments: InverterProfile.all)
  func frames(_ profile: InverterProfile) {
    let order = profile.frames.map(\.id)
    everywhere { picture in
      let frames = profile.encode(picture)
      let places = frames.compactMap { frame in order.firstIndex(of: frame.id) }
      guard places.count == frames.count, zip(places, places.dropFirst()).allSatisfy(<) else {
        return "order \(frames)"
      }
      for (frame, place) in zip(frames, places) {
        let row = profile.frames[place]
        let lengths = profile.mayBeShort(frame.id).union([Int(row.length)])
        guard !frame.isExtended, row.isSent(in: picture.freshness),
          ![0x305, 0x306, 0x307].contains(row.id),
          lengths.contains(Int(frame.count))
        else { return "\(frame)" }
      }
      return nil
    }
  }

  @Test(
    "a lost battery sends nothing, a stale one nothing measured", arguments: InverterProfile.all)
  func stages(_ profile: InverterProfile) throws {
    let measured: Set<UInt32> = [
      0x355, 0x356, 0x360, 0x372, 0x373, 0x374, 0x375, 0x376, 0x377, 0x378,
    ]
    func sent(_ stage: Freshness) -> [CANFrame] {
      profile.encode(Pictures.picture(Pictures.reading, stage, chargeRequested: true))
    }
    #expect(sent(.lost).isEmpty)
    #expect(profile.urgent(Pictures.picture(Pictures.reading, .lost)).isEmpty)
    #expect(sent(.fresh) == sent(.aging))
    let fresh = sent(.fresh).map(\.id)
    #expect(measured.isSuperset(of: [0x355, 0x356]) && fresh.contains(0x355))
    #expect(sent(.stale).map(\.id) == fresh.filter { !measured.contains($0) })
    // Silence warns, and is no protection.
    var said = InverterReading()
    for frame in sent(.stale) { try profile.decode(frame, into: &said) }
    #expect(said.reading.alarms == [])
    #expect(said.reading.warnings == .of(.internalFault))
  }

  @Test("a limit never comes out wider than it was decided", arguments: InverterProfile.all)
  func neverWider(_ profile: InverterProfile) throws {
    var seen = 0
    try everywhere { picture in
      guard let limits = picture.limits, let frame = profile.encode(picture).first(0x351) else {
        return nil
      }
      seen += 1
      var said = InverterReading()
      try profile.decode(frame, into: &said)
      guard let voltage = said.reading[.chargeVoltageLimit],
        let charge = said.reading[.chargeCurrentLimit],
        let discharge = said.reading[.dischargeCurrentLimit]
      else { return "\(frame)" }
      let isNarrow =
        voltage > 0 && voltage <= limits.chargeVoltage.value.raw
        && charge >= 0 && charge <= max(0, limits.chargeCurrent.value.raw)
        && discharge >= 0 && discharge <= max(0, limits.dischargeCurrent.value.raw)
      return isNarrow ? nil : "\(frame)"
    }
    #expect(seen > Self.count / 4)
  }

  @Test("what was sent is read as the mapping says", arguments: InverterProfile.all)
  func mapping(_ profile: InverterProfile) {
    var seen: Set<String> = []
    everywhere { picture in
      for frame in profile.encode(picture) {
        for row in profile.fields where row.id == frame.id && row.divisor > 0 {
          guard let sent = Numbers.sent(row, frame) else { continue }
          guard let source = Numbers.source(row, picture) else {
            return "\(row.name) made up in \(frame)"
          }
          let bounds = bounds(profile, row)
          let steps = min(
            max(rounded(source, row) + row.offsetSteps, bounds.lowerBound), bounds.upperBound)
          // Counters begin again at the end of their field.
          let wanted = row.form == .u32 ? Int64(UInt32(truncatingIfNeeded: steps)) : steps
          guard sent == wanted else { return "\(row.name): \(sent) is not \(wanted) in \(frame)" }
          seen.insert("\(row.id) \(row.name)")
        }
      }
      return nil
    }
    // Every number of the mapping was met.
    #expect(seen.count == profile.fields.count { $0.divisor > 0 })
  }

  /// What a field may hold; beyond, limits are narrowed and shares are held.
  private func bounds(_ profile: InverterProfile, _ row: FieldRow) -> ClosedRange<Int64> {
    let isSMA = "\(profile.name)" == "sma"
    switch (row.id, row.offset) {
    case (0x351, 0): return isSMA ? 410...630 : 0...65_534
    case (0x351, 6): return isSMA ? 410...480 : 0...65_534
    case (0x351, _): return 0...(isSMA ? 12_000 : 32_767)
    case (0x355, 0): return 0...100
    case (0x355, 2): return 0...(isSMA ? 100 : 65_535)
    case (0x355, _): return 0...10_000
    default: return Int64.min...Int64.max
    }
  }

  private func rounded(_ value: Int64, _ row: FieldRow) -> Int64 {
    let exact = Double(value) / Double(row.divisor)
    return switch row.rounding {
    case .down, .exact: Int64(exact.rounded(.down))
    case .up: Int64(exact.rounded(.up))
    case .nearest: Int64(exact.rounded(.toNearestOrAwayFromZero))
    }
  }

  @Test("no bytes can make decoding trap", arguments: InverterDialect.all.map { "\($0.name)" })
  func anyBytes(_ name: String) throws {
    let dialect = try #require(InverterDialect.named(name))
    var numbers = SplitMix64(seed: Self.seed)
    var said = InverterReading()
    let known: [[UInt32]] = InverterProfile.all.map { profile in profile.frames.map(\.id) }
    let ids: [UInt32] = known.flatMap(\.self) + [0x354, 0x7FF]
    for _ in 0..<50_000 {
      let id = ids[Int.random(in: 0..<ids.count, using: &numbers)]
      let frame = CANFrame(id: id, numbers.bytes(Int.random(in: 0...8, using: &numbers)))
      do throws(WireError) {
        try dialect.decode(frame, &said)
      } catch {
        switch error {
        case .notAReading: break
        case .truncated(let got, let needed): #expect(got == Int(frame.count) && got < needed)
        default: Issue.record("seed \(Self.seed): \(frame) gave \(error)")
        }
      }
    }
  }
}
