// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a TinyBMS, registers 300 to 343.
  ///
  /// Rules: Tiny BMS User Manual Rev D. Limits depend on the unit's current sensor: command 1D tells
  /// them (Communication Protocols Rev D, 1.1.20).
  public static let tinyBMS = SettingsMap(
    rows: TinyBMS.settingsRegisters,
    rules: [
      .ascending(316, 301, gap: 10), .ascending(301, 300, gap: 10), .ascending(300, 315, gap: 10),
      .ascending(317, 305, gap: 1),
      // The maker's bar of lights does not follow texts every 0.1 to 0.5 s.
      .apart(343, 2...2, 342, 1...3),
      .excluded(337, 1...1), .excluded(337, 11...15),
    ],
    traits: TinyBMS.traits, language: TinyBMS.settingsLanguage, questions: TinyBMS.questions,
    words: TinyBMS.words, identify: TinyBMS.identify,
    reading: { TinyBMS.Command.readModbus(address: $0, count: 1).request },
    writes: { TinyBMS.writing(.writeIndividual([.init($0, $1.first ?? 0)]), $0) },
    modbusWrites: { TinyBMS.writing(.writeModbus(address: $0, $1), $0) })
}

extension TinyBMS {
  /// How many settings there are, from 300 on.
  static let settingsCount: UInt8 = 44

  /// The request of a command that writes one setting.
  static func writing(_ command: Command, _ address: UInt16) -> Request {
    var request = command.request
    // What becomes of it is read back before it is sent again.
    request.tries = 1
    // A change of the port mode restarts the unit.
    if address == 340 { request.pauseAfter = 2000 }
    return request
  }

  static let questions: [SettingsQuestion] = [
    .init(.identity, Command.readModbus(address: 500, count: 10).request),
    .init(.minimum, ask(.minimum), isOptional: true),
    .init(.maximum, ask(.maximum), isOptional: true),
    .init(.standard, ask(.byDefault), isOptional: true),
    .init(
      .current, ask(.current),
      instead: Command.readModbus(address: 300, count: settingsCount).request),
  ]

  private static func ask(_ which: Settings) -> Request {
    Command.settings(which, count: settingsCount).request
  }

  /// The language with a `read` that checks frames and believes them.
  static let settingsLanguage: Dialect = {
    let whole = Dialect.tinyBMS
    return Dialect(
      name: whole.name, title: whole.title, maker: whole.maker, summary: whole.summary,
      provenance: whole.provenance, doors: whole.doors, registers: whole.registers, polls: [],
      wake: whole.wake, modbusWake: whole.modbusWake, transientCodes: whole.transientCodes,
      scan: whole.scan,
      read: { frame, request, _, _ throws(WireError) in
        guard let sent = request?.bytes, case .command(let command, _) = parseRequest(sent.span)
        else { throw .notAReading }
        if frame[1] == sent[1] | 0x80 { try checkException(frame) }
        if case .refused(let command, let code) = try Reply(frame, to: command) {
          throw .refused(command: command, code: code)
        }
        throw .notAReading
      }, explain: whole.explanation)
  }()

  /// The words of a checked answer to a request that reads some.
  static func words(_ request: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard frame.count >= 5, frame[1] == 0x03 || frame[1] == 0x1D else { return nil }
    let count = Int(frame[2]) / 2
    guard count > 0, frame.count == 5 + 2 * count else { return nil }
    guard frame[1] == 0x03 else {
      return SettingsWords(base: 300, littleWords(frame.span, from: 3, count: count))
    }
    guard request.bytes.count >= 4 else { return nil }
    return SettingsWords(
      base: request.bytes.span.bigUInt16(at: 2), bigWords(frame.span, from: 3, count: count))
  }

  static func identify(_ request: Request, _ frame: [UInt8], _ identity: inout Identity) {
    guard let words = words(request, frame) else { return }
    var block = Block(base: Block.version)
    var list: [UInt16] = []
    for address in words.addresses { list.append(words[address] ?? 0) }
    block.take(list, address: words.addresses.first ?? 0)
    var reading = Reading()
    placeVersion(block, &reading)
    identity = reading.identity
  }

  static func traits(_ row: Register) -> SettingTraits {
    switch row.address {
    case 305, 317, 318:
      .init(danger: "Too high a current is not switched off and can start a fire.")
    case 307: .init(danger: "With a wrong number of cells no cell is watched rightly.")
    case 315: .init(danger: "Cells above what they bear are damaged and can burn.")
    case 316: .init(danger: "Cells below what they bear are damaged for good.")
    case 319, 320: .init(danger: "Cells outside their temperatures are damaged and can burn.")
    case 323: .init(danger: "What the unit has counted is lost.", isOrder: true)
    case 328: .init(danger: "What the unit has counted is lost.", isOrder: true)
    case 329:
      .init(danger: "Currents may be taken the wrong way, or faults not noticed.", bits: 0b111)
    case 330 where row.form == .uint8High:
      .init(danger: "For as long an over-current is not switched off.")
    case 331, 333, 341:
      .init(danger: "On a wrong output the unit cannot switch the battery off.")
    case 332: .init(danger: "How soon the unit switches on again after a fault.")
    case 335, 337, 338: .init(danger: "A wrong one can overload a switch or leave it open.")
    case 339: .init(danger: "With the wrong sensors temperatures are wrong.")
    case 340: .init(danger: "The unit restarts and switches at other outputs.", restarts: true)
    default: .init()
    }
  }
}
