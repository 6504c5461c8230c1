// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What kind of Daly board is simulated.
public struct DalyDesign: Sendable {
  /// What stands in bytes of an answer that mean nothing.
  public enum Filler: UInt8, Sendable {
    /// Bytes of an earlier answer, as older firmware leaves them.
    case stale
    /// FF, as newer firmware on CAN does.
    case ones
    /// Zeros.
    case zeros
  }

  /// Its number on the bus, 1 to 31.
  public var board: UInt8 = 1
  /// Whether its firmware tells the current with the other sign.
  public var invertsCurrent = false
  /// What stands in bytes that mean nothing.
  public var filler = Filler.stale
  /// Currents below this are told as none; many real boards are blind up to 0.5 A and more.
  public var deadZone = Current.zero
  /// Seconds without traffic and current after which it sleeps; 0 never.
  public var sleepAfter: Int64 = 3600
  /// Whether traffic wakes it, as on the UART port; on RS485 only current does.
  public var wakesByTraffic = true
  /// Whether it tells a state of charge of 0 % in the first second after waking.
  public var wakesEmpty = false
  /// Whether it also speaks to an inverter on its CAN port, in frames of 11-bit identifiers.
  public var drivesInverter = true
  /// Its maker's name, up to 21 characters.
  public var manufacturer = "DALY"
  /// Its model, up to 35 characters.
  public var model = "DL-BMS-SIMULATED"
  /// Its code, which people take for the serial number, up to 35 characters.
  public var serial = "SIM0000000001"
  /// Its firmware, up to 14 characters.
  public var software = "20220810-1.02T"
  /// Its hardware, up to 14 characters.
  public var hardware = "DL-BMS-R32-01E"

  /// A board with the number 1 on its UART port.
  public init() {}

  /// A current in steps of 0.1 A from 30000, which rise for discharging or for charging.
  func current(_ current: Current, risesWhenCharging: Bool) -> UInt16 {
    guard current.magnitude >= deadZone else { return 30_000 }
    let steps = Int64(current.raw).dividedRounding(by: 100)
    return UInt16(clamping: 30_000 + (risesWhenCharging != invertsCurrent ? steps : -steps))
  }
}
