// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities

/// Everything that an inverter may be told of a battery at one moment.
public struct InverterPicture: Sendable {
  /// What is known about the battery, energy counters included.
  public var snapshot: Snapshot
  /// How far the last checked frame of the battery lies back.
  public var freshness: Freshness
  /// What the inverter may do; `nil` when that is not decided, and then it is told nothing about it.
  public var limits: Limits?
  /// How the battery introduces itself.
  public var identity: InverterIdentity
  /// Whether the battery asks to be charged; `nil` when nothing tells.
  public var chargeRequested: Bool?
  /// What the battery could report at any time before.
  ///
  /// An alarm that was once said to be supported stays so: how an inverter takes a pair that changes
  /// between "OK" and "not supported" is not known.
  public var reportable: AlarmSet
  /// How the packs of a bank stand; `nil` for a single battery.
  public var bank: InverterBank?
  /// How much older than the newest live frame a measured value may be to be told, in milliseconds.
  public var longestAge: Int64 = 10_000

  /// A picture of a battery.
  public init(
    snapshot: Snapshot, freshness: Freshness, limits: Limits?,
    identity: InverterIdentity = InverterIdentity(), chargeRequested: Bool? = nil,
    reportable: AlarmSet = [], bank: InverterBank? = nil
  ) {
    self.snapshot = snapshot
    self.freshness = freshness
    self.limits = limits
    self.identity = identity
    self.chargeRequested = chargeRequested
    self.reportable = reportable
    self.bank = bank
  }

  /// What the battery can report, now or before; what it reports now is part of it.
  public var supported: AlarmSet {
    let reading = snapshot.reading
    return reportable.union(reading.reportable).union(reading.alarms).union(reading.warnings)
  }

  /// The packs of a bank as its modules; a single battery is the only one.
  public var modules: InverterModules {
    if let bank { return bank.modules }
    func blocks(_ point: Point) -> UInt16? { recent(point).map { $0 == 0 ? 1 : 0 } }
    return InverterModules(
      online: 1, blockingCharge: blocks(.chargeEnabled),
      blockingDischarge: blocks(.dischargeEnabled), offline: 0)
  }

  /// Whether the battery is connected to the inverter, as far as it tells.
  ///
  /// Only a battery that says that both its switches are open is not.
  public var isOnline: Bool {
    recent(.chargeEnabled) != 0 || recent(.dischargeEnabled) != 0
  }

  /// The value of a point; `nil` when it is absent, or when its own frames stopped coming although
  /// others still come.
  public func recent(_ point: Point) -> Int64? {
    guard let sample = snapshot[point] else { return nil }
    guard let liveAt = snapshot.liveAt else { return sample.value }
    return liveAt - sample.at <= longestAge ? sample.value : nil
  }
}

/// What an inverter may be told of the packs of a bank.
public struct InverterBank: Hashable, Sendable {
  /// How many packs are in which state.
  public var modules: InverterModules
  /// The pack that holds the lowest cell, counted from 1.
  public var lowestCellModule: Int?
  /// The pack that holds the highest cell, counted from 1.
  public var highestCellModule: Int?

  /// A bank.
  public init(
    modules: InverterModules, lowestCellModule: Int? = nil, highestCellModule: Int? = nil
  ) {
    self.modules = modules
    self.lowestCellModule = lowestCellModule
    self.highestCellModule = highestCellModule
  }
}

/// How many modules of a bank are in which state; `nil` where nothing tells.
public struct InverterModules: Hashable, Sendable {
  /// Modules that answer.
  public var online: UInt16?
  /// Modules that do not let themselves be charged.
  public var blockingCharge: UInt16?
  /// Modules that do not let themselves be discharged.
  public var blockingDischarge: UInt16?
  /// Modules that do not answer.
  public var offline: UInt16?

  /// Counts of modules.
  public init(
    online: UInt16?, blockingCharge: UInt16?, blockingDischarge: UInt16?, offline: UInt16?
  ) {
    self.online = online
    self.blockingCharge = blockingCharge
    self.blockingDischarge = blockingDischarge
    self.offline = offline
  }
}
