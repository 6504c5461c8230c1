// SPDX-License-Identifier: Apache-2.0
import Battery
@testable import Gateway
import Inverters
import Packs
import Quantities
import Simulation
import TestKit
import Testing
import Text
import Wire

/// Three simulated batteries with their real controls, and the bank that joins them, in time that the test
/// makes pass.
private struct Bench {
  var loops: [ClosedLoop]
  var control: BankControl
  var settings: BankSettings
  var inverters: [InverterSettings]
  var frames: [(at: Tick, frame: CANFrame)] = []
  var events: [ControlEvent] = []
  /// What another battery tells.
  var other: (Point) -> Snapshot.Sample? = { _ in nil }

  init(_ change: (inout BankSettings) -> Void = { _ in }) throws {
    var settings = BankSettings()
    settings.name = "house"
    settings.members = [.battery("a"), .battery("b"), .battery("c")]
    change(&settings)
    self.settings = settings
    inverters = [InverterSettings(name: "gx", battery: "house", link: .file("none"))]
    control = BankControl(settings, inverters)
    loops = (0..<3).map { index in
      var loop = ClosedLoop(.demo, seed: UInt64(index + 1)) {
        $0.pollPeriod = index == 2 ? 500 : 250
      }
      loop.start()
      return loop
    }
  }

  var now: Tick { loops[0].now }

  mutating func run(_ milliseconds: Int64, silent: Set<Int> = []) {
    for _ in 0..<(milliseconds / 50) {
      for index in loops.indices {
        loops[index].loses = silent.contains(index) ? { _ in true } : { _ in false }
        loops[index].run(50)
      }
      step()
    }
  }

  mutating func step() {
    let controllers = loops.compactMap(\.controller)
    let decided = controllers.map(\.decisions)
    if control.isDue(decided, at: now) {
      let members = zip(settings.memberNames, controllers).map { Member($0, $1, settings) }
      control.decide(
        members, decided: decided, readings: controllers.reduce(0) { $0 &+ $1.liveReadings },
        others: { _, point in other(point) }, at: now)
    }
    while case .frame(_, let frame) = control.next(at: now) { frames.append((now, frame)) }
    events += control.events
    control.events = []
  }

  func all(_ id: UInt32) -> [(at: Tick, frame: CANFrame)] { frames.filter { $0.frame.id == id } }
}

@Suite("A bank of simulated batteries")
struct BankControlTests {
  @Test("It is told as one battery, never more than its packs allow, from its first frame on")
  func joined() throws {
    var bench = try Bench()
    bench.run(60_000)
    let told = bench.all(0x351)
    #expect(told.count >= 55)
    let first = try #require(told.first)
    // 100 A each, nine tenths.
    #expect(first.frame.littleUInt16(at: 4) == 2700)
    let sum = bench.loops.compactMap(\.controller?.snapshot.reading.current).reduce(.zero, +)
    #expect(bench.control.bank.snapshot.reading.current == sum)
    let least = bench.loops.compactMap(\.controller?.limits?.chargeVoltage.value).min()
    #expect(bench.control.bank.limits?.chargeVoltage.value == least)
    let modules = try #require(bench.all(0x372).last?.frame)
    #expect(modules.littleUInt16(at: 0) == 3 && modules.littleUInt16(at: 6) == 0)
    let pack = try #require(bench.control.bank.lowestCellPack)
    let name = try #require(bench.all(0x374).last?.frame)
    let letters = (0..<6).map { String(UnicodeScalar(name.data[$0])) }.joined()
    let number = bench.control.bank.snapshot[.cellMinNumber]?.value ?? 0
    #expect(letters == "P0\(pack + 1)C" + (number < 10 ? "0\(number)" : "\(number)"))
    let reason = bench.control.bank.limits?.chargeCurrent.reason.description ?? ""
    let isNamed = reason.hasPrefix("pack ")
    #expect(isNamed, "\(reason)")
  }

  @Test("A lost pack is told, leaves with its share, and counts as offline")
  func lost() throws {
    var bench = try Bench()
    bench.run(20_000)
    bench.run(80_000, silent: [1])
    #expect(bench.control.bank.states[1] == .lost)
    #expect(bench.all(0x351).last?.frame.littleUInt16(at: 4) == 1800)
    #expect(bench.all(0x372).last?.frame.littleUInt16(at: 6) == 1)
    let said = bench.events.map(\.text)
    #expect(
      said.contains("pack b has not answered for too long") && said.contains("pack b is lost"))
    let pause = zip(bench.all(0x351).dropFirst(), bench.all(0x351)).map { $0.at - $1.at }.max() ?? 0
    #expect(pause <= 1200)
    // All of them: nothing more is sent.
    bench.run(70_000, silent: [0, 1, 2])
    let count = bench.frames.count
    bench.run(5000, silent: [0, 1, 2])
    #expect(bench.frames.count == count && bench.control.bank.limits == nil)
  }

  @Test("Other settings of the same packs are obeyed without a pause; the same change nothing")
  func reload() throws {
    var bench = try Bench()
    bench.run(20_000)
    for _ in 0..<10 {
      bench.control.reconfigure(bench.settings, bench.inverters, at: bench.now)
      bench.run(1300)
    }
    #expect(bench.control.bank.states == [.online, .online, .online])
    bench.settings.terms.maxDischargeCurrent = .amperes(50)
    bench.control.reconfigure(bench.settings, bench.inverters, at: bench.now)
    bench.run(3000)
    let told = bench.all(0x351)
    #expect(told.last?.frame.littleUInt16(at: 4) == 500)
    #expect((zip(told.dropFirst(), told).map { $0.at - $1.at }.max() ?? .max) <= 1200)
    // With one pack less it begins anew, and knows the others within a second.
    bench.settings.members = [.battery("a"), .battery("b")]
    bench.loops.removeLast()
    bench.control.reconfigure(bench.settings, bench.inverters, at: bench.now)
    bench.run(3000)
    #expect(
      (zip(bench.all(0x351).dropFirst(), bench.all(0x351)).map { $0.at - $1.at }.max() ?? 0) <= 2000
    )
    #expect(bench.control.bank.states == [.online, .online])
  }

  @Test("A shunt's values stand in the place of the packs', until it falls silent; both are said")
  func sources() throws {
    var bench = try Bench { settings in
      settings.sources = [
        .init(point: .current, battery: "shunt"), .init(point: .soc, battery: "shunt"),
      ]
    }
    bench.run(3000)
    let sum = bench.control.bank.snapshot.reading.current
    let text = Bench.sample(-12_340, .current)
    bench.other = { $0 == .current ? text : nil }
    bench.run(2000)
    #expect(bench.control.bank.snapshot.reading.current == Current(raw: -12_340))
    #expect(bench.control.bank.snapshot.reading.soc != nil)
    #expect(bench.control.sources.map(\.isInUse) == [true, false])
    #expect(bench.all(0x356).last?.frame.littleInt16(at: 2) == -123)
    bench.other = { _ in nil }
    bench.run(2000)
    #expect(bench.control.bank.snapshot.reading.current != Current(raw: -12_340))
    #expect(sum != nil)
    let said = bench.events.map(\.text)
    #expect(said.contains("current_a comes from shunt"))
    #expect(
      said.contains("current_a is that of the packs again: shunt has not told it for too long"))
    #expect(!said.contains { $0.hasPrefix("soc_pct") })
  }

  @Test("Its last word is one cycle of the stale stage: no charge, CVL at float")
  func farewell() throws {
    var bench = try Bench()
    #expect(bench.control.farewell() == [[]])
    bench.run(10_000)
    let frame = try #require(bench.control.farewell().first?.first { $0.id == 0x351 })
    #expect(frame.littleUInt16(at: 0) == 540 && frame.littleUInt16(at: 2) == 0)
  }

  @Test("The view shows packs, extremes and sources")
  func screen() throws {
    let text = """
      {"time":"2026-11-21T01:12:25.123Z","batteries":[{"name":"left","freshness":"fresh"}],
       "banks":[{"name":"house","arrangement":"parallel","freshness":"fresh","age_ms":100,
        "packs":[{"name":"left","state":"online","voltage_v":53.1,"current_a":-3,"soc_pct":71.5},
                 {"name":"right","state":"lost"}],
        "sources":[{"point":"current_a","battery":"shunt","in_use":false}],
        "reading":{"voltage_v":53.1,"cell_min_v":3.3011,"cell_min_number":7,"cell_max_v":3.35,
         "cell_max_number":2,"temp_min_c":18.5,"temp_max_c":22.1},
        "cell_min_pack":"left","cell_max_pack":"left","temp_min_pack":"left","temp_max_pack":"left"}],
       "inverters":[]}
      """
    let view = try JSON5Reader.read(text, as: .json)
    let lines = StatusScreen(width: 100, height: 40, style: Style(isOn: false)).lines(view)
    for wanted in [
      "house  bank, parallel", "left     53.10 V     -3.0 A    71.5 %  online",
      "right        – V        – A       – %  lost",
      "lowest 3.3011 V, cell 7 of left   highest 3.3500 V, cell 2 of left",
      "coldest 18.5 °C in left", "current_a not from shunt now", "(2, Tab shows the next)",
    ] {
      let isThere = lines.joined(separator: "\n").contains(wanted)
      #expect(isThere, "\(wanted) is missing in\n\(lines.joined(separator: "\n"))")
    }
    let battery = StatusScreen(width: 100, height: 40, style: Style(isOn: false)).lines(
      view, battery: 1)
    #expect(battery.first?.contains("left") == true)
  }
}

extension Bench {
  fileprivate static func sample(_ value: Int64, _ point: Point) -> Snapshot.Sample? {
    var reading = Reading()
    reading[point] = value
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(5000), isLive: true)
    return snapshot[point]
  }
}
