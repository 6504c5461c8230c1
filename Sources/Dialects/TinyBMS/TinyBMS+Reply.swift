// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

extension TinyBMS {
  /// Everything that the unit can answer over the serial line (Rev D, 1.1 to 1.3).
  public enum Reply: Equatable, Sendable {
    /// 01: a command that answers nothing else was carried out.
    case acknowledged(command: UInt8)
    /// 00: a command was refused; see `commandError` and `checksumError`.
    case refused(command: UInt8, code: UInt8)
    /// 03: the words asked for.
    case readModbus([UInt16])
    /// 07: the words asked for.
    case readBlock([UInt16])
    /// 09: each register asked for, with its address.
    case readIndividual([Word])
    /// 10: so many registers from `address` on were written.
    case writtenModbus(address: UInt16, count: UInt8)
    /// 11: the unit's clock and the newest events.
    case newestEvents(EventList)
    /// 12: the unit's clock and all events.
    case allEvents(EventList)
    /// 14: volts.
    case packVoltage(Binary32)
    /// 15: amperes, positive charging.
    case packCurrent(Binary32)
    /// 16: millivolts.
    case highestCell(UInt16)
    /// 17: millivolts.
    case lowestCell(UInt16)
    /// 18: what the unit is doing.
    case status(UInt16)
    /// 19: seconds.
    case lifetime(UInt32)
    /// 1A: steps of 0.000001 %.
    case soc(UInt32)
    /// 1B: tenths of a degree Celsius; -32768 where no sensor is connected.
    case temperatures(internal: Int16, external1: Int16, external2: Int16)
    /// 1C: cells in steps of 0.1 mV.
    case cells([UInt16])
    /// 1D: words of the settings from register 300 on.
    case settings([UInt16])
    /// 1E: versions.
    case version(Version)
    /// 1F: versions, with those of the bootloader and of the register map.
    case extendedVersion(Version, bootloader: UInt8, registerMap: UInt8)
    /// 20: speed in km/h, km left, seconds left.
    case trip(speed: Binary32, distance: UInt32, time: UInt32)
  }

  /// The unit's clock and events in the order in which they were sent.
  public struct EventList: Equatable, Sendable {
    /// Seconds of the unit's life so far.
    public var now: UInt32
    /// The events.
    public var events: [Event]

    /// A clock with events.
    public init(now: UInt32, events: [Event]) {
      self.now = now
      self.events = events
    }
  }

  /// Which hardware and firmware a unit has; its maker writes firmware as
  /// `hardware.public.internal`.
  public struct Version: Hashable, Sendable {
    /// Hardware version.
    public var hardware: UInt8
    /// Changes to that hardware.
    public var hardwareChanges: UInt8
    /// Public firmware version.
    public var firmware: UInt8
    /// Internal firmware version.
    public var internalFirmware: UInt16

    /// A version from its parts.
    public init(hardware: UInt8, hardwareChanges: UInt8, firmware: UInt8, internalFirmware: UInt16)
    {
      self.hardware = hardware
      self.hardwareChanges = hardwareChanges
      self.firmware = firmware
      self.internalFirmware = internalFirmware
    }
  }
}

extension TinyBMS.Reply {
  /// The byte that names the command answered; `nil` for an acknowledgement or a refusal.
  var code: UInt8? {
    switch self {
    case .acknowledged, .refused: nil
    case .readModbus: 0x03
    case .readBlock: 0x07
    case .readIndividual: 0x09
    case .writtenModbus: 0x10
    case .newestEvents: 0x11
    case .allEvents: 0x12
    case .packVoltage: 0x14
    case .packCurrent: 0x15
    case .highestCell: 0x16
    case .lowestCell: 0x17
    case .status: 0x18
    case .lifetime: 0x19
    case .soc: 0x1A
    case .temperatures: 0x1B
    case .cells: 0x1C
    case .settings: 0x1D
    case .version: 0x1E
    case .extendedVersion: 0x1F
    case .trip: 0x20
    }
  }

  /// The bytes that the unit sends: one frame, or the packets of a long answer to 07 or 09 in a
  /// row.
  public func encode() -> [UInt8] {
    guard let code else { return encodeVerdict() }
    var data: [UInt8] = []
    appendData(to: &data)
    if code == 0x07 || code == 0x09 { return Self.packets(code, data) }
    var bytes: [UInt8] = [TinyBMS.start, code]
    if hasLength { bytes.append(UInt8(truncatingIfNeeded: data.count)) }
    bytes.append(contentsOf: data)
    TinyBMS.seal(&bytes)
    return bytes
  }

  private func encodeVerdict() -> [UInt8] {
    var bytes: [UInt8] = [TinyBMS.start]
    switch self {
    case .refused(let command, let code): bytes += [0, command, code]
    case .acknowledged(let command): bytes += [1, command]
    default: break
    }
    TinyBMS.seal(&bytes)
    return bytes
  }

  /// Whether a byte with the length stands in front of the data.
  private var hasLength: Bool {
    switch self {
    case .readModbus, .newestEvents, .allEvents, .temperatures, .cells, .settings, .version,
      .extendedVersion:
      true
    default: false
    }
  }

  func appendData(to data: inout [UInt8]) {
    switch self {
    case .acknowledged, .refused: break
    case .readModbus(let words): for word in words { data.appendBig(word) }
    case .readBlock(let words), .cells(let words), .settings(let words):
      for word in words { data.appendLittle(word) }
    case .readIndividual(let words):
      for word in words {
        data.appendLittle(word.address)
        data.appendLittle(word.value)
      }
    case .writtenModbus(let address, let count):
      data.appendBig(address)
      data.appendBig(UInt16(count))
    case .newestEvents(let list), .allEvents(let list):
      data.appendLittle(list.now)
      for event in list.events { data.appendLittle(event.packed) }
    case .packVoltage(let number), .packCurrent(let number): data.appendLittle(number.bits)
    case .highestCell(let word), .lowestCell(let word), .status(let word): data.appendLittle(word)
    case .lifetime(let number), .soc(let number): data.appendLittle(number)
    case .temperatures(let inside, let first, let second):
      for sensor in [inside, first, second] { data.appendLittle(UInt16(bitPattern: sensor)) }
    case .version(let version): version.append(to: &data)
    case .extendedVersion(let version, let bootloader, let registerMap):
      version.append(to: &data)
      data += [bootloader, registerMap]
    case .trip(let speed, let distance, let time):
      for number in [speed.bits, distance, time] { data.appendLittle(number) }
    }
  }

  /// A long answer cut into packets of 63 payload bytes; the length byte of all but the last
  /// carries bit 7 and a number, which is inferred to count down to the last.
  private static func packets(_ code: UInt8, _ data: [UInt8]) -> [UInt8] {
    let size = TinyBMS.packetPayload
    let count = max(1, (data.count + size - 1) / size)
    var bytes: [UInt8] = []
    for packet in 0..<count {
      let isLast = packet == count - 1
      let part = data[packet * size..<min(data.count, (packet + 1) * size)]
      var frame: [UInt8] = [TinyBMS.start, code]
      frame.append(isLast ? UInt8(part.count) : 0x80 | UInt8((count - packet) & 0x3F))
      frame.append(contentsOf: part)
      TinyBMS.seal(&frame)
      bytes.append(contentsOf: frame)
    }
    return bytes
  }
}

extension TinyBMS.Version {
  func append(to data: inout [UInt8]) {
    data += [hardware, hardwareChanges, firmware]
    data.appendLittle(internalFirmware)
  }
}
