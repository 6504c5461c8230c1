// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A unit alone on a table: its senses are set by hand, its clocks run together.
struct UnitBench {
  var unit: TinyBMSUnit
  var senses = Senses()
  var now = Tick(0)

  /// A 16-cell LFP unit of 100 Ah at rest.
  init(
    series: Int = 16, soc: Percent = .percent(50), design: TinyBMSUnit.Design = .init(),
    _ settings: [(Int, UInt16)] = []
  ) {
    var block = TinyBMSSettings(.lfp, series: series, capacity: 100)
    for (address, word) in settings { block[address] = word }
    unit = TinyBMSUnit(design, settings: block, soc: soc, seed: 1, at: now)
    setCells(.init(repeating: 3300, count: series))
    senses.outside = (.degrees(22), .degrees(23))
    run(1)
  }

  /// Sets all cells, mV.
  mutating func setCells(_ millivolts: [Int]) {
    senses.cells = Cells()
    for voltage in millivolts { senses.cells.append(.millivolts(voltage)) }
  }

  /// Lets so many tenths of a second pass.
  mutating func run(_ tenths: Int) {
    for _ in 0..<tenths {
      now = now + 100
      unit.measure(senses, at: now)
    }
  }

  /// Ids of the events so far, oldest first.
  var events: [UInt8] { unit.events.events.map(\.id) }

  /// Whether the switches are closed.
  var switches: [Bool] { [unit.isLoadOn, unit.isChargerOn] }

  /// Connects a charger and waits until its switch has closed.
  mutating func connectCharger() {
    senses.hasCharger = true
    run(60)
  }

  /// What the unit sends back to these bytes within two seconds, and after how many ms.
  mutating func exchange(_ bytes: [UInt8]) -> (bytes: [UInt8], delay: Int64)? {
    unit.received(bytes.span, at: now)
    let start = now
    while now - start < 2000 {
      switch unit.next(at: now) {
      case .send(let reply): return (reply, now - start)
      case .wait(let until):
        guard until - start < 2000 else {
          // A host gives up after a while.
          now = start + 300
          return nil
        }
        now = max(now, until)
      }
    }
    return nil
  }

  /// Wakes the unit as a host does.
  mutating func wake() throws {
    for _ in 0..<2 { _ = try ask(.status) }
  }

  /// The answer to a command; `nil` when none came.
  mutating func ask(_ command: TinyBMS.Command) throws -> TinyBMS.Reply? {
    guard let reply = exchange(command.encode()) else { return nil }
    return try TinyBMS.Reply(reply.bytes.span, to: command)
  }

  /// The words of registers by the Modbus form.
  mutating func read(_ address: UInt16, _ count: UInt8) throws -> [UInt16] {
    guard case .readModbus(let words) = try ask(.readModbus(address: address, count: count)) else {
      return []
    }
    return words
  }

  /// Writes one setting and waits until the unit hears again.
  mutating func write(_ address: UInt16, _ word: UInt16) throws -> TinyBMS.Reply? {
    let reply = try ask(.writeIndividual([TinyBMS.Word(address, word)]))
    run(10)
    return reply
  }
}
