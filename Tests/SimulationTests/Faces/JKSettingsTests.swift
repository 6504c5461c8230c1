// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

/// Settings of simulated JK boards, in each of their languages.
@Suite("Settings of JK boards") struct JKSettingsTests {
  /// A language with a board that speaks it, and settings of it that are changed.
  enum Board: CaseIterable {
    case uart, pb, modbus, ble24, ble32, first

    var map: SettingsMap {
      switch self {
      case .uart: .jkUART(DialectOptions())
      case .pb: .jkPB(DialectOptions())
      case .modbus: .jkModbus(DialectOptions())
      case .ble24, .ble32, .first: .jkBLE(DialectOptions())
      }
    }

    var face: any UnitFace {
      var design = JKDesign(self == .ble24 ? .cells24 : self == .first ? .first : .cells32)
      design.address = 1
      design.piece = 128
      return switch self {
      case .uart: JKUARTFace(design)
      case .pb: JKPBFace(design)
      case .modbus: ModbusFace.jkModbus()
      case .ble24, .ble32, .first: JKBLEFace(design)
      }
    }

    /// The limit must rise before its release may.
    var wishes: [(String, Int64)] {
      switch self {
      case .uart:
        [("cell_ovpr_v", 3660), ("cell_ovp_v", 3700), ("charge_utp_c", -2), ("capacity_ah", 280)]
      case .first: [("power_off_v", 2750), ("balancer_switch", 0), ("cell_count", 15)]
      default:
        [
          ("cell_ovpr_v", 3660), ("cell_ovp_v", 3700), ("charge_utp_c", -20),
          ("nominal_ah", 280_000),
        ]
      }
    }
  }

  private func plan(
    _ wishes: [(String, Int64)], _ survey: SettingsSurvey, _ map: SettingsMap
  ) throws -> SettingsPlan {
    SettingsPlan(
      try wishes.map { .init(try #require(map.row($0.0), "\($0.0)"), $0.1) }, of: survey, map)
  }

  private func check<Face: UnitFace>(_ board: Board, _ face: Face) throws {
    var bench = FaceBench(face)
    let survey = try bench.survey(board.map)
    let map = board.map.fitted(to: survey.current)
    let wishes = board.wishes
    let plan = try plan(wishes, survey, map)
    #expect(plan.isAllowed && plan.standing.isEmpty, "\(plan.refusals) \(plan.standing)")
    #expect(plan.writes.count == wishes.count)
    bench.mend()
    guard case .ended(let outcome) = bench.run(.apply(plan, to: survey, map, at: bench.now)) else {
      throw SettingsFailure.silent
    }
    #expect(outcome.isApplied, "\(outcome)")
    let after = try bench.survey(board.map)
    for (name, value) in wishes {
      let row = try #require(map.row(name))
      #expect(after.current.value(row) == .number(value), "\(name)")
    }
    var others = after.current
    for write in plan.writes { others.set(try #require(map.row(at: write.address)), 0) }
    var before = survey.current
    for write in plan.writes { before.set(try #require(map.row(at: write.address)), 0) }
    #expect(others == before)
    if board != .first {
      let released = plan.writes.firstIndex {
        map.row(at: $0.address)?.name.hasBytes("cell_ovpr_v".utf8) == true
      }
      let limited = plan.writes.firstIndex {
        map.row(at: $0.address)?.name.hasBytes("cell_ovp_v".utf8) == true
      }
      #expect(try #require(limited) < #require(released))
    }
  }

  @Test("Settings are read, written each as one, and read back", arguments: Board.allCases)
  func set(_ board: Board) throws { try check(board, board.face) }

  private func cut<Face: UnitFace>(_ board: Board, _ face: Face, _ what: FaceTrouble) throws {
    var clean = FaceBench(face)
    let survey = try clean.survey(board.map)
    let map = board.map.fitted(to: survey.current)
    let plan = try plan(Array(board.wishes.prefix(3)), survey, map)
    clean.mend()
    guard case .ended(let best) = clean.run(.apply(plan, to: survey, map, at: clean.now)),
      best.isApplied
    else { throw SettingsFailure.silent }
    let count = clean.requests.count
    var ends: Set<String> = []
    for step in 0..<count {
      var bench = FaceBench(face)
      bench.mend((step, what))
      let end = bench.run(.apply(plan, to: survey, map, at: bench.now))
      bench.mend()
      let held = try bench.survey(board.map).current
      let place = "\(board), \(what) at \(step) of \(count)"
      switch end {
      case .failed:
        ends.insert("failed")
        #expect(held == survey.current, "\(place)")
      case .ended(let outcome) where outcome.isApplied:
        ends.insert("new")
        #expect(held == plan.target, "\(place)")
      case .ended(let outcome) where outcome.isUnchanged:
        ends.insert("old")
        #expect(held == survey.current, "\(place)")
      case .ended(let outcome):
        ends.insert("named")
        // What is not as before is named.
        for address in held.addresses where held[address] != survey.current[address] {
          #expect(
            outcome.notUndone.contains { address &- $0.address < $0.block.count }, "\(place)")
        }
      default: Issue.record("\(place): \(end)")
      }
    }
    let isCut = what == .cutBefore || what == .cutAfter
    #expect(ends.contains(isCut ? "named" : "new"), "\(board), \(what): \(ends)")
    #expect(ends.contains("failed") == isCut, "\(board), \(what): \(ends)")
  }

  @Test(
    "Whatever is lost at whichever step, the board ends old or new, or what is not is named",
    arguments: Board.allCases, FaceTrouble.allCases)
  func trouble(_ board: Board, _ what: FaceTrouble) throws { try cut(board, board.face, what) }

  @Test("What a board does not have, what breaks a relation and the switches are refused")
  func refused() throws {
    var bench = FaceBench(JKBLEFace(JKDesign(.cells24)))
    let survey = try bench.survey(Board.ble24.map)
    let map = Board.ble24.map.fitted(to: survey.current)
    #expect(try plan([("cell_ovp_v", 3400)], survey, map).refusals.map { "\($0.kind)" } == ["rule"])
    #expect(
      try plan([("smart_sleep_v", 3400)], survey, map).refusals.map { "\($0.kind)" }
        == ["read_only"])
    #expect(map.row("precharge_time_s") == nil)
    for board in Board.allCases {
      #expect(board.map.row("charge_switch") == nil && board.map.row("discharge_switch") == nil)
      #expect(board.map.row("charge_switch_setting") == nil)
    }
  }

  @Test("The same setting of two kinds of boards goes to two registers")
  func registers() throws {
    for (form, code) in [(JKDesign.Form.cells24, 0x25 as UInt8), (.cells32, 0x21)] {
      var bench = FaceBench(JKBLEFace(JKDesign(form)))
      let survey = try bench.survey(Board.ble24.map)
      let map = Board.ble24.map.fitted(to: survey.current)
      let plan = try plan([("scp_delay_us", 1400)], survey, map)
      bench.mend()
      guard case .ended(let outcome) = bench.run(.apply(plan, to: survey, map, at: bench.now))
      else { throw SettingsFailure.silent }
      #expect(outcome.isApplied)
      #expect(bench.requests.filter { ![0x96, 0x97].contains($0[4]) }.map { $0[4] } == [code])
    }
  }

  @Test("A board that does not tell for certain which kind it is, is not written")
  func unknown() throws {
    let map = Board.ble32.map
    var bench = FaceBench(JKBLEFace(JKDesign()))
    var survey = try bench.survey(map)
    for (told, seen) in [(2, 3), (3, 2), (0, 3), (3, 0), (0, 0), (9, 9)] as [(Int64, Int64)] {
      survey.current.set(try #require(map.row("form_told")), told)
      survey.current.set(try #require(map.row("form_seen")), seen)
      let fitted = map.fitted(to: survey.current)
      #expect(fitted.isReadOnly)
      let plan = try plan([("cell_ovp_v", 3600)], survey, fitted)
      #expect(plan.refusals.map { "\($0.kind)" } == ["read_only"])
    }
    // A map that was fitted to nothing sends but a question.
    #expect(map.writes(18, [3600, 0]).bytes[4] == 0x96)
  }

  @Test("A double word goes over in one write, the high word first")
  func doubleWords() {
    for (map, address) in [(Board.pb.map, 18 as UInt16), (.jkModbus(DialectOptions()), 0x100C)] {
      let bytes = map.writes(address, [0x5730, 0x0005]).bytes
      #expect(Array(bytes[..<11]) == hex("0110100c00020400055730"))
      #expect(bytes.count == 13)
    }
    #expect(
      Board.uart.map.writes(0xAA00, [0x0118, 0]).bytes
        == hex("4e57001700000000020300aa000001180000000068000001ec"))
  }
}
