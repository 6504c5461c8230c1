// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// What frames between a battery and an inverter said, together.
public struct InverterReading: Sendable {
  /// The values that batteries share; limits, cell extremes and identity included.
  ///
  /// The one temperature of 0x356 stands as the only sensor.
  public var reading = Reading()
  /// State of charge at 0.01 %, where it agrees with the whole percents.
  public var fineCharge: Percent?
  /// Capacity that is online, of some batteries what remains.
  public var onlineCapacity: Charge?
  /// Counts of modules.
  public var modules = InverterModules(
    online: nil, blockingCharge: nil, blockingDischarge: nil, offline: nil)
  /// Coldest sensor in whole kelvin, where 273 is 0 °C.
  public var coldest: UInt16?
  /// Hottest sensor in whole kelvin, where 273 is 0 °C.
  public var hottest: UInt16?
  /// Which cell is lowest.
  public var lowestCell: Label?
  /// Which cell is highest.
  public var highestCell: Label?
  /// Which sensor is coldest.
  public var coldestSensor: Label?
  /// Which sensor is hottest.
  public var hottestSensor: Label?
  /// Energy charged so far.
  public var energyCharged: Energy? { reading.amount(.energyCharged, as: EnergyScale.self) }
  /// Energy discharged so far.
  public var energyDischarged: Energy? { reading.amount(.energyDischarged, as: EnergyScale.self) }
  /// Capacity when new.
  public var installed: Charge? { reading.amount(.nominal, as: ChargeScale.self) }
  /// Family of products.
  public var family: Label?
  /// Product number, where there is one.
  public var product: UInt16?
  /// Whether the battery asks to be charged.
  public var chargeRequested: Bool?
  /// Whether the battery says that it is online (`true`) or offline or in standby (`false`).
  public var isOnline: Bool?
  /// What the pair "general alarm" says, where it is supported; it names no alarm of the dictionary.
  public var generalAlarm: Bool?
  /// What the pair "general warning" says, where it is supported.
  public var generalWarning: Bool?
  /// Whether the battery announces that it is about to switch itself off (0x35B).
  public var isShuttingDown: Bool?
  /// How many modules a bank says that it has (0x359).
  public var moduleCount: UInt8?
  /// Whether the battery asks to be charged soon (0x35C bit 4) or at once (bit 5).
  public var forceCharge: Bool?
  /// Whether the battery asks for a full charge, since it has not had one for long (0x35C bit 3).
  public var fullChargeRequested: Bool?
  /// Version of the protocol, where a battery tells one.
  public var protocolVersion: UInt16?
  /// What an inverter measures or has been told, in its own frames.
  public var inverter = Inverter()
  /// Whether the battery orders the inverter to stop at once (0x00F of SMA's protocol).
  public var isQuickStop: Bool?
  /// Whether a keep-alive of an inverter was heard.
  public var keepAlive: Bool?
  /// The name by which an inverter introduced itself, such as `VIC`.
  public var identificationTag: Label?
  /// Whether any frame was one that inverters send.
  public var isFromInverter = false

  /// The two halves of texts that need two frames.
  var nameHead: [8 of UInt8]?
  var nameTail: [8 of UInt8]?
  var serialHead: [8 of UInt8]?
  var serialTail: [8 of UInt8]?

  /// Nothing said.
  public init() {}

  /// What an inverter says of itself and of the battery, as Sunny Island does in 0x305 to 0x307.
  public struct Inverter: Sendable {
    /// Voltage that the inverter measures.
    public var voltage: Voltage?
    /// Current that the inverter measures; positive charges, whatever sign its own frame has.
    public var current: Current?
    /// Temperature that the inverter goes by.
    public var temperature: Temperature?
    /// State of charge that the inverter goes by.
    public var soc: Percent?
    /// State of health that the inverter was told.
    public var soh: Percent?
    /// Mode of charging, by the maker's number.
    public var chargingMode: UInt8?
    /// State of operation, by the maker's number.
    public var operatingState: UInt8?
    /// Number of the active error.
    public var error: UInt16?
    /// Voltage to which the inverter charges now.
    public var chargeVoltage: Voltage?
    /// State of the relays, bit by bit.
    public var relays: UInt16?

    /// Nothing said.
    public init() {}
  }
}
