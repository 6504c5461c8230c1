// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

/// What an owner may change of what an inverter is told, and what not.
@Suite("Changes of the mapping") struct MappingTests {
  static let seed: UInt64 = 20_261_124
  static let names = InverterProfile.all.map { "\($0.name)" }

  /// A profile with so many random changes that it accepts.
  static func random(
    _ profile: InverterProfile, _ count: Int, _ numbers: inout SplitMix64
  ) -> InverterProfile {
    var mapped = profile
    var taken = 0
    while taken < count {
      do throws(MappingRefusal) {
        try mapped.apply(change(profile, &numbers))
        taken += 1
      } catch { continue }
    }
    return mapped
  }

  /// Any change, sensible or not.
  static func change(
    _ profile: InverterProfile, _ numbers: inout SplitMix64
  ) -> MappingChange {
    let frame = profile.frames[Int.random(in: 0..<profile.frames.count, using: &numbers)]
    guard !frame.fields.isEmpty, numbers.coin(85) else {
      return MappingChange(
        frame.id, nil, numbers.coin() ? .omit : .period(.random(in: 0...20, using: &numbers) * 500))
    }
    let field = frame.fields[Int.random(in: 0..<frame.fields.count, using: &numbers)]
    let what: MappingChange.What =
      switch Int.random(in: 0..<4, using: &numbers) {
      case 0: .omit
      case 1:
        .scale(
          .random(
            in: numbers.coin() ? 900_000...1_000_000 : -9_000_000...9_000_000, using: &numbers))
      case 2: .text(Pictures.text(0...20, &numbers))
      default:
        .source(Point.allCases[Int.random(in: 0..<Point.count, using: &numbers)])
      }
    return MappingChange(frame.id, Label(field.name), what)
  }

  /// The bytes of a field; `nil` where the frame ends before.
  static func bytes(_ row: FieldRow, _ frame: CANFrame) -> [UInt8]? {
    let end = Int(row.offset + row.length)
    return Int(frame.count) < end ? nil : Array(frame.payload[Int(row.offset)..<end])
  }

  @Test("A change touches no other field, and no other frame", arguments: names)
  func others(_ name: String) throws {
    let profile = try #require(InverterProfile.named(name))
    var numbers = SplitMix64(seed: Self.seed)
    var compared = 0
    for round in 0..<500 {
      let mapped = Self.random(profile, Int.random(in: 1...4, using: &numbers), &numbers)
      let picture = Pictures.random(&numbers)
      let before = profile.encode(picture)
      let after = mapped.encode(picture)
      for frame in after {
        let row = try #require(mapped.frames.first { $0.id == frame.id })
        guard let original = before.first(frame.id) else {
          // What was unknown may have become known by another source, and by nothing else.
          #expect(row.isChanged, "seed \(Self.seed) round \(round): \(frame)")
          continue
        }
        // Permissions follow the limits that are told.
        if !row.isChanged, frame.id != 0x35C {
          #expect(frame == original, "seed \(Self.seed) round \(round)")
        }
        for field in row.fields where !field.isChanged && frame.id != 0x35C {
          guard let now = Self.bytes(field, frame), let then = Self.bytes(field, original) else {
            continue
          }
          compared += 1
          #expect(now == then, "seed \(Self.seed) round \(round): \(field.name) in \(frame)")
        }
      }
      for frame in before where frame.id != 0x35C {
        guard mapped.frames.first(where: { $0.id == frame.id })?.isChanged == false else {
          continue
        }
        #expect(after.first(frame.id) != nil, "seed \(Self.seed) round \(round): \(frame) is gone")
      }
    }
    #expect(compared > 1000)
  }

  @Test("What was sent is read as the changed mapping says", arguments: names)
  func roundTrip(_ name: String) throws {
    let profile = try #require(InverterProfile.named(name))
    var numbers = SplitMix64(seed: Self.seed + 1)
    var changed = 0
    for round in 0..<800 {
      let mapped = Self.random(profile, 3, &numbers)
      let picture = Pictures.random(&numbers)
      let frames = mapped.encode(picture)
      for row in mapped.fields where row.divisor > 0 && row.isChanged {
        guard let frame = frames.first(row.id), let sent = Numbers.sent(row, frame) else {
          continue
        }
        #expect(!row.isOmitted, "seed \(Self.seed) round \(round): \(row.name) in \(frame)")
        let source = Numbers.source(row, picture)
        let wanted = source.flatMap { Numbers.wanted(row, $0) }
        #expect(wanted == sent, "seed \(Self.seed) round \(round): \(row.name) in \(frame)")
        changed += 1
      }
    }
    #expect(changed > 50)
  }

  @Test(
    "No mapping that is accepted makes a limit wider, or drops what an inverter needs",
    arguments: names)
  func narrow(_ name: String) throws {
    let profile = try #require(InverterProfile.named(name))
    var numbers = SplitMix64(seed: Self.seed + 2)
    var scaled = 0
    for round in 0..<800 {
      let mapped = Self.random(profile, 8, &numbers)
      let picture = Pictures.random(&numbers)
      let now = mapped.encode(picture)
      let before = profile.encode(picture)
      for row in profile.frames where row.needed != nil {
        // A charge voltage that is scaled below the range of its field cannot be said at all, and what
        // changed its source may not be known.
        guard before.first(row.id) != nil, ![0x351, 0x35C, 0x356].contains(row.id) else { continue }
        #expect(now.first(row.id) != nil, "seed \(Self.seed) round \(round): \(row.name)")
      }
      guard let limits = now.first(0x351), let original = before.first(0x351) else {
        #expect(now.first(0x351) == nil)
        continue
      }
      if limits != original { scaled += 1 }
      #expect(limits.count == original.count)
      for offset in [0, 2, 4] {
        let words = (limits.littleUInt16(at: offset), original.littleUInt16(at: offset))
        #expect(try #require(words.0) <= #require(words.1), "seed \(Self.seed) round \(round)")
      }
      #expect(limits.littleUInt16(at: 6) == original.littleUInt16(at: 6))
      for id: UInt32 in [0x35A, 0x359] { #expect(now.first(id) == before.first(id)) }
    }
    // Most random mappings leave the limits alone.
    #expect(scaled > 25)
  }
}

/// The numbers of fields, worked out apart from the code under test.
enum Numbers {
  /// The number in a field; `nil` where the frame ends before it, or where it is marked as unknown.
  static func sent(_ row: FieldRow, _ frame: CANFrame) -> Int64? {
    let place = Int(row.offset)
    switch row.form {
    case .u16:
      guard let word = frame.littleUInt16(at: place), word != 0xFFFF else { return nil }
      // Zero is "none" in capacities.
      return row.id == 0x35F && word == 0 ? nil : Int64(word)
    case .s16: return frame.littleInt16(at: place).flatMap { $0 == .min ? nil : Int64($0) }
    case .u32: return frame.littleUInt32(at: place).map(Int64.init)
    default: return nil
    }
  }

  /// The value that a field is taken from.
  static func source(_ row: FieldRow, _ picture: InverterPicture) -> Int64? {
    switch row.source {
    case .point(let point): return picture.snapshot.reading[point]
    case .limit(let point):
      guard let limits = picture.limits else { return nil }
      switch point {
      case .chargeVoltageLimit: return Int64(limits.chargeVoltage.value.raw)
      case .chargeCurrentLimit: return Int64(limits.chargeCurrent.value.raw)
      case .dischargeCurrentLimit: return Int64(limits.dischargeCurrent.value.raw)
      default: return Int64(limits.dischargeVoltage.raw)
      }
    case .name, .fixed, .other: return nil
    }
  }

  /// What the field must hold for a value, in arithmetic of 128 bits; `nil` where it cannot.
  static func wanted(_ row: FieldRow, _ value: Int64) -> Int64? {
    let numerator = Int128(value) * Int128(row.scale)
    let divisor = Int128(row.divisor) * 1_000_000
    var steps = numerator / divisor
    let rest = numerator - steps * divisor
    switch row.rounding {
    case .down, .exact: if rest < 0 { steps -= 1 }
    case .up: if rest > 0 { steps += 1 }
    case .nearest: if 2 * rest.magnitude >= divisor.magnitude { steps += rest < 0 ? -1 : 1 }
    }
    steps += Int128(row.offsetSteps)
    if row.form == .u32 { return Int64(steps % 4_294_967_296) }
    let range = Int128(row.range.lowerBound)...Int128(row.range.upperBound)
    switch row.beyond {
    case .unknown: return range.contains(steps) ? Int64(steps) : nil
    default: return Int64(min(max(steps, range.lowerBound), range.upperBound))
    }
  }
}
