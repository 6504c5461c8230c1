// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// What the board is and where it trips: commands 0x50 to 0x63.

extension DalyPayload {
  /// Takes the data of one frame about the board's make and its own limits over.
  static func placeSetup(
    _ command: UInt8, _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    switch command {
    case DalyA5.Command.rated:
      reading.set(
        .nominal, Charge(raw: Int64(data.bigUInt16(at: 0)) << 16 | Int64(data.bigUInt16(at: 2))))
    case DalyA5.Command.cellLimits:
      reading.cutoffs.cellOvervoltage = .millivolts(data.bigUInt16(at: 2))
      reading.cutoffs.cellUndervoltage = .millivolts(data.bigUInt16(at: 6))
    case DalyA5.Command.currentLimits:
      // Which pair is the charger's is told differently; with the lesser of both nothing is widened.
      let first = limit(data.bigUInt16(at: 2))
      let second = limit(data.bigUInt16(at: 6))
      reading.cutoffs.chargeOvercurrent = min(first, second)
      reading.cutoffs.dischargeOvercurrent = min(first, second)
    case DalyA5.Command.temperatureLimits:
      reading.cutoffs.overtemperature = Daly.temperature(min(data[1], data[5]))
      reading.cutoffs.chargeUndertemperature = Daly.temperature(data[3])
    case DalyA5.Command.manufacturer:
      reading.identity.manufacturer = try text(
        data, of: 3, after: reading.identity.manufacturer, &facts)
    case DalyA5.Command.model:
      reading.identity.model = try text(data, of: 5, after: reading.identity.model, &facts)
    case DalyA5.Command.serial:
      reading.identity.serial = try text(data, of: 5, after: reading.identity.serial, &facts)
    case DalyA5.Command.software:
      reading.identity.firmware = try text(data, of: 2, after: reading.identity.firmware, &facts)
    case DalyA5.Command.hardware:
      reading.identity.hardware = try text(data, of: 2, after: reading.identity.hardware, &facts)
    default: throw .notAReading
    }
  }

  /// A text so far: seven characters behind a frame number from 1, in as many frames as it is long.
  private static func text(
    _ data: borrowing Span<UInt8>, of pages: Int, after before: Label?, _ facts: inout Facts
  ) throws(WireError) -> Label {
    let seen = facts.isFirst ? 0 : facts[Slot.pages] ?? 0
    guard Int64(data[0]) == seen + 1 else { throw .unexpected(byte: data[0], at: 4) }
    facts[Slot.pages] = seen + 1
    facts.isPartial = seen + 1 < Int64(pages)
    let earlier = facts.isFirst ? nil : before
    var bytes: [UInt8] = []
    for index in 0..<Int(earlier?.count ?? 0) { bytes.append(earlier?[index] ?? 0) }
    return Label(bytes + data.copy(1, 8))
  }

  private static func limit(_ raw: UInt16) -> Current {
    Current.deciamperes(Int(raw) - 30_000).magnitude
  }
}
