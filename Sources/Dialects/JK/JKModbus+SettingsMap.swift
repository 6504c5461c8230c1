// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a JK board of the PB series by Modbus: each is a double word, read in two blocks and
  /// written as one.
  public static func jkModbus(_ options: DialectOptions) -> SettingsMap {
    let unit = JKModbus.unit(of: options)
    let map = JKModbus.map(unit: unit)
    let whole = Dialect.jkModbus(options)
    let ask: @Sendable (UInt16, UInt16) -> Request = { address, count in
      var request = map.question(.init(address, count))
      // A board that was left alone answers only some of the first questions.
      request.tries = 5
      return request
    }
    let writes: @Sendable (UInt16, [UInt16]) -> Request = {
      JKWords.writing(unit, $0, JKWords.number($1))
    }
    return SettingsMap(
      rows: JKModbus.settingRows, rules: JK.rules(movedBy: JKWords.distance), traits: JK.traits,
      language: whole.forSettings(
        scan: { bytes, request in
          guard let request, JKWords.isWrite(request) else { return whole.scan(bytes, request) }
          return JKWords.scan(bytes, request.bytes)
        },
        read: { frame, request, _, _ throws(WireError) in
          if let request, JKWords.isWrite(request) {
            try JKWords.check(frame, request.bytes)
          } else if let request, JKModbusFrame.page(request.bytes) != nil {
            _ = try JKModbusFrame.words(frame, request.bytes)
          } else {
            _ = try ModbusRTU.data(frame, request)
          }
          throw .notAReading
        }),
      questions: [
        .init(.identity, ask(0x1400, 20), isOptional: true),
        .init(.identity, ask(0x1448, 10), isOptional: true),
        .init(.current, ask(0x1000, 38)), .init(.current, ask(0x104C, 30)),
      ],
      words: JKModbus.words, identify: whole.identify, block: JKModbus.block,
      reading: { ask($0 & ~3, 2) }, writes: writes, modbusWrites: writes)
  }
}

extension JKModbus {
  /// The settings, which may be what the frame of settings says of the same places.
  static let settingRows: [Register] = {
    var rows: [Register] = []
    for setting in JK.settings where setting.row.address < 142 && !JK.isSwitch(setting.row) {
      let address = setting.row.address + JKWords.distance
      let named = registers.first { $0.address == address } ?? setting.row.moved(to: address)
      rows.append(named.bounded(like: setting.row))
    }
    rows.sort { $0.address < $1.address }
    return rows
  }()

  /// Every setting is a double word.
  static func block(_ address: UInt16) -> SettingsBlock {
    SettingsBlock(address & ~3, count: 2)
  }

  /// The settings in a checked answer; their addresses count bytes, so that each has room for two words.
  static func words(_ request: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard let data = try? ModbusRTU.data(frame.span, request) else { return nil }
    let start = request.bytes.span.bigUInt16(at: 2)
    var words = SettingsWords()
    guard (0x1000..<0x1200).contains(start) else { return words }
    for place in stride(from: 0, through: data.count - 4, by: 4) {
      words.merge(
        SettingsWords(
          base: start + UInt16(place),
          [data.span.bigUInt16(at: place + 2), data.span.bigUInt16(at: place)]))
    }
    return words
  }
}
