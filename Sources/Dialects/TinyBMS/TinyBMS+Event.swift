// SPDX-License-Identifier: Apache-2.0

extension TinyBMS {
  /// One entry of the unit's event memory.
  public struct Event: Hashable, Sendable {
    /// Seconds of the unit's life when it happened, as far as 24 bits hold them.
    public var time: UInt32
    /// What happened: 01 to 30 faults, 31 to 60 warnings, 61 to 90 information (hexadecimal).
    public var id: UInt8

    /// An event; only the low 24 bits of the time are kept.
    public init(time: UInt32, id: UInt8) {
      self.time = time & 0xFF_FFFF
      self.id = id
    }

    /// The double word of an entry: time in the low 24 bits, id above.
    public init(packed: UInt32) { self.init(time: packed, id: UInt8(packed >> 24)) }

    /// See `init(packed:)`.
    public var packed: UInt32 { time | UInt32(id) << 24 }

    /// The time rebuilt from its low 24 bits as the latest moment that does not lie after `now`.
    public func time(before now: UInt32) -> UInt32 {
      let near = now & 0xFF00_0000 | time
      return near > now && near >= 0x100_0000 ? near - 0x100_0000 : near
    }

    /// What happened, in words; `nil` for an id that no document names.
    public var meaning: StaticString? { Self.meaning(id) }

    private static func meaning(_ id: UInt8) -> StaticString? {
      switch id {
      case 0x02: "under-voltage cutoff"
      case 0x03: "over-voltage cutoff"
      case 0x04: "over-temperature cutoff"
      case 0x05: "discharge over-current cutoff"
      case 0x06: "charge over-current cutoff"
      case 0x07: "regeneration over-current cutoff"
      case 0x0A: "low temperature cutoff"
      case 0x0B: "charger switch error"
      case 0x0C: "load switch error"
      case 0x0D: "single port switch error"
      case 0x0E: "external current sensor lost; restart needed"
      case 0x0F: "external current sensor appeared; restart needed"
      case 0x31: "fully discharged cutoff"
      case 0x37: "low temperature charging cutoff"
      case 0x38: "charging done, charger voltage too high"
      case 0x39: "charging done, charger voltage too low"
      case 0x61: "system started"
      case 0x62: "charging started"
      case 0x63: "charging done"
      case 0x64: "charger connected"
      case 0x65: "charger disconnected"
      case 0x66: "dual port mode on"
      case 0x67: "single port mode on"
      case 0x73: "recovered from over-temperature"
      case 0x74: "recovered from low temperature while charging"
      case 0x75: "recovered from low temperature"
      case 0x76: "recovered from charge over-current"
      case 0x77: "recovered from discharge over-current"
      case 0x78: "recovered from regeneration over-current"
      case 0x79: "recovered from over-voltage"
      case 0x7A: "recovered from fully discharged"
      case 0x7B: "recovered from under-voltage"
      case 0x7C: "external current sensor connected"
      case 0x7D: "external current sensor disconnected"
      default: nil
      }
    }
  }
}
