// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Text
import Wire

/// `cellbus encode`: the CAN frames that tell an inverter of a reading.
enum EncodeCommand {
  static let command = Command(
    "encode", "turn a reading into the CAN frames for an inverter",
    discussion: """
      Reads one JSON object with a reading under the names that decode prints, and prints a cycle of frames \
      as ID#DATA, a line each.

      A frame is left out where the reading lacks what it must carry: 0x351 needs charge_voltage_limit_v, \
      charge_current_limit_a and discharge_current_limit_a. What the reading does not say is never made up.
      """,
    arguments: [Argument("FILE", "the reading; - is standard input", default: "-")],
    options: [
      Option(
        "profile", "NAME", "the inverter's language",
        .choice(InverterProfile.all.map { "\($0.name)" }), default: "victron"),
      Option(
        "freshness", "STAGE", "how old the reading is to be taken for",
        .choice(Freshness.allCases.map { "\($0.name)" }), default: "fresh"),
    ],
    examples: [
      Command.Example(
        "cellbus encode --profile victron reading.json", "print the frames for a reading"),
      Command.Example(
        "cellbus encode reading.json | cellbus can decode", "see what an inverter reads from them"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let path = try parsed.text("FILE")
    let bytes = try Console.read(path)
    var reading: Reading
    var chargeRequested: Bool?
    let profile = InverterProfile.all[Int(try parsed.number("profile"))]
    var identity = InverterIdentity(manufacturer: Label("\(profile.manufacturer)".utf8))
    do throws(JSONError) {
      let value = try JSON5Reader.read(bytes, as: .json5)
      let object = value["reading"] ?? value
      reading = try Reading(json: object)
      take(object, &reading, &identity)
      chargeRequested = object["charge_requested"]?.bool
    } catch {
      throw CommandFailure("\(path): \(error)", .badData)
    }
    guard reading.hasValues else {
      throw CommandFailure("\(path): no value of a reading is in it", .badData)
    }
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(0), isLive: true)
    let stage = Freshness.allCases[Int(try parsed.number("freshness"))]
    let picture = InverterPicture(
      snapshot: snapshot, freshness: stage, limits: limits(of: reading), identity: identity,
      chargeRequested: chargeRequested)
    let frames = profile.encode(picture)
    for frame in frames { Console.print("\(frame)") }
    return frames.isEmpty ? .failed : .ok
  }

  /// What an inverter's language has beyond the readings of batteries, under the names that decode prints.
  private static func take(
    _ object: JSONValue, _ reading: inout Reading, _ identity: inout InverterIdentity
  ) {
    identity.manufacturer = reading.identity.manufacturer ?? identity.manufacturer
    if let family = object["family"]?.string { identity.family = Label(family.utf8) }
    if let product = object["product_id"]?.int64 { identity.product = UInt16(clamping: product) }
    let decimals = Point.Kind.charge.decimals
    reading[.full] = reading[.full] ?? object["online_capacity_ah"]?.decimal(places: decimals)
    reading[.nominal] = reading[.nominal] ?? object["installed_ah"]?.decimal(places: decimals)
    // A reading with a list of alarms tells of all of them: what is not in it is not active.
    guard reading.reportsAlarms else { return }
    for pair in VictronPair.allCases { reading.reportable.formUnion(pair.alarms) }
  }

  /// The limits that a reading carries itself; `nil` unless all three are there.
  private static func limits(of reading: Reading) -> Limits? {
    guard let voltage = reading.amount(.chargeVoltageLimit, as: VoltageScale.self),
      let charge = reading.amount(.chargeCurrentLimit, as: CurrentScale.self),
      let discharge = reading.amount(.dischargeCurrentLimit, as: CurrentScale.self)
    else { return nil }
    return Limits(
      chargeVoltage: Limit(voltage, .user), chargeCurrent: Limit(charge, .user),
      dischargeCurrent: Limit(discharge, .user),
      dischargeVoltage: reading.amount(.dischargeVoltageLimit, as: VoltageScale.self) ?? .zero,
      mode: .bulk)
  }
}
