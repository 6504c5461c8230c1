// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension InverterDialect {
  /// What `explain` adds to a reading, in this order.
  static let details: [InverterDetail] = inverterDetails + batteryDetails

  /// What an inverter says.
  private static let inverterDetails: [InverterDetail] = [
    InverterDetail(
      key: ReadingKey("direction", .text, "Who speaks, where it is the inverter.")
    ) { dialect, reading in
      reading.isFromInverter ? .text("\(dialect.direction)") : nil
    },
    .flag("keepalive", "Whether a keep-alive of an inverter was heard.") { $0.keepAlive },
    .text("identification_tag", "The name by which an inverter introduced itself.") {
      $0.identificationTag
    },
    .flag("quick_stop", "Whether the battery orders the inverter to stop at once.") {
      $0.isQuickStop
    },
    .number(
      "inverter_voltage_v", decimals: 3, unit: "V", "Voltage that the inverter measures."
    ) { $0.inverter.voltage.map { Int64($0.raw) } },
    .number(
      "inverter_current_a", decimals: 3, unit: "A",
      "Current that the inverter measures; positive charges."
    ) { $0.inverter.current.map { Int64($0.raw) } },
    .number(
      "inverter_temperature_c", decimals: 2, unit: "°C", "Temperature that the inverter goes by."
    ) { $0.inverter.temperature.map { Int64($0.raw) } },
    .number(
      "inverter_soc_pct", decimals: 6, unit: "%", "State of charge that the inverter goes by."
    ) { $0.inverter.soc.map { Int64($0.raw) } },
    .number(
      "inverter_soh_pct", decimals: 6, unit: "%", "State of health that the inverter was told."
    ) { $0.inverter.soh.map { Int64($0.raw) } },
    .number("inverter_charging_mode", "Mode of charging, by the maker's number.") {
      $0.inverter.chargingMode.map(Int64.init)
    },
    .number("inverter_operating_state", "State of operation, by the maker's number.") {
      $0.inverter.operatingState.map(Int64.init)
    },
    .number("inverter_error", "Number of the active error of the inverter.") {
      $0.inverter.error.map(Int64.init)
    },
    .number(
      "inverter_charge_voltage_v", decimals: 3, unit: "V",
      "Voltage to which the inverter charges now."
    ) { $0.inverter.chargeVoltage.map { Int64($0.raw) } },
    .number("inverter_relays", "State of the relays, bit by bit.") {
      $0.inverter.relays.map(Int64.init)
    },
  ]

  /// What batteries say to an inverter alone.
  private static let batteryDetails: [InverterDetail] = [
    .number("module_count", "How many modules a bank says that it has.") {
      $0.moduleCount.map(Int64.init)
    },
    .flag("force_charge", "Whether the battery asks to be charged soon or at once.") {
      $0.forceCharge
    },
    .flag("full_charge_requested", "Whether the battery asks for a full charge.") {
      $0.fullChargeRequested
    },
    .number("protocol_version", "Version of the protocol, where a battery tells one.") {
      $0.protocolVersion.map(Int64.init)
    },
    .number(
      "soc_hires_pct", decimals: 6, unit: "%",
      "State of charge at 0.01 %, where it agrees with the whole percents."
    ) { $0.fineCharge.map { Int64($0.raw) } },
    .number(
      "online_capacity_ah", decimals: 3, unit: "Ah",
      "Capacity that is online, of some batteries what remains."
    ) { $0.onlineCapacity?.raw },
    .number("installed_ah", decimals: 3, unit: "Ah", "Capacity when new.") { $0.installed?.raw },
    .number("modules_online", "Modules that answer.") { $0.modules.online.map(Int64.init) },
    .number("modules_blocking_charge", "Modules that do not let themselves be charged.") {
      $0.modules.blockingCharge.map(Int64.init)
    },
    .number("modules_blocking_discharge", "Modules that do not let themselves be discharged.") {
      $0.modules.blockingDischarge.map(Int64.init)
    },
    .number("modules_offline", "Modules that do not answer.") {
      $0.modules.offline.map(Int64.init)
    },
    .number("cell_temp_min_k", unit: "K", "Coldest sensor in whole kelvin; 273 is 0 °C.") {
      $0.coldest.map(Int64.init)
    },
    .number("cell_temp_max_k", unit: "K", "Hottest sensor in whole kelvin; 273 is 0 °C.") {
      $0.hottest.map(Int64.init)
    },
    .text("cell_min_id", "Which cell is lowest.") { $0.lowestCell },
    .text("cell_max_id", "Which cell is highest.") { $0.highestCell },
    .text("cell_temp_min_id", "Which sensor is coldest.") { $0.coldestSensor },
    .text("cell_temp_max_id", "Which sensor is hottest.") { $0.hottestSensor },
    // Steps of 1 mWh; a kilowatt-hour is a million of them.
    .number("energy_charged_kwh", decimals: 6, unit: "kWh", "Energy that went in so far.") {
      $0.energyCharged?.raw
    },
    .number("energy_discharged_kwh", decimals: 6, unit: "kWh", "Energy that came out so far.") {
      $0.energyDischarged?.raw
    },
    .text("family", "Family of products.") { $0.family },
    .number("product_id", "Product number.") { $0.product.map(Int64.init) },
    .flag("charge_requested", "Whether the battery asks to be charged.") { $0.chargeRequested },
    .flag("system_online", "Whether the battery says that it is online.") { $0.isOnline },
    .flag("general_alarm", "What the pair \"general\" says as an alarm.") { $0.generalAlarm },
    .flag("general_warning", "What the pair \"general\" says as a warning.") { $0.generalWarning },
    .flag("preventive_shutdown", "Whether the battery announces that it switches itself off.") {
      $0.isShuttingDown == true ? true : nil
    },
  ]
}
