// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a JK board by its Bluetooth module.
  ///
  /// Registers mean other things on other boards: only a map that is fitted to a board whose own account
  /// and whose frames agree about its form has anything that can be written.
  public static func jkBLE(_ options: DialectOptions) -> SettingsMap {
    let whole = Dialect.jkBLE(options)
    let settings = JKBLE.ask(JK.Command.settings)
    return SettingsMap(
      rows: JKBLE.rows(.jk32), rules: JK.rules(), traits: JK.traits,
      language: whole.forSettings(
        scan: { bytes, request in
          guard case .frame(let length) = JK.scan(bytes) else { return JK.scan(bytes) }
          return bytes[4] == JKBLE.awaited(request)
            ? .frame(length: length) : .broadcast(length: length)
        },
        read: { bytes, request, _, _ throws(WireError) in
          let frame = try JKFrame(checked: bytes)
          if request != nil, frame.kind != JKBLE.awaited(request) {
            throw .unexpected(byte: frame.kind, at: 4)
          }
          throw .notAReading
        }),
      questions: [
        .init(.identity, JKBLE.ask(JK.Command.device)),
        .init(.current, JKBLE.ask(JK.Command.device)), .init(.current, settings),
        .init(.current, JKBLE.cellsQuestion),
      ],
      words: JKBLE.words, identify: whole.identify, block: JKPB.block,
      reading: { _ in settings }, writes: { _, _ in settings }, fitting: JKBLE.fit)
  }
}

extension JKBLE {
  /// Waits for the next frame of cells, which come by themselves after the settings.
  static let cellsQuestion: Request = {
    var request = ask(JK.Command.settings)
    request.tag |= 1
    return request
  }()

  /// What kind of frame is waited for.
  static func awaited(_ request: Request?) -> UInt8? {
    request?.tag == cellsQuestion.tag ? JK.Kind.cells : kind(request)
  }

  private static let told = Register(
    0, "form_told", .uint16, .settings, .read,
    "Form of its frames by its own account: 1 the first boards, 2 24 cells, 3 32 cells; 0 unknown.")
  private static let seen = Register(
    1, "form_seen", .uint16, .settings, .read, "The same by its frames of cells.")

  /// The rows of a board of a form; those that it has no register for are read only.
  static func rows(_ layout: JKLayout) -> [Register] {
    var rows = [told, seen]
    if layout == .jk04 {
      for setting in JK04.settings { rows.append(setting.row.whole) }
      return rows
    }
    for setting in JK.settings where setting.isTold(layout) && !JK.isSwitch(setting.row) {
      rows.append(setting.code(layout) == nil ? setting.row.readOnly : setting.row)
    }
    rows.sort { $0.address < $1.address }
    return rows
  }

  /// Makes a map that of a board of which these words are known.
  static func fit(_ words: SettingsWords, _ map: inout SettingsMap) {
    guard let raw = words.raw(told), raw == words.raw(seen),
      let layout = UInt8(exactly: raw).flatMap(JKLayout.init(rawValue:))
    else {
      map.rows = rows(.jk24).map { $0.readOnly }
      return
    }
    let rows = rows(layout)
    map.rows = rows
    map.rules = layout == .jk04 ? [] : JK.rules()
    map.writes = { address, words in
      for row in rows where row.address == address {
        if let raw = SettingsWords(base: address, words).raw(row),
          let write = try? JKWrite(puttingBack: "\(row.name)", raw, on: layout)
        {
          return write.request
        }
      }
      return ask(JK.Command.settings)
    }
  }

  /// What a checked answer tells; `nil` for settings that no board can have.
  static func words(_: Request, _ answer: [UInt8]) -> SettingsWords? {
    guard let frame = try? JKFrame(checked: answer.span) else { return nil }
    switch frame.kind {
    case JK.Kind.device:
      return SettingsWords([.init(told, Int64(JKDevice.layout(frame)?.rawValue ?? 0))])
    case JK.Kind.cells:
      return SettingsWords([.init(seen, Int64(JKLayout.recognize(frame)?.rawValue ?? 0))])
    case JK.Kind.settings:
      guard JKSettings.fits(frame) != JK04.fitsSettings(frame) else { return nil }
      return JKPB.words(frame, JK04.fitsSettings(frame) ? .jk04 : .jk32)
    default: return nil
    }
  }
}
