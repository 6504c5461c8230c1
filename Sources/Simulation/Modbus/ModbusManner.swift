// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities

/// In what a simulated device with registers is not like another.
public struct ModbusManner: Sendable {
  /// The address that answers come from; `nil` is the one that was asked.
  public var answersFrom: UInt8?
  /// Milliseconds from a request to its answer, beside the time on the wire.
  public var latency: Int64 = 20
  /// The most registers that one question may ask for.
  public var mostRegisters = 125
  /// Whether it is silent where Modbus has an exception.
  public var isSilentOnErrors = false
  /// Whether a write of many registers carries no count of bytes.
  public var writesWithoutCount = false
  /// Milliseconds without an answer after which it lets the first question pass.
  public var drowsyAfter: Int64 = .max
  /// Its own cutoffs.
  public var cutoffs = Cutoffs()
  /// Who it is.
  public var identity = Identity()
  /// Words that no row tells: by address, state and how many answers there were.
  public var word: @Sendable (UInt16, UnitState, UInt16) -> UInt16? = { _, _, _ in nil }
  /// Takes a write over; `false` where nothing may be written.
  public var order: @Sendable (UInt16, UInt16, inout UnitOrders) -> Bool = { _, _, _ in false }
  /// Registers that tell what was written to them, whatever they told before.
  public var keeps: Range<UInt16>?
  /// The whole answer to a write that makes the device send something else; `nil` to any other.
  public var trigger: (@Sendable (ModbusFace, [UInt8], UnitState) -> [UInt8]?)?

  /// A device as Modbus describes one, of a pack of LFP cells.
  public init() {
    cutoffs.cellOvervoltage = .millivolts(3650)
    cutoffs.cellUndervoltage = .millivolts(2500)
    cutoffs.cellFull = .millivolts(3450)
    cutoffs.cellEmpty = .millivolts(2900)
    cutoffs.chargeOvercurrent = .amperes(120)
    cutoffs.dischargeOvercurrent = .amperes(150)
    cutoffs.overtemperature = .degrees(60)
    cutoffs.chargeUndertemperature = .degrees(0)
    identity.serial = Label("SIM00042")
    identity.model = Label("SIMULATED")
    identity.manufacturer = Label("CELLBUS")
    identity.firmware = Label("1.0")
    identity.hardware = Label("1.0")
  }
}
