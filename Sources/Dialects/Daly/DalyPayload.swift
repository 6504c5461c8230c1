// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The eight bytes of data of the classic language, which its frames on the serial line and on CAN share.
///
/// Bytes beyond those that a command defines are left over from earlier answers and mean nothing.
enum DalyPayload {
  /// Where the conversation remembers what.
  enum Slot {
    static let cells = 0
    static let sensors = 1
    /// Which numbered frames of the present answer have come, a bit each.
    static let pages = 2
  }

  /// The most cells and sensors that the language can number.
  static let cells = 1...48
  static let sensors = 0...16

  /// Takes the data of one frame over.
  static func place(
    _ command: UInt8, _ data: borrowing Span<UInt8>, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard data.count >= 8 else { throw .truncated(got: data.count, needed: 8) }
    switch command {
    case DalyA5.Command.pack: try placePack(data, &reading, inverts: inverts)
    case DalyA5.Command.cellExtremes: placeCellExtremes(data, &reading)
    case DalyA5.Command.temperatureExtremes:
      reading.set(.temperatureMax, Daly.temperature(data[0]))
      reading.set(.temperatureMin, Daly.temperature(data[2]))
    case DalyA5.Command.switches: placeSwitches(data, &reading)
    case DalyA5.Command.counts: try placeCounts(data, &facts, &reading)
    case DalyA5.Command.cells: try placeCells(data, &facts, &reading)
    case DalyA5.Command.temperatures: try placeTemperatures(data, &facts, &reading)
    case DalyA5.Command.balancing: placeBalancing(data, facts, &reading)
    case DalyA5.Command.faults:
      let bytes = data.copy(0, 7)
      Daly.placeFaults({ bytes[$0] }, &reading)
    default: try placeSetup(command, data, &facts, &reading)
    }
  }

  private static func placePack(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let soc = data.bigUInt16(at: 6)
    guard soc <= 1000 else { throw .implausible("the state of charge is above 100 %") }
    reading.set(.voltage, Voltage.decivolts(data.bigUInt16(at: 0)))
    reading.set(.current, Daly.current(data.bigUInt16(at: 4), risesWhenCharging: inverts))
    reading.set(.soc, Daly.share(soc))
  }

  private static func placeCellExtremes(_ data: borrowing Span<UInt8>, _ reading: inout Reading) {
    reading.set(.cellMax, CellVoltage.millivolts(data.bigUInt16(at: 0)))
    reading[.cellMaxNumber] = Int64(data[2])
    reading.set(.cellMin, CellVoltage.millivolts(data.bigUInt16(at: 3)))
    reading[.cellMinNumber] = Int64(data[5])
  }

  private static func placeSwitches(_ data: borrowing Span<UInt8>, _ reading: inout Reading) {
    reading[.status] = Int64(data[0])
    reading[.chargeEnabled] = data[1] == 1 ? 1 : 0
    reading[.dischargeEnabled] = data[2] == 1 ? 1 : 0
    reading.set(
      .remaining, Charge(raw: Int64(data.bigUInt16(at: 4)) << 16 | Int64(data.bigUInt16(at: 6))))
  }

  private static func placeCounts(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    guard cells.contains(Int(data[0])) else { throw .implausible("its number of cells cannot be") }
    guard sensors.contains(Int(data[1])) else {
      throw .implausible("its number of sensors cannot be")
    }
    facts[Slot.cells] = Int64(data[0])
    facts[Slot.sensors] = Int64(data[1])
    reading[.cellCount] = Int64(data[0])
    reading[.cycles] = Int64(data.bigUInt16(at: 5))
  }

  private static func placeCells(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    let count = Int(facts[Slot.cells] ?? Int64(cells.upperBound))
    let page = try begin(data[0], of: (count + 2) / 3, &facts) { reading.cells = Cells() }
    guard let page else { return }
    for place in 0..<3 where 3 * page + place < count {
      let raw = data.bigUInt16(at: 1 + 2 * place)
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.place(.millivolts(raw), at: 3 * page + place)
    }
  }

  private static func placeTemperatures(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    let count = Int(facts[Slot.sensors] ?? Int64(sensors.upperBound))
    let pages = max(1, (count + 6) / 7)
    let page = try begin(data[0], of: pages, &facts) { reading.temperatures = Temperatures() }
    guard let page else { return }
    for place in 0..<7 where 7 * page + place < count {
      reading.temperatures.place(Daly.temperature(data[1 + place]), at: 7 * page + place)
    }
  }

  /// Notes that a numbered frame came, and whether more are to come.
  ///
  /// - Returns: its number from 0; `nil` for one beyond those that are needed.
  private static func begin(
    _ number: UInt8, of pages: Int, _ facts: inout Facts, _ clear: () -> Void
  ) throws(WireError) -> Int? {
    guard (1...16).contains(number) else { throw .unexpected(byte: number, at: 4) }
    if facts.isFirst {
      facts[Slot.pages] = 0
      clear()
    }
    let page = Int(number) - 1
    var seen = facts[Slot.pages] ?? 0
    if page < pages { seen |= 1 << Int64(page) }
    facts[Slot.pages] = seen
    facts.isPartial = seen != (1 << Int64(pages)) - 1
    return page < pages ? page : nil
  }

  /// Byte 0 bit 0 is the first cell; no capture with a balancing cell is known (docs/protocols/daly.md).
  private static func placeBalancing(
    _ data: borrowing Span<UInt8>, _ facts: Facts, _ reading: inout Reading
  ) {
    var bits: UInt64 = 0
    for index in 0..<6 { bits |= UInt64(data[index]) << (8 * UInt64(index)) }
    if let count = facts[Slot.cells], count < 64 { bits &= (1 << UInt64(count)) - 1 }
    reading.cells.balancing = bits
    reading.cells.reportsBalancing = true
    reading[.balancing] = bits == 0 ? 0 : 1
  }
}
