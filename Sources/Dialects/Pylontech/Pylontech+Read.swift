// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Pylontech {
  /// Checks one answer and takes its values over.
  static func read(
    _ bytes: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let (asked, answer) = try TildeFrame.answer(bytes, request)
    guard fits(asked.code, answer.info.count) else { throw .unexpected(byte: bytes[9], at: 9) }
    try place(asked, answer, &reading, inverts: inverts)
  }

  static func place(
    _ asked: TildeFrame, _ answer: TildeFrame, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    var fields = TildeFields(answer.info)
    switch asked.code {
    case Command.analog:
      // What all batteries of a group say is no reading of one.
      guard asked.info.first != everyBattery else { throw .notAReading }
      _ = try fields.byte()
      try checkNumber(try fields.byte(), asked)
      let module = try PylontechModule(&fields)
      guard fields.rest == 0 else { throw tail(fields) }
      try module.place(&reading, inverts: inverts)
    case Command.alarms:
      guard asked.info.first != everyBattery else { throw .notAReading }
      _ = try fields.byte()
      try checkNumber(try fields.byte(), asked)
      try PylontechAlarms(&fields).place(&reading)
      guard fields.rest == 0 else { throw tail(fields) }
    case Command.limits:
      try checkNumber(try fields.byte(), asked)
      try placeLimits(&fields, &reading)
    case Command.systemLimits: try placeLimits(&fields, &reading)
    case Command.parameters:
      _ = try fields.byte()
      try placeCutoffs(try fields.words(12), &reading)
    case Command.maker:
      // An answer to 44 may be as long.
      guard TildeCells.isText(answer.info[0..<10]), TildeCells.isText(answer.info[12..<32]) else {
        throw .implausible("its names are no text")
      }
      placeMaker(answer.info, &reading)
    case Command.serial:
      try checkNumber(try fields.byte(), asked)
      reading.identity.serial = Label(try fields.take(16))
    case Command.firmware:
      try checkNumber(try fields.byte(), asked)
      reading.identity.firmware = Label("\(try fields.byte()).\(try fields.byte())".utf8)
    default: throw .notAReading
    }
  }

  private static func tail(_ fields: TildeFields) -> WireError {
    .truncated(got: fields.bytes.count, needed: fields.bytes.count - fields.rest)
  }

  /// The battery that answers names itself: by its address, or by the number that was asked for.
  private static func checkNumber(_ number: UInt8, _ asked: TildeFrame) throws(WireError) {
    guard number == asked.address || number == asked.info.first else {
      throw .unexpected(byte: number, at: 15)
    }
  }

  /// What the battery lets an inverter do; where it asks for no charge at all, the limit is 0.
  private static func placeLimits(
    _ fields: inout TildeFields, _ reading: inout Reading
  ) throws(WireError) {
    let charge = try fields.word()
    let discharge = try fields.word()
    let inward = try fields.signed()
    let outward = try fields.signed()
    let bits = try fields.byte()
    guard charge >= discharge, charge > 0 else {
      throw .implausible("it may be drawn to a higher voltage than charged")
    }
    reading.set(.chargeVoltageLimit, Voltage.millivolts(charge))
    reading.set(.dischargeVoltageLimit, Voltage.millivolts(discharge))
    reading.set(
      .chargeCurrentLimit, Current.deciamperes(bits & 0x80 == 0 ? 0 : Int(inward.magnitude)))
    reading.set(
      .dischargeCurrentLimit, Current.deciamperes(bits & 0x40 == 0 ? 0 : Int(outward.magnitude)))
  }

  private static func placeCutoffs(
    _ words: [UInt16], _ reading: inout Reading
  ) throws(WireError) {
    let highest = CellVoltage.millivolts(words[0])
    let lowest = CellVoltage.millivolts(words[2])
    guard lowest < highest, words[0] <= 5500 else {
      throw .implausible("its limits for cells cannot be")
    }
    reading.cutoffs.cellOvervoltage = highest
    reading.cutoffs.cellUndervoltage = lowest
    reading.cutoffs.chargeOvercurrent = .deciamperes(Int16(bitPattern: words[5]).magnitude)
    reading.cutoffs.dischargeOvercurrent = .deciamperes(Int16(bitPattern: words[11]).magnitude)
    // Above the higher of both neither charging nor discharging goes on.
    reading.cutoffs.overtemperature = try TildeCells.temperature(max(words[3], words[9]))
    reading.cutoffs.chargeUndertemperature = try TildeCells.temperature(words[4])
  }

  private static func placeMaker(_ info: [UInt8], _ reading: inout Reading) {
    reading.identity.model = Label(info[0..<10])
    var name = Array(info[12..<32])
    while name.last == UInt8(ascii: "-") || name.last == 0 { name.removeLast() }
    reading.identity.manufacturer = Label(name)
  }
}
