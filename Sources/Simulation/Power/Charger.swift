// SPDX-License-Identifier: Apache-2.0

/// A charger on the battery's bus that goes only as far as it was ordered.
///
/// It holds the ordered voltage with a control loop of finite speed, and the ordered current into
/// the battery; what the loads take comes on top, as DVCC adds the measured DC loads to the limit.
public struct Charger: Sendable {
  /// What a charger can do.
  public struct Design: Sendable {
    /// The most that it can give, A.
    public var current: Double
    /// The highest voltage that its owner set, V.
    public var voltage: Double
    /// Time constant of its control loop, s.
    public var response = 1.0
    /// How fast its current may rise, A/s.
    public var rise = 10.0
    /// How fast its current may fall, A/s.
    public var fall = 100.0
    /// Power that it is given over the day; `nil` where there is always enough.
    public var supply: PowerProfile?
    /// Whether it goes on feeding the loads while it may not charge, as a solar charger on the
    /// battery's bus does.
    public var feedsLoads = false

    /// A charger of `current` A and at most `voltage` V.
    public init(current: Double, voltage: Double, supply: PowerProfile? = nil) {
      self.current = current
      self.voltage = voltage
      self.supply = supply
    }
  }

  /// The highest voltage and current into the battery that are allowed.
  public struct Order: Hashable, Sendable {
    /// Volts at the battery.
    public var voltage: Double
    /// Amperes into the battery.
    public var current: Double

    /// An order.
    public init(voltage: Double, current: Double) {
      self.voltage = voltage
      self.current = current
    }
  }

  /// What it is doing.
  public enum State: UInt8, Sendable {
    /// Not allowed to charge, or nothing to charge with.
    case off
    /// Its current is what holds it back.
    case constantCurrent
    /// The voltage is what holds it back.
    case constantVoltage
    /// Its supply is what holds it back.
    case supplyLimited
  }

  /// What it can do.
  public let design: Design
  /// What it gives, A.
  public private(set) var current = 0.0
  /// What it is doing.
  public private(set) var state = State.off

  /// A charger that is off.
  public init(_ design: Design) { self.design = design }

  /// Whether there is something to charge with.
  public func hasSupply(_ watts: Double) -> Bool { watts >= 5 }

  /// One step of 100 ms.
  /// - Parameters:
  ///   - order: what is allowed; `nil` switches it off.
  ///   - battery: the battery in this step.
  ///   - load: what the loads take, A.
  ///   - supply: power that it is given, W.
  ///   - isConnected: whether the switch between it and the battery is closed.
  public mutating func advance(
    _ order: Order?, battery: Source, load: Double, supply: Double, isConnected: Bool
  ) {
    guard let order, order.current > 0 || design.feedsLoads, isConnected, hasSupply(supply) else {
      current = 0
      state = .off
      return
    }
    let volts = min(order.voltage, design.voltage)
    let byVoltage = battery.current(at: volts) + load
    let byCurrent = min(order.current + load, design.current)
    let bySupply = supply / max(1, battery.voltage)
    var target = byCurrent
    state = .constantCurrent
    if bySupply < target {
      target = bySupply
      state = .supplyLimited
    }
    if byVoltage < target {
      target = byVoltage
      state = .constantVoltage
    }
    if target < 0 { target = 0 }
    let step = SimulatedPack.step
    let change = (target - current) * (step / (design.response + step))
    current += change.clamped(-design.fall * step, design.rise * step)
    if current < 0.001 { current = 0 }
  }
}
