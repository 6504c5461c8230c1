// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

/// Each rule of the mapping by an example.
@Suite("Rules of the mapping") struct MappingRuleTests {
  /// A profile with changes, each of which it must accept.
  private func profile(
    _ name: String, _ changes: [MappingChange]
  ) throws -> InverterProfile {
    var profile = try #require(InverterProfile.named(name))
    for change in changes { try profile.apply(change) }
    return profile
  }

  private func change(_ id: UInt32, _ field: StaticString, _ what: MappingChange.What)
    -> MappingChange
  {
    MappingChange(id, Label(field), what)
  }

  @Test(
    "An omitted field is marked where there is a mark, else the frame ends before it, else it is not sent",
    arguments: [
      ("victron", 0x373, "cell_max", 8, [2, 3]),
      ("victron", 0x355, "soc_fine", 4, []), ("victron", 0x355, "soh", 2, []),
      ("victron", 0x356, "temperature", 4, []), ("victron", 0x356, "current", 2, []),
      ("sma", 0x356, "current", 6, [2, 3]), ("sma", 0x355, "soh", 6, [2, 3]),
      ("victron", 0x372, "modules_online", 8, [0, 1]), ("victron", 0x35F, "capacity", 8, [4, 5]),
      ("pylontech-1.3", 0x355, "soc_fine", 4, []),
    ] as [(String, UInt32, String, Int, [Int])])
  func omitted(
    _ name: String, _ id: UInt32, _ field: String, _ length: Int, _ marked: [Int]
  ) throws {
    let picture = Pictures.picture(Pictures.reading)
    let original = try #require(profile(name, []).encode(picture).first(id))
    let changed = try profile(name, [MappingChange(id, Label(field.utf8), .omit)])
    let frame = try #require(changed.encode(picture).first(id))
    #expect(frame.count == length)
    for index in 0..<length {
      let isMarked = marked.contains(index)
      guard isMarked else {
        #expect(frame.data[index] == original.data[index], "byte \(index) of \(frame)")
        continue
      }
      let signed: UInt8 = index % 2 == 0 ? 0 : 0x80
      let mark: UInt8 = id == 0x35F ? 0 : id == 0x356 ? signed : 0xFF
      #expect(frame.data[index] == mark, "byte \(index) of \(frame)")
    }
  }

  @Test("A frame goes with its first field where it has no mark, and when it is omitted itself")
  func frames() throws {
    let picture = Pictures.picture(Pictures.reading, chargeRequested: true)
    let omitted = try profile(
      "victron",
      [
        change(0x355, "soc", .omit), MappingChange(0x35F, nil, .omit),
        change(0x360, "charge_request", .omit), change(0x378, "energy_discharged", .omit),
        change(0x374, "cell_min_name", .omit), change(0x380, "serial_1", .omit),
      ])
    let gone: Set<UInt32> = [0x355, 0x35F, 0x360, 0x378, 0x374, 0x380]
    let before = try profile("victron", []).encode(picture)
    #expect(Set(before.map(\.id)).isSuperset(of: gone))
    #expect(omitted.encode(picture) == before.filter { !gone.contains($0.id) })
  }

  @Test("A field takes another value of the same kind, a multiple of its own, or a text")
  func values() throws {
    var picture = Pictures.picture(Pictures.reading)
    var reading = Pictures.reading
    reading[.remaining] = 101_500
    reading[.mosfetTemperature] = 4123
    picture.snapshot.take(reading, at: Pictures.now, isLive: true)
    let changed = try profile(
      "victron",
      [
        change(0x356, "temperature", .source(.mosfetTemperature)),
        change(0x356, "current", .scale(-2_000_000)),
        change(0x35F, "capacity", .source(.remaining)),
        change(0x379, "installed", .source(.full)), change(0x379, "installed", .scale(2_000_000)),
        change(0x351, "charge_current_limit", .scale(500_000)),
        change(0x351, "charge_voltage_limit", .scale(990_000)),
        change(0x370, "model_1", .text(Label("HOUSE BATTERY 1"))),
        change(0x35E, "manufacturer", .text(Label("ME"))),
      ])
    var said = InverterReading()
    for frame in changed.encode(picture) { try changed.decode(frame, into: &said) }
    #expect(said.reading.temperatures[0] == .centidegrees(4120))
    #expect(said.reading[.current] == 24_700)
    #expect(said.onlineCapacity == .ampereHours(102))
    #expect(said.installed == .ampereHours(608))
    // 99.99 A times a half, and 55.29 V times 0.99, each to its narrower side.
    #expect(said.reading[.chargeCurrentLimit] == 49_900)
    #expect(said.reading[.chargeVoltageLimit] == 54_700)
    #expect(said.reading[.dischargeCurrentLimit] == 120_000)
    #expect(said.reading.identity.model == Label("HOUSE BATTERY 1"))
    #expect(said.reading.identity.manufacturer == Label("ME"))
    #expect(changed.fields.first { "\($0.name)" == "model_2" }?.isChanged == true)
  }

  @Test("What is measured is told of no silent battery, even in a frame that goes on")
  func stale() throws {
    var reading = Pictures.reading
    reading[.remaining] = 101_500
    let changed = try profile("victron", [change(0x35F, "capacity", .source(.remaining))])
    func capacity(_ stage: Freshness) throws -> UInt16? {
      changed.encode(Pictures.picture(reading, stage)).first(0x35F)?.littleUInt16(at: 4)
    }
    #expect(try capacity(.fresh) == 102)
    #expect(try capacity(.aging) == 102)
    #expect(try capacity(.stale) == 0)
  }

  @Test("Permissions of a Pylontech follow a limit that the mapping takes to zero")
  func permissions() throws {
    let changed = try profile(
      "pylontech-1.2", [change(0x351, "charge_current_limit", .scale(1000))])
    let frames = changed.encode(Pictures.picture(Pictures.reading))
    #expect(frames.first(0x351)?.littleUInt16(at: 2) == 0)
    #expect(frames.first(0x35C)?.data[0] == 0x40)
  }

  @Test(
    "What is refused is refused with its reason, and never reaches the bus",
    arguments: [
      ("victron", MappingChange(0x351, nil, .omit), "a GX stops"),
      ("victron", MappingChange(0x35A, nil, .omit), "recognises"),
      ("victron", MappingChange(0x351, Label("charge_current_limit"), .omit), "told"),
      ("victron", MappingChange(0x351, Label("discharge_voltage_limit"), .omit), "told"),
      (
        "victron", MappingChange(0x351, Label("charge_current_limit"), .scale(1_000_001)),
        "only be narrowed"
      ),
      (
        "victron", MappingChange(0x351, Label("charge_voltage_limit"), .scale(890_000)),
        "would empty"
      ),
      (
        "sma", MappingChange(0x351, Label("charge_voltage_limit"), .scale(1_000_001)),
        "only be narrowed"
      ),
      ("victron", MappingChange(0x351, Label("charge_current_limit"), .scale(0)), "above 0"),
      ("victron", MappingChange(0x351, Label("discharge_current_limit"), .scale(-1)), "above 0"),
      (
        "victron", MappingChange(0x351, Label("discharge_voltage_limit"), .scale(900_000)),
        "no scale"
      ),
      (
        "victron", MappingChange(0x351, Label("charge_current_limit"), .source(.current)),
        "as they were decided"
      ),
      (
        "victron", MappingChange(0x351, Label("charge_current_limit"), .text(Label("9"))),
        "as they were decided"
      ),
      ("victron", MappingChange(0x351, nil, .period(2000)), "bear"),
      ("victron", MappingChange(0x35A, Label("alarms"), .omit), "alarms"),
      ("victron", MappingChange(0x35A, Label("warnings"), .scale(2_000_000)), "alarms"),
      ("pylontech-1.2", MappingChange(0x359, Label("protections"), .omit), "alarms"),
      ("pylontech-1.2", MappingChange(0x359, Label("mark"), .omit), "cannot do without"),
      ("pylontech-1.2", MappingChange(0x35C, Label("requests"), .omit), "permissions"),
      ("pylontech-1.2", MappingChange(0x35E, nil, .omit), "protocol"),
      ("pylontech-1.2", MappingChange(0x370, nil, .omit), "frame that the profile sends"),
      ("sma", MappingChange(0x355, Label("soc"), .omit), "cannot do without"),
      ("sma", MappingChange(0x35B, nil, .omit), "seven"),
      ("sma", MappingChange(0x356, nil, .period(5000)), "bear"),
      ("victron", MappingChange(0x355, Label("soc"), .scale(2_000_000)), "share"),
      ("victron", MappingChange(0x355, Label("soc"), .source(.soh)), "share"),
      ("victron", MappingChange(0x356, Label("voltage"), .scale(0)), "0.001"),
      ("victron", MappingChange(0x356, Label("voltage"), .scale(-1_000_000)), "0.001"),
      ("victron", MappingChange(0x356, Label("current"), .scale(0)), "turns the sign"),
      ("victron", MappingChange(0x356, Label("current"), .scale(.min)), "turns the sign"),
      (
        "victron", MappingChange(0x356, Label("voltage"), .source(.chargeVoltageLimit)), "same kind"
      ),
      ("victron", MappingChange(0x356, Label("temperature"), .source(.cellMin)), "same kind"),
      ("victron", MappingChange(0x356, Label("temperature"), .scale(2_000_000)), "another sensor"),
      ("victron", MappingChange(0x373, Label("cell_min"), .source(.cellDelta)), "same kind"),
      ("victron", MappingChange(0x356, Label("voltage"), .text(Label("53.2"))), "made-up"),
      ("victron", MappingChange(0x371, Label("model_2"), .text(Label("x"))), "goes on here"),
      ("victron", MappingChange(0x35E, Label("manufacturer"), .text(Label("123456789"))), "fits"),
      ("victron", MappingChange(0x35E, Label("manufacturer"), .source(.soc)), "no name of a point"),
      ("victron", MappingChange(0x372, Label("modules_online"), .source(.cycles)), "nothing else"),
      ("victron", MappingChange(0x356, Label("volts"), .omit), "a field"),
      ("victron", MappingChange(0x305, nil, .omit), "a frame that the profile sends"),
      ("victron", MappingChange(0x355, nil, .scale(1)), "a field"),
      ("victron", MappingChange(0x355, Label("soc"), .period(1000)), "no period"),
    ] as [(String, MappingChange, String)])
  func refused(_ name: String, _ change: MappingChange, _ reason: String) throws {
    var profile = try profile(name, [])
    let error = #expect(throws: MappingRefusal.self) { try profile.apply(change) }
    let told = "\(error?.expected ?? "")"
    #expect(told.contains(reason))
    #expect(!profile.frames.contains { $0.isChanged })
    let picture = Pictures.picture(Pictures.reading, chargeRequested: true)
    let changed = profile.applying([change])
    #expect(changed.encode(picture) == profile.encode(picture))
  }

  @Test("The last value of a frame that an inverter needs cannot be omitted")
  func last() throws {
    var profile = try profile(
      "sma", [change(0x356, "voltage", .omit), change(0x356, "temperature", .omit)])
    let error = #expect(throws: MappingRefusal.self) {
      try profile.apply(change(0x356, "current", .omit))
    }
    let told = "\(error?.expected ?? "")"
    #expect(told.contains("at least one value"))
    let frame = profile.encode(Pictures.picture(Pictures.reading)).first(0x356)
    #expect(frame?.description == "356#008085FF0080")
    // What is always sent may be all unknown.
    for field: StaticString in ["product", "firmware", "capacity", "maker_number"] {
      try profile.apply(change(0x35F, field, .omit))
    }
    let info = profile.encode(Pictures.picture(Pictures.reading)).first(0x35F)
    #expect(info?.description == "35F#FFFFFFFFFFFFFFFF")
  }

  @Test("A field's own source takes a change back")
  func back() throws {
    var profile = try profile("victron", [change(0x356, "temperature", .source(.temperatureMin))])
    #expect(profile.fields.contains { $0.isChanged })
    try profile.apply(change(0x356, "temperature", .source(.temperatureMax)))
    #expect(!profile.fields.contains { $0.isChanged })
  }

  @Test("A slower frame goes out in every so many cycles, the others in each")
  func paces() throws {
    let changed = try profile(
      "victron",
      [MappingChange(0x356, nil, .period(3000)), MappingChange(0x370, nil, .period(10_000))])
    var bus = Bus(schedule: InverterSchedule(profile: changed))
    bus.update(Pictures.picture(Pictures.reading), at: 0)
    bus.run(to: 30_000)
    func times(_ id: UInt32) -> [Int64] { bus.sent.filter { $0.frame.id == id }.map(\.at) }
    #expect(times(0x356).count == 10)
    #expect(times(0x370).count == 3)
    #expect(times(0x351).count == 30 && times(0x355).count == 30)
    let gaps = zip(times(0x356), times(0x356).dropFirst()).map { $1 - $0 }
    #expect(gaps.allSatisfy { (2900...3100).contains($0) }, "\(gaps)")
    // A battery that was lost is introduced anew at once.
    bus.update(Pictures.picture(Pictures.reading, .lost), at: 30_000)
    bus.update(Pictures.picture(Pictures.reading), at: 31_500)
    bus.run(to: 32_600)
    #expect(times(0x370).last ?? 0 > 31_000)
    #expect(times(0x356).last ?? 0 > 31_000)
  }

  @Test("A cycle that comes a little late does not cost a slower frame a whole cycle more")
  func latePaces() throws {
    let changed = try profile("victron", [MappingChange(0x356, nil, .period(3000))])
    var schedule = InverterSchedule(profile: changed)
    schedule.update(Pictures.picture(Pictures.reading), at: Tick(0))
    var times: [Int64] = []
    // Looked after every 37 ms only, so that each frame is late by another time.
    for now in stride(from: Int64(0), to: 60_000, by: 37) {
      if now % 3700 == 0 { schedule.update(Pictures.picture(Pictures.reading), at: Tick(now)) }
      while let frame = schedule.next(at: Tick(now)) {
        if frame.id == 0x356 { times.append(now) }
      }
    }
    #expect(times.count == 20, "\(times)")
  }

  @Test("The mapping's names are snake_case, unique in their frame, and their bytes do not overlap")
  func names() {
    for profile in InverterProfile.all {
      for frame in profile.frames {
        var end: UInt8 = 0
        for field in frame.fields {
          #expect(field.offset >= end && field.length > 0, "\(profile.name) \(field.name)")
          end = field.offset + field.length
          #expect(field.id == frame.id)
          #expect("\(field.name)".utf8.count < Label.capacity)
          #expect("\(field.name)".wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
        }
        #expect(end <= frame.length)
        #expect(Set(frame.fields.map { "\($0.name)" }).count == frame.fields.count)
        #expect(frame.fields.isEmpty == (frame.until == nil))
        #expect(frame.ends == frame.ends.sorted() && frame.ends.allSatisfy { $0 < frame.length })
      }
    }
  }
}
