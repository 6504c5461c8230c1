// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

/// Orders to simulated JK boards, in each of their languages.
@Suite("Orders to JK boards") struct JKControlTests {
  typealias Board = JKSettingsTests.Board
  static let boards: [Board] = [.uart, .pb, .modbus, .ble24, .ble32]

  private func control(_ board: Board) throws -> BatteryControl {
    try #require(BatteryControl.of("\(board.map.language.name)".utf8))
  }

  private func switches<Face: UnitFace>(_ board: Board, _ face: Face) throws {
    let control = try control(board)
    var bench = FaceBench(face)
    for (order, charge, discharge) in [
      (.discharge(false), true, false), (.charge(false), false, false),
      (.discharge(true), false, true), (.charge(true), true, true),
    ] as [(ControlOrder, Bool, Bool)] {
      let outcome = try bench.give(order, control)
      #expect(outcome.isConfirmed && outcome.wasSent, "\(board) \(order): \(outcome)")
      #expect(bench.face.orders.opensCharge != charge, "\(board) \(order)")
      #expect(bench.face.orders.opensDischarge != discharge, "\(board) \(order)")
    }
  }

  @Test("Each switch is ordered alone, told as set, and seen to follow", arguments: boards)
  func switches(_ board: Board) throws { try switches(board, board.face) }

  private func lost<Face: UnitFace>(_ board: Board, _ face: Face, _ what: FaceTrouble) throws {
    let control = try control(board)
    for step in 0..<6 {
      var bench = FaceBench(face)
      // A switch that is open by itself proves no order.
      bench.holdsCharge = true
      let way = control.plan(
        .charge(false), try bench.look(control), at: ControlMoment([26, 11, 21, 9, 30, 0]))
      bench.mend((step, what))
      let job = try #require(ControlJob.carry(out: .charge(false), by: way, control, at: bench.now))
      guard case .ended(let outcome) = bench.run(job) else { throw SettingsFailure.silent }
      let place = "\(board), \(what) at \(step): \(outcome)"
      if outcome.isConfirmed { #expect(bench.face.orders.opensCharge, "\(place)") }
      if what != .cutBefore, what != .cutAfter { #expect(outcome.isConfirmed, "\(place)") }
      if step == 1, what == .cutBefore { #expect(!outcome.isConfirmed, "\(place)") }
    }
  }

  @Test(
    "An order that was not taken is given again, and none is believed that the board does not tell",
    arguments: boards, FaceTrouble.allCases)
  func lost(_ board: Board, _ what: FaceTrouble) throws { try lost(board, board.face, what) }

  private func held<Face: UnitFace>(_ board: Board, _ face: Face) throws {
    let control = try control(board)
    var bench = FaceBench(face)
    bench.holdsCharge = true
    #expect(try bench.give(.charge(false), control).isConfirmed)
    let outcome = try bench.give(.charge(true), control)
    #expect(!outcome.isConfirmed && outcome.isAcknowledged && outcome.failure == nil)
    #expect(!bench.face.orders.opensCharge)
    #expect(outcome.after?[.chargeEnabled] == 0)
  }

  @Test(
    "A board that takes the order while its switch stays open is not said to have closed it",
    arguments: boards)
  func held(_ board: Board) throws { try held(board, board.face) }

  @Test("Before a Bluetooth board has told which kind it is, nothing is ordered")
  func unknown() throws {
    let control = try control(.ble32)
    let way = control.plan(
      .charge(false), ControlSight(Reading()), at: ControlMoment([26, 11, 21, 9, 30, 0]))
    guard case .refused(.untold(let what)) = way else {
      Issue.record("\(way)")
      return
    }
    #expect("\(what)" == "which kind of board it is")
  }

  @Test(
    "Balancing is a setting; the charge is not counted on, and nothing is restarted",
    arguments: boards)
  func others(_ board: Board) throws {
    let control = try control(board)
    let moment = ControlMoment([26, 11, 21, 9, 30, 0])
    guard
      case .setting(let name, 0) = control.plan(
        .balance(false), ControlSight(Reading()), at: moment)
    else { throw SettingsFailure.silent }
    #expect(board.map.row("\(name)")?.access == .write)
    for order in [.soc(.percent(50)), .restart] as [ControlOrder] {
      guard case .refused(.unknown) = control.plan(order, ControlSight(Reading()), at: moment)
      else {
        Issue.record("\(order)")
        continue
      }
    }
  }
}
