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
        "profile", "NAME", "the inverter's language", .choice(["victron"]), default: "victron"),
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
    let reading: Reading
    do throws(JSONError) {
      let value = try JSON5Reader.read(bytes, as: .json5)
      reading = try Reading(json: value["reading"] ?? value)
    } catch {
      throw CommandFailure("\(path): \(error)", .badData)
    }
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(0), isLive: true)
    let stage = Freshness.allCases[Int(try parsed.number("freshness"))]
    let picture = InverterPicture(
      snapshot: snapshot, freshness: stage, limits: limits(of: reading),
      identity: InverterIdentity(manufacturer: reading.identity.manufacturer ?? Label("Cellbus")))
    let frames = Victron.encode(picture)
    for frame in frames { Console.print("\(frame)") }
    return frames.isEmpty ? .failed : .ok
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
