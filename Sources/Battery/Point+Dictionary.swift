// SPDX-License-Identifier: Apache-2.0

import Quantities

extension Point {
  /// One row of the dictionary of points.
  public struct Entry: Sendable {
    /// The name in JSON, with its unit.
    public let name: StaticString
    /// What a number of it counts.
    public let kind: Kind
    /// The name that people read.
    public let title: StaticString
    /// One plain sentence on what it means.
    public let meaning: StaticString
    /// Home Assistant's device class, where it has one.
    public let deviceClass: StaticString?
  }

  /// The name in JSON, with its unit, such as `voltage_v`.
  public var name: StaticString { entry.name }
  /// What a number of this point counts.
  public var kind: Kind { entry.kind }

  /// This point's row of the dictionary.
  public var entry: Entry {
    switch self {
    case .voltage:
      Entry("voltage_v", .voltage, "Voltage", "Voltage at the pack's terminals.", "voltage")
    case .current:
      Entry(
        "current_a", .current, "Current", "Current through the pack; positive charges it.",
        "current")
    case .power:
      Entry("power_w", .power, "Power", "Power into the pack; positive charges it.", "power")
    case .soc:
      Entry(
        "soc_pct", .percent, "State of charge", "Share of the full capacity that is left.",
        "battery")
    case .soh:
      Entry(
        "soh_pct", .percent, "State of health",
        "Share of the nominal capacity that the pack can still hold.")
    case .remaining:
      Entry("remaining_ah", .charge, "Remaining charge", "Charge that can still be drawn.")
    case .full:
      Entry(
        "full_ah", .charge, "Full capacity", "Charge that the pack holds when full, as it is now.")
    case .nominal:
      Entry("nominal_ah", .charge, "Nominal capacity", "Charge that the pack held when new.")
    case .cycles:
      Entry(
        "cycles", .count, "Cycles",
        "Full charges and discharges so far, as the battery counts them.")
    case .cellCount:
      Entry("cell_count", .count, "Cells", "Cells in series that the battery sees.")
    case .cellMin:
      Entry("cell_min_v", .cellVoltage, "Lowest cell", "Voltage of the lowest cell.", "voltage")
    case .cellMax:
      Entry("cell_max_v", .cellVoltage, "Highest cell", "Voltage of the highest cell.", "voltage")
    case .cellDelta:
      Entry(
        "cell_delta_v", .cellVoltage, "Cell spread", "Highest cell less lowest cell.", "voltage")
    case .cellAverage:
      Entry("cell_avg_v", .cellVoltage, "Average cell", "Mean voltage of the cells.", "voltage")
    case .cellMinNumber:
      Entry(
        "cell_min_number", .count, "Lowest cell's number", "Which cell is lowest, counted from 1.")
    case .cellMaxNumber:
      Entry(
        "cell_max_number", .count, "Highest cell's number", "Which cell is highest, counted from 1."
      )
    case .temperatureMin:
      Entry(
        "temp_min_c", .temperature, "Coldest sensor", "Temperature of the coldest sensor.",
        "temperature")
    case .temperatureMax:
      Entry(
        "temp_max_c", .temperature, "Hottest sensor", "Temperature of the hottest sensor.",
        "temperature")
    case .temperatureAverage:
      Entry(
        "temp_avg_c", .temperature, "Average temperature", "Mean of the sensors.", "temperature")
    case .mosfetTemperature:
      Entry(
        "mosfet_temperature_c", .temperature, "Switch temperature", "Temperature of the switches.",
        "temperature")
    case .ambientTemperature:
      Entry(
        "ambient_temperature_c", .temperature, "Ambient temperature",
        "Temperature of the air around.", "temperature")
    case .chargeEnabled:
      Entry(
        "charge_enabled", .flag, "Charging allowed", "Whether the battery lets itself be charged.")
    case .dischargeEnabled:
      Entry(
        "discharge_enabled", .flag, "Discharging allowed",
        "Whether the battery lets itself be discharged.")
    case .balancing:
      Entry("balancing", .flag, "Balancing", "Whether any cell is being balanced now.")
    case .chargeVoltageLimit:
      Entry(
        "charge_voltage_limit_v", .voltage, "Charge voltage limit",
        "CVL: highest voltage that a charger may reach.", "voltage")
    case .chargeCurrentLimit:
      Entry(
        "charge_current_limit_a", .current, "Charge current limit",
        "CCL: highest current that may charge the pack.", "current")
    case .dischargeCurrentLimit:
      Entry(
        "discharge_current_limit_a", .current, "Discharge current limit",
        "DCL: highest current that may be drawn.", "current")
    case .dischargeVoltageLimit:
      Entry(
        "discharge_voltage_limit_v", .voltage, "Discharge voltage limit",
        "Lowest voltage to which the pack may be drawn.", "voltage")
    case .energyCharged:
      Entry("energy_charged_wh", .energy, "Energy charged", "Energy that went in so far.", "energy")
    case .energyDischarged:
      Entry(
        "energy_discharged_wh", .energy, "Energy discharged", "Energy that came out so far.",
        "energy")
    case .chargeCharged:
      Entry("charge_charged_ah", .charge, "Charge in", "Charge that went in so far.")
    case .chargeDischarged:
      Entry("charge_discharged_ah", .charge, "Charge out", "Charge that came out so far.")
    case .timeToEmpty:
      Entry(
        "time_to_empty_s", .seconds, "Time to empty", "Time left at the present load.", "duration")
    case .timeToFull:
      Entry(
        "time_to_full_s", .seconds, "Time to full", "Time left at the present charge.", "duration")
    case .status:
      Entry("status_code", .count, "Status code", "The battery's own number for what it is doing.")
    case .consumed:
      Entry(
        "consumed_ah", .charge, "Consumed charge",
        "Charge drawn since the battery was last full, counted from the current.")
    case .consumedMargin:
      Entry(
        "consumed_margin_ah", .charge, "Margin of the consumed charge",
        "How much may have flowed while no readings came.")
    case .countedSOC:
      Entry(
        "counted_soc_pct", .percent, "Counted state of charge",
        "State of charge by the gateway's own count, beside the battery's.", "battery")
    case .countedRemaining:
      Entry(
        "counted_remaining_ah", .charge, "Counted remaining charge",
        "Charge that can still be drawn by the gateway's own count.")
    case .socDrift:
      Entry(
        "soc_drift_pct", .percent, "Drift of the state of charge",
        "The battery's state of charge less the counted one.")
    case .countedCycles:
      Entry(
        "counted_cycles", .cycles, "Counted cycles",
        "Charge drawn so far, in full capacities; counted by the gateway.")
    case .fullCharges:
      Entry(
        "full_charges", .count, "Full charges",
        "How often the battery was charged full after at least a tenth was drawn.")
    case .fullDischarges:
      Entry(
        "full_discharges", .count, "Full discharges",
        "How often the lowest cell came down to its floor.")
    case .sinceFullCharge:
      Entry(
        "since_full_charge_s", .seconds, "Since the last full charge",
        "Time since the battery was last full.", "duration")
    case .deepestDischarge:
      Entry(
        "deepest_discharge_ah", .charge, "Deepest discharge",
        "The most that was ever drawn between two full charges.")
    case .lastDischarge:
      Entry(
        "last_discharge_ah", .charge, "Discharge since full",
        "The most that was missing at once since the battery was last full.")
    case .averageDischarge:
      Entry(
        "average_discharge_ah", .charge, "Average discharge",
        "Charge drawn for each full charge, on average.")
    case .lowestVoltage:
      Entry(
        "lowest_voltage_v", .voltage, "Lowest voltage",
        "The lowest voltage that the pack ever had.", "voltage")
    case .highestVoltage:
      Entry(
        "highest_voltage_v", .voltage, "Highest voltage",
        "The highest voltage that the pack ever had.", "voltage")
    }
  }

  /// The point with a name; `nil` where there is none.
  public init?(name: some Sequence<UInt8>) {
    for point in Self.allCases where point.name.hasBytes(name) {
      self = point
      return
    }
    return nil
  }
}

extension Point.Entry {
  fileprivate init(
    _ name: StaticString, _ kind: Point.Kind, _ title: StaticString, _ meaning: StaticString,
    _ deviceClass: StaticString? = nil
  ) {
    self.init(name: name, kind: kind, title: title, meaning: meaning, deviceClass: deviceClass)
  }
}

extension Point.Kind {
  /// The name in the reference.
  public var name: StaticString {
    switch self {
    case .cellVoltage: "cell_voltage"
    case .voltage: "voltage"
    case .current: "current"
    case .power: "power"
    case .temperature: "temperature"
    case .percent: "percent"
    case .charge: "charge"
    case .energy: "energy"
    case .count: "count"
    case .cycles: "cycles"
    case .seconds: "seconds"
    case .flag: "flag"
    }
  }

  /// Decimals of the unit that one step resolves.
  public var decimals: Int {
    switch self {
    case .cellVoltage: CellVoltageScale.decimals
    case .voltage: VoltageScale.decimals
    case .current: CurrentScale.decimals
    case .power: PowerScale.decimals
    case .temperature: TemperatureScale.decimals
    case .percent: PercentScale.decimals
    case .charge: ChargeScale.decimals
    case .energy: EnergyScale.decimals
    case .cycles: 4
    case .count, .seconds, .flag: 0
    }
  }

  /// The unit that people read; empty where a number counts things.
  public var unit: StaticString {
    switch self {
    case .cellVoltage, .voltage: "V"
    case .current: "A"
    case .power: "W"
    case .temperature: "°C"
    case .percent: "%"
    case .charge: "Ah"
    case .energy: "Wh"
    case .seconds: "s"
    case .count, .cycles, .flag: ""
    }
  }
}

extension StaticString {
  /// Whether these are exactly the bytes of this text.
  public func hasBytes(_ bytes: some Sequence<UInt8>) -> Bool {
    var iterator = bytes.makeIterator()
    for index in 0..<utf8CodeUnitCount {
      guard let byte = iterator.next(), unsafe utf8Start[index] == byte else { return false }
    }
    return iterator.next() == nil
  }
}

extension String {
  /// Whether these are exactly the bytes of this text.
  public func hasBytes(_ bytes: some Sequence<UInt8>) -> Bool { utf8.elementsEqual(bytes) }
}
