// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities

extension ModbusMap {
  /// What stands in one register, or in several that follow each other.
  ///
  /// The number that people read is `(raw + offset) · scale`.
  public struct Row: Sendable, Hashable {
    /// 3 for holding registers, 4 for input registers.
    public var function: UInt8 = 3
    /// Address of the first register.
    public var address: UInt16
    /// How the registers make a number.
    public var form = Form.uint16
    /// In which order two registers make one number.
    public var order = WordOrder.highFirst
    /// How many values follow each other; of a text, how many registers.
    public var count = 1
    /// What the raw number is multiplied by, in millionths.
    public var scale: Int64 = 1_000_000
    /// What is added to the raw number before.
    public var offset: Int64 = 0
    /// Raw numbers that mean "not there".
    public var absent: [Int64] = []
    /// What it tells.
    public var target: Target

    /// A register with its meaning.
    public init(_ address: UInt16, _ form: Form = .uint16, _ target: Target) {
      self.address = address
      self.form = form
      self.target = target
    }

    /// How many registers it takes.
    public var words: Int { count * form.words }
  }

  /// What a row tells.
  public enum Target: Sendable, Hashable {
    /// A value that batteries share.
    case point(Point)
    /// A value that is yes or no, in one bit of the number.
    case flag(Point, bit: UInt8)
    /// Cells from this one on, counted from 1.
    case cells(first: Int)
    /// Sensors from this one on, counted from 1.
    case temperatures(first: Int)
    /// Which cells are being balanced: the lowest bit is the first cell.
    case balancing
    /// What is wrong, a bit each.
    case alarms([AlarmBit])
    /// Where the battery itself opens a switch.
    case cutoff(Cutoff)
    /// Who the battery is.
    case identity(IdentityPart)
  }

  /// One bit of a row of alarms.
  public struct AlarmBit: Sendable, Hashable {
    /// Which bit, counted from the lowest, 0.
    public var bit: UInt8
    /// What it means while it is set.
    public var alarm: Alarm
    /// Whether it only warns.
    public var isWarning: Bool

    /// A bit with its meaning; a protection unless told otherwise.
    public init(_ bit: UInt8, _ alarm: Alarm, isWarning: Bool = false) {
      self.bit = bit
      self.alarm = alarm
      self.isWarning = isWarning
    }
  }

  /// A cutoff of the battery; see `Cutoffs`.
  public enum Cutoff: UInt8, Sendable, CaseIterable {
    case cellOvervoltage, cellUndervoltage, cellFull, cellEmpty
    case chargeOvercurrent, dischargeOvercurrent, overtemperature, chargeUndertemperature

    /// The name in settings.
    public var name: StaticString {
      switch self {
      case .cellOvervoltage: "cell_overvoltage_v"
      case .cellUndervoltage: "cell_undervoltage_v"
      case .cellFull: "cell_full_v"
      case .cellEmpty: "cell_empty_v"
      case .chargeOvercurrent: "charge_overcurrent_a"
      case .dischargeOvercurrent: "discharge_overcurrent_a"
      case .overtemperature: "overtemperature_c"
      case .chargeUndertemperature: "charge_undertemperature_c"
      }
    }

    /// What its number counts.
    public var kind: Point.Kind {
      switch self {
      case .cellOvervoltage, .cellUndervoltage, .cellFull, .cellEmpty: .cellVoltage
      case .chargeOvercurrent, .dischargeOvercurrent: .current
      case .overtemperature, .chargeUndertemperature: .temperature
      }
    }
  }

  /// A text of `Identity`.
  public enum IdentityPart: UInt8, Sendable, CaseIterable {
    case serial, model, manufacturer, firmware, hardware

    /// The name in settings.
    public var name: StaticString {
      switch self {
      case .serial: "serial"
      case .model: "model"
      case .manufacturer: "manufacturer"
      case .firmware: "firmware"
      case .hardware: "hardware"
      }
    }
  }
}

extension ModbusMap.Target {
  /// What its number counts; `nil` where it is no number.
  public var kind: Point.Kind? {
    switch self {
    case .point(let point): point.kind
    case .cells: .cellVoltage
    case .temperatures: .temperature
    case .cutoff(let cutoff): cutoff.kind
    case .flag, .balancing, .alarms, .identity: nil
    }
  }
}

extension ModbusMap.Row {
  /// The numbers by which a raw number is multiplied and divided to count steps of a kind.
  func factor(_ kind: Point.Kind) -> (numerator: Int64, divisor: Int64) {
    var numerator = scale
    var divisor: Int64 = 1_000_000
    for _ in 0..<kind.decimals {
      if divisor > 1 { divisor /= 10 } else { numerator = numerator.multipliedClamped(by: 10) }
    }
    while divisor > 1, numerator % 10 == 0 {
      divisor /= 10
      numerator /= 10
    }
    return (numerator, divisor)
  }

  /// A raw number in steps of a kind; `nil` where it cannot be reckoned.
  public func steps(_ raw: Int64, _ kind: Point.Kind) -> Int64? {
    let (numerator, divisor) = factor(kind)
    let (moved, isBeyond) = raw.addingReportingOverflow(offset)
    let (product, overflow) = moved.multipliedReportingOverflow(by: numerator)
    return isBeyond || overflow ? nil : product.dividedRounding(by: divisor)
  }
}

extension Int64 {
  fileprivate func multipliedClamped(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}
