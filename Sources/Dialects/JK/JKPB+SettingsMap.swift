// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a JK board of the PB series: read by the frame that a trigger makes it send, written
  /// as double words by Modbus, and read back by the trigger.
  public static func jkPB(_ options: DialectOptions) -> SettingsMap {
    let unit = options.address ?? 1
    let whole = Dialect.jkPB(options)
    return SettingsMap(
      rows: JKPB.settings, rules: JK.rules(), traits: JK.traits,
      language: whole.forSettings(
        scan: { bytes, request in
          guard let request, JKWords.isWrite(request) else { return JKPB.scan(bytes, request) }
          return JKWords.scan(bytes, request.bytes)
        },
        read: { frame, request, _, _ throws(WireError) in
          if let request, JKWords.isWrite(request) {
            try JKWords.check(frame, request.bytes)
          } else {
            _ = try JKPB.frame(frame, request?.bytes)
          }
          throw .notAReading
        }),
      questions: [
        .init(.identity, JKPB.ask(unit, JKPB.Trigger.about), isOptional: true),
        .init(.current, JKPB.ask(unit, JKPB.Trigger.settings)),
      ],
      words: JKPB.words, identify: whole.identify, block: JKPB.block,
      reading: { _ in JKPB.ask(unit, JKPB.Trigger.settings) },
      writes: {
        JKWords.writing(unit, $0 &+ JKWords.distance, JKWords.number($1))
      })
  }
}

extension JKPB {
  /// How settings behind the resistances of the wires are written by Modbus is not published.
  static let settings: [Register] = {
    var settings: [Register] = []
    for setting in JK.settings where !JK.isSwitch(setting.row) {
      settings.append(setting.row.address < 142 ? setting.row : setting.row.readOnly)
    }
    settings.sort { $0.address < $1.address }
    return settings
  }()

  /// Every number up to the flags at 282 is a double word.
  static func block(_ address: UInt16) -> SettingsBlock {
    guard (6..<278).contains(address) else { return SettingsBlock(address) }
    return SettingsBlock(6 + (address - 6) / 4 * 4, count: 2)
  }

  /// What a checked answer tells; one that is about something else tells nothing of the settings.
  static func words(_: Request, _ answer: [UInt8]) -> SettingsWords? {
    guard answer.count >= JKFrame.length, let frame = try? JKFrame(checked: answer.span) else {
      return nil
    }
    guard frame.kind == JK.Kind.settings else { return SettingsWords() }
    return JKSettings.fits(frame) ? words(frame, .jk32) : nil
  }

  /// What a frame of settings holds.
  static func words(_ frame: JKFrame, _ layout: JKLayout?) -> SettingsWords {
    var values: [Exchange.RegisterValue] = []
    for value in JKSettings.registers(frame, layout) where !JK.isSwitch(value.row) {
      values.append(.init(value.row.form == .float32 ? value.row.whole : value.row, value.raw))
    }
    return SettingsWords(values)
  }
}
