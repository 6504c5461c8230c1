// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities
public import Wire

extension InverterDialect {
  /// Everything that frames say, for people and programs who look at wires.
  ///
  /// A frame whose identifier came before begins a new group; where there are several groups each stands
  /// in `series`. Frames of other protocols are skipped, unless there is nothing else.
  public func explain(_ frames: [CANFrame]) -> Exchange {
    var exchange = Exchange()
    var whole = InverterReading()
    var group = InverterReading()
    var seen: [UInt32] = []
    var groups: [Exchange.Part] = []
    var isForeign = false
    for frame in frames {
      if seen.contains(frame.id) {
        groups.append(part(group))
        group = InverterReading()
        seen = []
      }
      do throws(WireError) {
        try decode(frame, &group)
        try decode(frame, &whole)
        seen.append(frame.id)
      } catch .notAReading {
        isForeign = true
      } catch {
        exchange.error = exchange.error ?? error
      }
    }
    exchange.whole = part(whole)
    if !groups.isEmpty {
      groups.append(part(group))
      exchange.series = groups
    }
    if isForeign, exchange.error == nil, groups.isEmpty, seen.isEmpty {
      exchange.error = .notAReading
    }
    return exchange
  }

  private func part(_ reading: InverterReading) -> Exchange.Part {
    var part = Exchange.Part()
    part.reading = reading.reading
    part.details = details(reading)
    return part
  }

  private func details(_ reading: InverterReading) -> [Exchange.Entry] {
    var entries = Details()
    if reading.isFromInverter { entries.add("direction", .text("\(direction)")) }
    entries.add("keepalive", reading.keepAlive)
    entries.add("identification_tag", reading.identificationTag)
    entries.add("quick_stop", reading.isQuickStop)
    entries.add("inverter_voltage_v", reading.inverter.voltage.map { Int64($0.raw) }, decimals: 3)
    entries.add("inverter_current_a", reading.inverter.current.map { Int64($0.raw) }, decimals: 3)
    entries.add(
      "inverter_temperature_c", reading.inverter.temperature.map { Int64($0.raw) }, decimals: 2)
    entries.add("inverter_soc_pct", reading.inverter.soc.map { Int64($0.raw) }, decimals: 6)
    entries.add("inverter_soh_pct", reading.inverter.soh.map { Int64($0.raw) }, decimals: 6)
    entries.add("inverter_charging_mode", reading.inverter.chargingMode.map(Int64.init))
    entries.add("inverter_operating_state", reading.inverter.operatingState.map(Int64.init))
    entries.add("inverter_error", reading.inverter.error.map(Int64.init))
    entries.add(
      "inverter_charge_voltage_v", reading.inverter.chargeVoltage.map { Int64($0.raw) },
      decimals: 3)
    entries.add("inverter_relays", reading.inverter.relays.map(Int64.init))
    entries.add("module_count", reading.moduleCount.map(Int64.init))
    entries.add("force_charge", reading.forceCharge)
    entries.add("full_charge_requested", reading.fullChargeRequested)
    entries.add("protocol_version", reading.protocolVersion.map(Int64.init))
    entries.add("soc_hires_pct", reading.fineCharge.map { Int64($0.raw) }, decimals: 6)
    entries.add("online_capacity_ah", reading.onlineCapacity?.raw, decimals: 3)
    entries.add("installed_ah", reading.installed?.raw, decimals: 3)
    entries.add("modules_online", reading.modules.online.map(Int64.init))
    entries.add("modules_blocking_charge", reading.modules.blockingCharge.map(Int64.init))
    entries.add("modules_blocking_discharge", reading.modules.blockingDischarge.map(Int64.init))
    entries.add("modules_offline", reading.modules.offline.map(Int64.init))
    entries.add("cell_temp_min_k", reading.coldest.map(Int64.init))
    entries.add("cell_temp_max_k", reading.hottest.map(Int64.init))
    entries.add("cell_min_id", reading.lowestCell)
    entries.add("cell_max_id", reading.highestCell)
    entries.add("cell_temp_min_id", reading.coldestSensor)
    entries.add("cell_temp_max_id", reading.hottestSensor)
    // Steps of 1 mWh; a kilowatt-hour is a million of them.
    entries.add("energy_charged_kwh", reading.energyCharged?.raw, decimals: 6)
    entries.add("energy_discharged_kwh", reading.energyDischarged?.raw, decimals: 6)
    entries.add("family", reading.family)
    entries.add("product_id", reading.product.map(Int64.init))
    entries.add("charge_requested", reading.chargeRequested)
    entries.add("system_online", reading.isOnline)
    entries.add("general_alarm", reading.generalAlarm)
    entries.add("general_warning", reading.generalWarning)
    entries.add("preventive_shutdown", reading.isShuttingDown == true ? true : nil)
    return entries.list
  }

  /// Entries under way; what is absent is not entered.
  private struct Details {
    var list: [Exchange.Entry] = []

    mutating func add(_ name: StaticString, _ value: Exchange.Value) {
      list.append(Exchange.Entry(name, value))
    }

    mutating func add(_ name: StaticString, _ number: Int64?, decimals: Int = 0) {
      guard let number else { return }
      add(name, .number(number, decimals: decimals))
    }

    mutating func add(_ name: StaticString, _ text: Label?) {
      guard let text else { return }
      add(name, .text(text.string))
    }

    mutating func add(_ name: StaticString, _ flag: Bool?) {
      guard let flag else { return }
      add(name, .flag(flag))
    }
  }
}
