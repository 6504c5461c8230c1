// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The parameters of a JBD board, which it tells and takes in factory mode only.
  ///
  /// Rules: a limit trips beyond the value at which it is over. The maker states no limits of its own;
  /// docs/protocols/jbd.md says which are held to.
  public static func jbd(_ options: DialectOptions) -> SettingsMap {
    SettingsMap(
      rows: JBD.settings, rules: JBD.rules, traits: JBD.traits, language: JBD.settingsLanguage,
      questions: JBD.questions, words: JBD.words, identify: JBD.identify,
      reading: { JBD.parameter(UInt8(truncatingIfNeeded: $0)) }, writes: JBD.writing,
      mode: JBD.factoryMode(options.password), fitting: { $1.rows = JBD.rows($0) },
      codeMeaning: JBD.meaning)
  }
}

extension JBD {
  /// Words that are told and written bit by bit, or byte by byte.
  private static let whole: [UInt16] = [0x2D, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F]

  /// The rows of a board that counts in fine steps.
  static let settings: [Battery.Register] = {
    var rows: [Battery.Register] = []
    for row in registers where row.bits != nil || !whole.contains(row.address) { rows.append(row) }
    func place(_ row: Battery.Register) -> Int {
      Int(row.address) * 16 + Int(row.bits?.lowerBound ?? 0)
    }
    rows.sort { place($0) < place($1) }
    return rows
  }()

  /// The rows of a board with these parameters: the units of some depend on one of its functions.
  static func rows(_ words: SettingsWords) -> [Battery.Register] {
    guard let functions = words[0x2D], functions >> 12 & 1 == 1 else { return settings }
    var rows: [Battery.Register] = []
    for row in settings {
      switch row.address {
      case 0x10, 0x11: rows.append(row.scaled(decimals: 1))
      case 0x2C: rows.append(row.scaled(decimals: 2))
      default: rows.append(row)
      }
    }
    return rows
  }

  static let rules: [SettingRule] = [
    .ascending(0x26, 0x27, gap: 1), .ascending(0x27, 0x25, gap: 1), .ascending(0x25, 0x24, gap: 1),
    .ascending(0x37, 0x26, gap: 0), .ascending(0x24, 0x36, gap: 0),
    .ascending(0x22, 0x23, gap: 1), .ascending(0x23, 0x21, gap: 1), .ascending(0x21, 0x20, gap: 1),
    .ascending(0x1A, 0x1B, gap: 1), .ascending(0x1B, 0x19, gap: 1), .ascending(0x19, 0x18, gap: 1),
    .ascending(0x1E, 0x1F, gap: 1), .ascending(0x1F, 0x1D, gap: 1), .ascending(0x1D, 0x1C, gap: 1),
    .ascending(0x13, 0x35, gap: 1), .ascending(0x35, 0x34, gap: 1), .ascending(0x34, 0x33, gap: 1),
    .ascending(0x33, 0x32, gap: 1), .ascending(0x32, 0x12, gap: 1),
  ]

  static func traits(_ row: Battery.Register) -> SettingTraits {
    switch row.address {
    case 0x18, 0x1A, 0x1C, 0x1E:
      .init(danger: "Cells outside their temperatures are damaged and can burn.")
    case 0x20, 0x24, 0x36: .init(danger: "Cells above what they bear are damaged and can burn.")
    case 0x22, 0x26, 0x37: .init(danger: "Cells below what they bear are damaged for good.")
    case 0x28, 0x29, 0x38:
      .init(danger: "Too high a current is not switched off and can start a fire.")
    case 0x2D where row.bits == 12...12:
      .init(danger: "All charges are counted in other steps; currents may be, too.")
    case 0x2E: .init(danger: "A sensor that is left out is not watched.", bits: 0xFF)
    case 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F:
      .init(danger: "For as long a protection does not act.")
    default: .init()
    }
  }

  static func meaning(_ code: UInt8) -> StaticString? {
    switch code {
    case 0x80: "it does not know the command"
    case 0x81: "not allowed: a password is set, or it is not in factory mode"
    case 0x82: "it read a wrong checksum"
    case 0x83: "the password is wrong"
    default: nil
    }
  }

  /// Factory mode: its protections go on working, while its app is kept out.
  static func factoryMode(_ password: [UInt8]) -> SettingsMode {
    var enter: [Request] = []
    if !password.isEmpty {
      // Digits go over as their values.
      var digits: [UInt8] = [6]
      for index in 0..<6 {
        let digit = index < password.count ? password[index] : 0
        digits.append((0x30...0x39).contains(digit) ? digit - 0x30 : digit)
      }
      enter.append(order(Register.usePassword, digits))
    }
    enter.append(order(Register.openFactory, [0x56, 0x78]))
    return SettingsMode(
      enter: enter, leave: order(Register.closeFactory, [0, 0]),
      keep: order(Register.closeFactory, [0x28, 0x28]), closedCode: 0x81, unknownCode: 0x80,
      notice: """
        The battery is put into factory mode to read its settings, and is taken out of it afterwards; its \
        protections go on working, its app is kept out for as long.
        """)
  }

  /// An order to a register; may be sent again.
  static func order(_ register: UInt8, _ data: [UInt8]) -> Request {
    Request(
      tag: UInt32(register) << 16 | 1, bytes: encode(write, register, data), timeout: 600,
      pauseAfter: 100)
  }

  static func parameter(_ register: UInt8) -> Request {
    Request(
      tag: UInt32(register) << 16, bytes: encode(read, register), timeout: 600, pauseAfter: 60)
  }

  /// The request that writes a word or a text; what becomes of it is read back before it is sent again.
  static func writing(_ address: UInt16, _ words: [UInt16]) -> Request {
    let register = UInt8(truncatingIfNeeded: address)
    var data: [UInt8] = []
    if register >= Register.manufacturer {
      data.append(UInt8(truncatingIfNeeded: words.count))
      for word in words { data.append(UInt8(truncatingIfNeeded: word)) }
    } else {
      data.appendBig(words.first ?? 0)
    }
    var request = order(register, data)
    request.tries = 1
    return request
  }

  static let questions: [SettingsQuestion] = {
    var all: [SettingsQuestion] = [
      .init(.identity, parameter(Register.model), isRefusable: true),
      .init(.identity, parameter(0x16), isRefusable: true),
      .init(.identity, parameter(Register.barcode), isRefusable: true),
    ]
    for register in 0x10...0x47 as ClosedRange<UInt8> {
      all.append(.init(.current, parameter(register), isRefusable: register != 0x10))
    }
    for register in Register.manufacturer...Register.barcode {
      all.append(.init(.current, parameter(register), isRefusable: true))
    }
    return all
  }()

  /// What a checked answer to a reading tells.
  static func words(_ request: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard request.bytes.count >= 7, request.bytes[1] == read, frame.count >= 7,
      frame[1] == request.bytes[2]
    else { return nil }
    let data = frame.span.copy(4, frame.count - 3)
    switch frame[1] {
    case 0x10...0x47:
      return data.count == 2
        ? SettingsWords(base: UInt16(frame[1]), [data.span.bigUInt16(at: 0)]) : nil
    case Register.manufacturer...Register.barcode:
      return SettingsWords(address: UInt16(frame[1]), text: characters(data))
    default: return SettingsWords(address: UInt16(frame[1]), text: data)
    }
  }

  /// The characters behind a length, without the zeros that stand for nothing.
  private static func characters(_ data: [UInt8]) -> [UInt8] {
    guard let count = data.first else { return [] }
    var bytes = Array(data.dropFirst().prefix(Int(count)))
    while bytes.last == 0 { bytes.removeLast() }
    return bytes
  }

  /// The serial number is the bar code where there is one, else the number that the maker gave.
  static func identify(_ request: Request, _ frame: [UInt8], _ identity: inout Identity) {
    guard let words = words(request, frame), let cell = words.cell(UInt16(frame[1])) else { return }
    switch frame[1] {
    case Register.model: identity.model = Label(cell.map { UInt8(truncatingIfNeeded: $0) })
    case 0x16:
      if let number = cell.first, number > 0 { identity.serial = Label(String(number).utf8) }
    case Register.barcode:
      if !cell.isEmpty { identity.serial = Label(cell.map { UInt8(truncatingIfNeeded: $0) }) }
    default: break
    }
  }

  /// The language with a `read` that checks frames and believes them.
  static let settingsLanguage: Dialect = Dialect.jbd(DialectOptions()).forSettings {
    frame, request, _, _ throws(WireError) in
    _ = try data(frame, request)
    throw .notAReading
  }
}
