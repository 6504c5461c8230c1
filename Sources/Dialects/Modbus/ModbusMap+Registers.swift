// SPDX-License-Identifier: Apache-2.0

public import Battery

extension ModbusMap {
  /// What the map tells, as rows for people and for `decode`.
  ///
  /// Rows of several values (cells, sensors, texts) and numbers that such a row cannot hold stand there
  /// with their first register.
  public var registers: [Register] {
    var names: [String] = []
    var registers: [Register] = []
    for row in rows.sorted(by: { $0.address < $1.address }) {
      let register = register(row)
      let name = "\(register.name)"
      // What a point says is said by the point: a second row of the same name adds nothing.
      guard !names.contains(name) else { continue }
      names.append(name)
      registers.append(register)
    }
    return registers
  }

  private func register(_ row: Row) -> Register {
    let kind = row.target.kind
    let plain = row.plainScale
    return Register(
      row.address, row.target.name, row.registerForm,
      group(row), .read, offset: plain == nil ? 0 : row.offset,
      numerator: plain?.numerator ?? 1, decimals: plain?.decimals ?? 0,
      unit: plain == nil ? "" : kind?.unit ?? "", row.target.meaning)
  }

  private func group(_ row: Row) -> Register.Group {
    switch row.target {
    case .cutoff: .settings
    case .identity: .version
    default: .live
    }
  }
}

extension ModbusMap.Target {
  /// The name in JSON of what a row tells.
  public var name: StaticString {
    switch self {
    case .point(let point), .flag(let point, _): point.name
    case .cells: "cell_voltages_v"
    case .temperatures: "temperatures_c"
    case .balancing: "balancing_cells"
    case .alarms: "alarms"
    case .cutoff(let cutoff): cutoff.settingName
    case .identity(let part): part.name
    }
  }

  fileprivate var meaning: StaticString {
    switch self {
    case .point(let point), .flag(let point, _): point.entry.meaning
    case .cells: "Voltage of each cell, one after the other."
    case .temperatures: "Each sensor, one after the other."
    case .balancing: "The cells that are being balanced, a bit each."
    case .alarms: "What is wrong, a bit each."
    case .cutoff(let cutoff): cutoff.meaning
    case .identity: "A text of the battery's own."
    }
  }
}

extension ModbusMap.Cutoff {
  /// Its name where it stands beside values of the battery.
  fileprivate var settingName: StaticString {
    switch self {
    case .cellOvervoltage: "cutoff_cell_overvoltage_v"
    case .cellUndervoltage: "cutoff_cell_undervoltage_v"
    case .cellFull: "cutoff_cell_full_v"
    case .cellEmpty: "cutoff_cell_empty_v"
    case .chargeOvercurrent: "cutoff_charge_overcurrent_a"
    case .dischargeOvercurrent: "cutoff_discharge_overcurrent_a"
    case .overtemperature: "cutoff_overtemperature_c"
    case .chargeUndertemperature: "cutoff_charge_undertemperature_c"
    }
  }

  fileprivate var meaning: StaticString {
    switch self {
    case .cellOvervoltage: "A cell above it stops charging."
    case .cellUndervoltage: "A cell below it stops discharging."
    case .cellFull: "A cell at it is fully charged."
    case .cellEmpty: "A cell at it is fully discharged."
    case .chargeOvercurrent: "A charge current above it stops charging."
    case .dischargeOvercurrent: "A discharge current above it stops discharging."
    case .overtemperature: "A temperature above it stops both."
    case .chargeUndertemperature: "A temperature below it stops charging."
    }
  }
}

extension ModbusMap.Row {
  fileprivate var registerForm: Register.Form {
    switch (target, form) {
    case (.alarms, .uint16), (.balancing, .uint16), (.flag, .uint16): .bits16
    case (_, .uint16), (_, .text): .uint16
    case (_, .int16): .int16
    case (_, .uint32): .uint32
    case (_, .int32): .int32
    case (_, .float32): .float32
    case (_, .uint8High): .uint8High
    case (_, .uint8Low): .uint8Low
    }
  }

  /// The scale as a `Register` says it; `nil` where a row of that kind cannot say it, or holds no
  /// amount.
  fileprivate var plainScale: (numerator: Int32, decimals: UInt8)? {
    guard target.kind != nil, form != .float32, form != .text else { return nil }
    var numerator = scale
    var decimals: UInt8 = 6
    while decimals > 0, numerator % 10 == 0 {
      numerator /= 10
      decimals -= 1
    }
    return Int32(exactly: numerator).map { ($0, decimals) }
  }
}
