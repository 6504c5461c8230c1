// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of the boards' Bluetooth modules: three questions, and a stream of frames that nobody asks
/// for again.
///
/// Source: captures of ten boards in the fixtures; syssi/esphome-jk-bms; docs/protocols/jk.md.
enum JKBLE {
  /// Where the conversation remembers what.
  enum Slot {
    /// The form of the frames of cells.
    static let seen = 0
    /// The form by the board's own account.
    static let told = 1
    /// Whether the board has five sensors.
    static let sensors = 2
    /// When the settings were told last, or missed last.
    static let settings = 3
    /// Whether they were ever told.
    static let hasSettings = 4
  }

  /// The form of a board, known for certain: its own account and its frames agree.
  static func layout(_ facts: Facts) -> JKLayout? {
    guard let seen = facts[Slot.seen], seen == facts[Slot.told] else { return nil }
    return UInt8(exactly: seen).flatMap(JKLayout.init(rawValue:))
  }

  /// The form of a board, as far as anything tells it.
  static func likelyLayout(_ facts: Facts) -> JKLayout? {
    (facts[Slot.seen] ?? facts[Slot.told]).flatMap { UInt8(exactly: $0) }
      .flatMap(JKLayout.init(rawValue:))
  }

  /// What is asked by itself: who the board is once, then the settings, upon which it streams.
  ///
  /// The settings are asked for again where the stream stays away for five seconds, and every ten minutes,
  /// since the maker's program may have changed them.
  static let polls: [Poll] = [
    Poll(ask(JK.Command.device), .once),
    Poll(ask(JK.Command.settings), .every(5000), isStandby: true),
  ]
  private static let settingsPoll = 1
  private static let settingsAge: Int64 = 600_000
  private static let settingsPatience: Int64 = 15_000

  /// A question.
  static func ask(_ command: UInt8) -> Request {
    Request(
      tag: UInt32(command) << 16, bytes: JK.encode(command), timeout: 1500, pauseAfter: 200)
  }

  /// What stands at the head of the bytes received.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard case .frame(let length) = JK.scan(bytes) else { return JK.scan(bytes) }
    return bytes[4] == kind(request) ? .frame(length: length) : .broadcast(length: length)
  }

  /// What kind of frame answers a request; `nil` where none does.
  static func kind(_ request: Request?) -> UInt8? {
    guard let bytes = request?.bytes, bytes.count >= 5 else { return nil }
    switch bytes[4] {
    case JK.Command.settings: return JK.Kind.settings
    case JK.Command.device: return JK.Kind.device
    case JK.Command.log: return JK.Kind.log
    default: return nil
    }
  }

  /// Checks one frame and takes its values over.
  static func read(
    _ bytes: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let frame = try JKFrame(checked: bytes)
    if request != nil, frame.kind != kind(request) { throw .unexpected(byte: frame.kind, at: 4) }
    switch frame.kind {
    case JK.Kind.cells:
      try place(cells: frame, &facts, &reading)
      if inverts { reading[.current] = reading[.current].map { -$0 } }
    case JK.Kind.settings:
      guard JKSettings.fits(frame) != JK04.fitsSettings(frame) else {
        throw .implausible("its settings are none that a board can have")
      }
      if JK04.fitsSettings(frame) {
        JKSettings.place04(frame, &reading)
      } else {
        JKSettings.place(frame, &reading)
      }
      facts[Slot.settings] = facts.now.milliseconds
      facts[Slot.hasSettings] = 1
    case JK.Kind.device:
      JKDevice.place(frame, &reading)
      facts[Slot.told] = JKDevice.layout(frame).map { Int64($0.rawValue) }
      facts[Slot.sensors] = JKDevice.hasMoreSensors(frame) ? 1 : 0
    default: throw .notAReading
    }
  }

  private static func place(
    cells frame: JKFrame, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    guard let layout = JKLayout.recognize(frame) else {
      throw .implausible("its cells and its voltage do not belong together")
    }
    try JKCells.place(frame, layout, hasMoreSensors: facts[Slot.sensors] == 1, &reading)
    facts[Slot.seen] = Int64(layout.rawValue)
    facts.isLive = true
    missSettings(&facts)
  }

  /// Asks for the settings where they are old, or never came although the stream runs.
  private static func missSettings(_ facts: inout Facts) {
    let now = facts.now.milliseconds
    let isTold = facts[Slot.hasSettings] == 1
    guard let last = facts[Slot.settings] else {
      facts[Slot.settings] = now
      return
    }
    guard now - last > (isTold ? settingsAge : settingsPatience) else { return }
    facts[Slot.settings] = now
    facts.want(settingsPoll)
  }
}

extension Dialect {
  /// JK boards by their Bluetooth module.
  public static func jkBLE(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "jk-ble", title: "JK, by Bluetooth", maker: JK.maker,
      summary:
        "JK boards of 4 to 32 cells by their Bluetooth module, and the balancers before them.",
      provenance: .captured,
      doors: [.bluetooth(service: 0xFFE0, notify: 0xFFE1, write: 0xFFE1)],
      registers: JK.settings.map { $0.row }, keys: JKCells.keys, polls: JKBLE.polls,
      tellsCutoffs: true, trust: Trust(.sum8), choices: DialectChoices(invertsCurrent: true),
      scan: JKBLE.scan,
      read: { frame, request, facts, reading throws(WireError) in
        try JKBLE.read(frame, request, &facts, &reading, inverts: inverts)
      },
      explain: { request, chunks, facts in
        JKBLE.explain(request, chunks, &facts, inverts: inverts)
      })
  }
}
