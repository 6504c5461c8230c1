// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing

@testable import Dialects

@Suite("Orders to batteries") struct ControlTests {
  private let moment = ControlMoment([26, 11, 21, 9, 30, 0])

  private func control(_ dialect: String) throws -> BatteryControl {
    try #require(BatteryControl.of(dialect.utf8))
  }

  private func look<Unit>(_ bench: inout WireBench<Unit>, _ control: BatteryControl) throws
    -> ControlSight
  {
    guard case .looked(let sight) = bench.run(.look(control, at: bench.now)) else {
      throw SettingsFailure.silent
    }
    return sight
  }

  /// Looks, and gives the order.
  private func give<Unit>(
    _ order: ControlOrder, _ bench: inout WireBench<Unit>, _ dialect: String
  ) throws -> ControlOutcome {
    let control = try control(dialect)
    let way = control.plan(order, try look(&bench, control), at: moment)
    let job = try #require(
      ControlJob.carry(out: order, by: way, control, at: bench.now), "\(way)")
    guard case .ended(let outcome) = bench.run(job) else { throw SettingsFailure.silent }
    return outcome
  }

  @Test("A look sends nothing but questions")
  func looks() throws {
    var bench = WireBench(JBDStore())
    let sight = try look(&bench, try control("jbd"))
    #expect(sight.reading.soc == .percent(50))
    #expect(bench.requests.allSatisfy { $0[1] == 0xA5 })
    #expect(bench.unit.entries == 0)
  }

  @Test("A JBD board's switches are ordered together, and the other stays as it is")
  func jbdSwitches() throws {
    var bench = WireBench(JBDStore())
    #expect(try give(.discharge(false), &bench, "jbd").isConfirmed)
    #expect(bench.unit.opened == 2)
    #expect(try give(.charge(false), &bench, "jbd").isConfirmed)
    #expect(bench.unit.opened == 3)
    #expect(try give(.discharge(true), &bench, "jbd").isConfirmed)
    #expect(bench.unit.opened == 1)
    #expect(bench.unit.entries == 0)
  }

  @Test("A switch that a protection holds open is not ordered closed, nor made to stay open")
  func jbdProtected() throws {
    var bench = WireBench(JBDStore())
    bench.unit.held = 2
    bench.unit.protections = 1 << 1
    let control = try control("jbd")
    let sight = try look(&bench, control)
    guard case .refused(.protected(let alarms)) = control.plan(.discharge(true), sight, at: moment)
    else {
      Issue.record("it is ordered all the same")
      return
    }
    #expect(alarms == AlarmSet(.cellUndervoltage))
    // The charge switch is ordered without a word about the other.
    #expect(try give(.charge(false), &bench, "jbd").isConfirmed)
    #expect(bench.unit.opened == 1)
    // Now it cannot be told any more who opened the discharge switch.
    let later = try look(&bench, control)
    guard
      case .refused(.otherSwitchUnclear) = control.plan(.charge(true), later, at: moment)
    else {
      Issue.record("it guesses")
      return
    }
  }

  @Test("A JBD board's charge is set in factory mode, which is left", arguments: [0, 37, 80, 100])
  func jbdCharge(_ percent: Int) throws {
    var bench = WireBench(JBDStore())
    let outcome = try give(.soc(.percent(percent)), &bench, "jbd")
    #expect(outcome.isConfirmed && outcome.isAcknowledged && !outcome.mayBeOpen)
    #expect(bench.unit.remaining == UInt16(percent * 100))
    #expect(bench.unit.entries == 1 && !bench.unit.isOpen)
    var coarse = WireBench(JBDStore([0x2D: 0x1006]))
    #expect(try give(.soc(.percent(percent)), &coarse, "jbd").isConfirmed)
    #expect(coarse.unit.remaining == UInt16(percent * 100))
  }

  @Test(
    "Whatever is lost while the charge is set, factory mode is left",
    arguments: Trouble.allCases)
  func jbdTrouble(_ trouble: Trouble) throws {
    for step in 0..<12 {
      var bench = WireBench(JBDStore())
      let control = try control("jbd")
      let sight = try look(&bench, control)
      let way = control.plan(.soc(.percent(80)), sight, at: moment)
      bench.mend()
      let job = try #require(
        ControlJob.carry(out: .soc(.percent(80)), by: way, control, at: bench.now))
      bench.trouble = { number, _ in number == step ? trouble : nil }
      guard case .ended(let outcome) = bench.run(job) else { throw SettingsFailure.silent }
      #expect(!bench.unit.isOpen && !outcome.mayBeOpen, "\(trouble) at \(step)")
      if [.requestLost, .answerLost, .answerDamaged].contains(trouble) {
        #expect(outcome.isConfirmed, "\(trouble) at \(step): \(outcome)")
      } else if outcome.isConfirmed {
        #expect(bench.unit.remaining == 8000, "\(trouble) at \(step)")
      } else {
        #expect(outcome.failure != nil, "\(trouble) at \(step)")
      }
    }
  }

  @Test("Balancing of a JBD board is a setting")
  func jbdBalance() throws {
    guard
      case .setting(let name, let raw) = try control("jbd").plan(
        .balance(false), ControlSight(Reading()), at: moment)
    else {
      Issue.record("it is not")
      return
    }
    #expect(SettingsMap.jbd(DialectOptions()).row("\(name)")?.bits == 2...2 && raw == 0)
  }

  @Test("The switches and the charge of Daly boards are seen in their live readings")
  func daly() throws {
    for (name, store, charge, discharge) in [
      ("daly-d2", DalyStore.d2, 0xA5, 0xA6), ("daly-81", .p81, 0x121, 0x122),
    ] as [(String, DalyStore, UInt16, UInt16)] {
      var bench = WireBench(store)
      #expect(try give(.charge(false), &bench, name).isConfirmed)
      #expect(bench.unit.registers[charge] == 0 && bench.unit.registers[discharge] == 1)
      #expect(try give(.discharge(false), &bench, name).isConfirmed)
      #expect(bench.unit.registers[discharge] == 0)
      #expect(try give(.charge(true), &bench, name).isConfirmed)
      #expect(bench.unit.registers[charge] == 1)
      #expect(try give(.soc(.percent(80)), &bench, name).after?.soc == .percent(80))
      #expect(try give(.balance(true), &bench, name).isConfirmed)
      #expect(bench.unit.registers[name == "daly-d2" ? 0xCF : 0xF6] == 1)
      // A board that says yes and does no.
      bench.unit.stubborn = [discharge]
      let outcome = try give(.discharge(true), &bench, name)
      #expect(outcome.isAcknowledged && !outcome.isConfirmed)
      #expect(outcome.after?[.dischargeEnabled] == 0)
    }
  }

  @Test(
    "A classic Daly board takes orders, the real time with its charge, and restarts without a word")
  func classic() throws {
    var bench = WireBench(DalyClassicStore())
    #expect(try give(.discharge(false), &bench, "daly-a5").isConfirmed)
    #expect(!bench.unit.isDischargeOn && bench.unit.isChargeOn)
    #expect(try give(.charge(false), &bench, "daly-a5").isConfirmed)
    #expect(!bench.unit.isChargeOn)
    #expect(try give(.soc(.percent(80)), &bench, "daly-a5").isConfirmed)
    #expect(bench.unit.soc == 800 && bench.unit.clock == [26, 11, 21, 9, 30, 0])
    for answers in [false, true] {
      bench.unit.answersRestart = answers
      let before = bench.unit.restarts
      let outcome = try give(.restart, &bench, "daly-a5")
      #expect(outcome.isConfirmed && outcome.wasSent)
      #expect(bench.unit.restarts == before + 1)
    }
  }

  @Test("An order that is lost on the way is given again; one without any answer is not confirmed")
  func lost() throws {
    var bench = WireBench(DalyStore.d2)
    let control = try control("daly-d2")
    let sight = try look(&bench, control)
    let way = control.plan(.charge(false), sight, at: moment)
    bench.mend()
    var lost = 0
    bench.trouble = { _, bytes in
      guard bytes[1] == 6, lost < 1 else { return nil }
      lost += 1
      return .requestLost
    }
    let job = try #require(
      ControlJob.carry(out: .charge(false), by: way, control, at: bench.now))
    guard case .ended(let outcome) = bench.run(job) else { throw SettingsFailure.silent }
    #expect(outcome.isConfirmed)
    bench.mend()
    bench.unit = .d2
    bench.cutAt = 1
    let other = try #require(
      ControlJob.carry(out: .charge(false), by: way, control, at: bench.now))
    guard case .ended(let end) = bench.run(other) else { throw SettingsFailure.silent }
    #expect(!end.isConfirmed && end.failure == .linkLost)
  }

  @Test("What a language does not have is refused, and every kind has a name and a way")
  func kinds() throws {
    #expect(BatteryControl.of("daly-can".utf8) == nil)
    #expect(
      SettingsMap.all.map { "\($0.language.name)" }
        == [
          "tinybms", "jbd", "daly-a5", "daly-d2", "daly-81", "jk-uart", "jk-pb", "jk-modbus",
          "jk-ble",
        ])
    for control in BatteryControl.all {
      #expect(Dialect.named("\(control.dialect.name)") != nil)
      #expect(!control.kinds.isEmpty)
      for order in [
        .charge(true), .discharge(false), .balance(true), .soc(.percent(50)), .restart,
      ] as [ControlOrder] {
        let way = control.plan(order, ControlSight(Reading()), at: moment)
        guard case .refused(.unknown) = way else {
          #expect(control.kinds.contains(order.kind), "\(control.dialect.name) \(order)")
          continue
        }
        #expect(!control.kinds.contains(order.kind), "\(control.dialect.name) \(order)")
      }
    }
    #expect("\(ControlOrder.soc(.percent(80)))" == "soc 80 %")
    #expect("\(ControlOrder.discharge(false))" == "discharge off")
    #expect(ControlOrder.discharge(false).danger != nil)
  }
}
