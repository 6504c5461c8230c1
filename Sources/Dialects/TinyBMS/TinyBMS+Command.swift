// SPDX-License-Identifier: Apache-2.0

import Wire

extension TinyBMS {
  /// Everything that a host can ask or order over the serial line (Rev D, 1.1 to 1.3).
  public enum Command: Equatable, Sendable {
    /// 02: clears something or restarts the unit.
    case reset(Reset)
    /// 03: reads `count` registers from `address`, at most 127; the Modbus form.
    case readModbus(address: UInt16, count: UInt8)
    /// 07: reads `count` registers from `address`; the maker's form.
    case readBlock(address: UInt16, count: UInt8)
    /// 09: reads single registers.
    case readIndividual([UInt16])
    /// 0B: writes registers from `address` on, 300 to 399 only; the maker's form.
    ///
    /// The document does not say whether the length byte counts the address; here it does not.
    case writeBlock(address: UInt16, [UInt16])
    /// 0D: writes single registers, 300 to 399 only.
    case writeIndividual([Word])
    /// 10: writes registers from `address` on; the Modbus form.
    case writeModbus(address: UInt16, [UInt16])
    /// 11: the newest events.
    case newestEvents
    /// 12: all events, up to 49.
    case allEvents
    /// 14: pack voltage, register 36.
    case packVoltage
    /// 15: pack current, register 38.
    case packCurrent
    /// 16: highest cell, register 41.
    case highestCell
    /// 17: lowest cell, register 40.
    case lowestCell
    /// 18: what the unit is doing, register 50.
    case status
    /// 19: lifetime counter, register 32.
    case lifetime
    /// 1A: state of charge, register 46.
    case soc
    /// 1B: the three temperatures, registers 48, 42 and 43.
    case temperatures
    /// 1C: cell voltages.
    case cells
    /// 1D: `count` settings from register 300 on, or their limits, at most 100.
    case settings(Settings, count: UInt8)
    /// 1E: version.
    case version
    /// 1F: version with bootloader and register map.
    case extendedVersion
    /// 20: speed, distance and time left.
    case trip
  }

  /// What command 02 clears or restarts.
  public enum Reset: UInt8, CaseIterable, Sendable {
    case clearEvents = 1
    case clearStatistics = 2
    case restart = 5
  }

  /// Which values of the settings command 1D tells.
  public enum Settings: UInt8, CaseIterable, Sendable {
    case minimum = 1
    case maximum = 2
    case byDefault = 3
    case current = 4
  }
}

extension TinyBMS.Command {
  /// The byte that names the command.
  public var code: UInt8 {
    switch self {
    case .reset: 0x02
    case .readModbus: 0x03
    case .readBlock: 0x07
    case .readIndividual: 0x09
    case .writeBlock: 0x0B
    case .writeIndividual: 0x0D
    case .writeModbus: 0x10
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

  /// Whether it changes something in the unit.
  public var isWrite: Bool {
    switch self {
    case .reset, .writeBlock, .writeIndividual, .writeModbus: true
    default: false
    }
  }

  /// The frame to send, checksum included.
  ///
  /// What does not fit a frame is left out: more than 31 registers with 0B, 15 with 0D, 100 with
  /// 10, 127 with 09.
  public func encode() -> [UInt8] {
    var bytes: [UInt8] = [TinyBMS.start, code]
    switch self {
    case .reset(let what): bytes.append(what.rawValue)
    case .readModbus(let address, let count):
      bytes.appendBig(address)
      bytes.appendBig(UInt16(count))
    case .readBlock(let address, let count):
      bytes.append(count)
      bytes.appendLittle(address)
    case .readIndividual(let addresses):
      let kept = addresses.prefix(127)
      bytes.append(UInt8(kept.count * 2))
      for address in kept { bytes.appendLittle(address) }
    case .writeBlock(let address, let values):
      let kept = values.prefix(31)
      bytes.append(UInt8(kept.count * 2))
      bytes.appendLittle(address)
      for value in kept { bytes.appendLittle(value) }
    case .writeIndividual(let words):
      let kept = words.prefix(15)
      bytes.append(UInt8(kept.count * 4))
      for word in kept {
        bytes.appendLittle(word.address)
        bytes.appendLittle(word.value)
      }
    case .writeModbus(let address, let values):
      let kept = values.prefix(100)
      bytes.appendBig(address)
      bytes.appendBig(UInt16(kept.count))
      bytes.append(UInt8(kept.count * 2))
      for value in kept { bytes.appendBig(value) }
    case .settings(let which, let count):
      bytes.append(which.rawValue)
      bytes.append(0)
      bytes.append(count)
    default: break
    }
    TinyBMS.seal(&bytes)
    return bytes
  }

  /// The request that a session sends.
  ///
  /// Reads wait 300 ms; writes wait 1.5 s, and the unit, which then stores to flash, is left alone
  /// for a second. A restart is sent once only.
  public var request: Request {
    var tag = UInt32(code) << 24
    switch self {
    case .readModbus(let address, let count), .readBlock(let address, let count):
      tag |= UInt32(address) << 8 | UInt32(count)
    case .writeBlock(let address, let values), .writeModbus(let address, let values):
      tag |= UInt32(address) << 8 | UInt32(values.count & 0xFF)
    case .readIndividual(let addresses):
      tag |= UInt32(addresses.first ?? 0) << 8 | UInt32(addresses.count & 0xFF)
    case .writeIndividual(let words):
      tag |= UInt32(words.first?.address ?? 0) << 8 | UInt32(words.count & 0xFF)
    case .settings(let which, let count): tag |= UInt32(which.rawValue) << 8 | UInt32(count)
    case .reset(let what): tag |= UInt32(what.rawValue) << 8
    default: break
    }
    guard isWrite else { return Request(tag: tag, bytes: encode()) }
    if self == .reset(.restart) {
      return Request(tag: tag, bytes: encode(), timeout: 1500, tries: 1, pauseAfter: 2000)
    }
    return Request(tag: tag, bytes: encode(), timeout: 1500, tries: 3, pauseAfter: 1000)
  }
}
