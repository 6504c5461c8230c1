// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The "serial CAN" that Discover AES batteries speak behind a LYNK II, listened to: frames with
/// identifiers of Victron's protocol, some with another meaning.
///
/// Source: a captured cycle (ai-republic/bms-to-inverter issue 107) with the maker's scales as its owner
/// read them; docs/protocols/victron-can.md.
public enum DiscoverCAN {
  static let bitrate = 250_000

  /// The identifiers of the protocol.
  public enum Identifier {
    /// What an inverter may do; it begins a cycle.
    public static let limits: UInt32 = 0x351
    /// Charge in whole Ah.
    public static let charge: UInt32 = 0x354
    /// State of charge and of health.
    public static let state: UInt32 = 0x355
    /// Voltage, current, temperature.
    public static let measured: UInt32 = 0x356
    /// Alarms and warnings; it ends a cycle.
    public static let alarms: UInt32 = 0x35A
    /// Who made it.
    public static let maker: UInt32 = 0x35E
    /// The first half of the model's name.
    public static let model: UInt32 = 0x370
    /// The second half.
    public static let modelTail: UInt32 = 0x371
    /// Version of the LYNK II.
    public static let firmware: UInt32 = 0x372
    /// Version of the protocol.
    public static let version: UInt32 = 0x373
  }

  /// What a conversation keeps.
  enum Slot {
    /// Which frames of the cycle have come, a bit each.
    static let seen = 0
    /// When the cycle began, ms.
    static let began = 1
    /// The first half of the model's name, as eight bytes.
    static let model = 2
  }

  /// How long a cycle may last, in milliseconds; they come once a second.
  static let longestCycle: Int64 = 900

  /// What stands at the head of the records received.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count >= CANRecord.length else { return .incomplete }
    guard let frame = CANRecord.frame(bytes) else { return .skip(1) }
    return isKnown(frame)
      ? .broadcast(length: CANRecord.length) : .skip(CANRecord.length)
  }

  private static func isKnown(_ frame: CANFrame) -> Bool {
    guard !frame.isExtended else { return false }
    switch frame.id {
    case 0x351, 0x354, 0x355, 0x356, 0x35E, 0x370, 0x371: return frame.count == 8
    case 0x35A: return frame.count >= 7
    case 0x372, 0x373: return frame.count >= 4
    default: return false
    }
  }

  /// Takes the values of a frame over: a cycle makes one reading, told with its last frame, and only
  /// where all of it came.
  static func read(
    _ record: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard record.count >= CANRecord.length, let frame = CANRecord.frame(record) else {
      throw .truncated(got: record.count, needed: CANRecord.length)
    }
    guard isKnown(frame) else { throw .unexpected(byte: record[3], at: 3) }
    let data = frame.payload
    guard let bit = place(in: frame.id) else {
      // Names come between the cycles or within; what was gathered of one goes on.
      facts.isPartial = facts[Slot.seen] != nil
      name(frame.id, data, &facts, &reading)
      return
    }
    if frame.id == Identifier.limits {
      reading = Reading()
      facts[Slot.seen] = 0
      facts[Slot.began] = facts.now.milliseconds
    }
    guard let seen = facts[Slot.seen], let began = facts[Slot.began],
      facts.now.milliseconds - began <= longestCycle
    else {
      // The middle of a cycle whose beginning was not heard.
      reading = Reading()
      facts[Slot.seen] = nil
      return
    }
    try place(frame.id, data.span, &reading, inverts: inverts)
    facts[Slot.seen] = seen | 1 << bit
    guard frame.id == Identifier.alarms else {
      facts.isPartial = true
      return
    }
    facts[Slot.seen] = nil
    if seen | 1 << bit == 0b11111 { facts.isLive = true } else { reading = Reading() }
  }

  /// The place of a frame in a cycle; `nil` for one outside of it.
  private static func place(in id: UInt32) -> Int64? {
    switch id {
    case Identifier.limits: 0
    case Identifier.charge: 1
    case Identifier.state: 2
    case Identifier.measured: 3
    case Identifier.alarms: 4
    default: nil
    }
  }

  private static func name(
    _ id: UInt32, _ data: [UInt8], _ facts: inout Facts, _ reading: inout Reading
  ) {
    switch id {
    case Identifier.maker: reading.identity.manufacturer = Label(data)
    case Identifier.model:
      var half: UInt64 = 0
      for byte in data { half = half << 8 | UInt64(byte) }
      facts[Slot.model] = Int64(bitPattern: half)
    case Identifier.modelTail:
      guard let half = facts[Slot.model] else { return }
      var text: [UInt8] = []
      for shift in 0..<8 {
        text.append(UInt8(truncatingIfNeeded: UInt64(bitPattern: half) >> UInt64(56 - 8 * shift)))
      }
      while text.last == 0 { text.removeLast() }
      let model = Label(text + data)
      if !model.isEmpty { reading.identity.model = model }
    case Identifier.firmware:
      // Lowest place first.
      reading.identity.firmware = Label("\(data[3]).\(data[2]).\(data[1]).\(data[0])".utf8)
    default: break
    }
  }
}

extension Dialect {
  /// Discover AES batteries behind a LYNK II; they talk by themselves.
  public static func discoverCAN(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "discover-can", title: "Discover AES", maker: "Discover Energy Systems",
      summary: "Discover AES batteries behind a LYNK II on CAN; only listened to.",
      provenance: .captured, doors: [.can(bitrate: DiscoverCAN.bitrate)], polls: [],
      trust: Trust(.bus), choices: DialectChoices(invertsCurrent: true),
      scan: DiscoverCAN.scan,
      read: { record, _, facts, reading throws(WireError) in
        try DiscoverCAN.read(record, &facts, &reading, inverts: inverts)
      },
      explain: { _, chunks, facts in DiscoverCAN.explain(chunks, &facts, inverts: inverts) })
  }
}
