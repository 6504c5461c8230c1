// SPDX-License-Identifier: Apache-2.0

public import Quantities
public import Wire

/// Whether an inverter is there to listen, by what it says on the bus.
///
/// For display and logs alone. Nothing that Cellbus sends waits for it, and nothing stops because it is
/// silent: a GX restarts for minutes, some inverters never say a word.
public struct InverterPresence: Sendable {
  /// How long an inverter may be silent before it counts as gone, in milliseconds: 10 minutes, the
  /// shortest time that Victron's CAN-bus BMS note of 2021-04-17 allows.
  public static let patience: Int64 = 600_000

  /// When the inverter was last heard; `nil` before the first time.
  public private(set) var lastHeard: Tick?
  /// When its keep-alive (0x305) was last heard.
  public private(set) var lastKeepAlive: Tick?
  /// Whether it introduced itself as a Victron GX (0x307 with "VIC").
  public private(set) var isVictron = false

  /// An inverter that was never heard.
  public init() {}

  /// A frame came from the bus; answers whether it was the inverter's.
  ///
  /// Only the identifier of a keep-alive counts: since Venus OS 3.00 it may carry values. An identifier
  /// of 29 bits counts too, since there is an inverter that sends its keep-alive so.
  @discardableResult public mutating func heard(_ frame: CANFrame, at now: Tick) -> Bool {
    switch frame.id {
    case 0x305: lastKeepAlive = now
    case 0x306: break
    case 0x307: isVictron = isVictron || Victron.isVictronTag(frame)
    default: return false
    }
    lastHeard = now
    return true
  }

  /// Whether the inverter was heard within `patience` milliseconds.
  public func isAlive(at now: Tick, patience: Int64 = Self.patience) -> Bool {
    guard let lastHeard else { return false }
    return now - lastHeard <= patience
  }
}
