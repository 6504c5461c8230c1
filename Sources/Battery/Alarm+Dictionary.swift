// SPDX-License-Identifier: Apache-2.0

extension Alarm {
  /// One plain sentence on what is wrong.
  public var meaning: StaticString {
    switch self {
    case .cellOvervoltage: "A cell's voltage is too high."
    case .cellUndervoltage: "A cell's voltage is too low."
    case .packOvervoltage: "The voltage of the pack is too high."
    case .packUndervoltage: "The voltage of the pack is too low."
    case .chargeOvercurrent: "The current that charges is too high."
    case .dischargeOvercurrent: "The current that is drawn is too high."
    case .regenerationOvercurrent: "The current that a load feeds back is too high."
    case .shortCircuit: "The terminals are shorted."
    case .chargeOvertemperature: "It is too hot to charge."
    case .chargeUndertemperature: "It is too cold to charge."
    case .dischargeOvertemperature: "It is too hot to discharge."
    case .dischargeUndertemperature: "It is too cold to discharge."
    case .overtemperature: "It is too hot, whatever the direction of the current."
    case .undertemperature: "It is too cold, whatever the direction of the current."
    case .mosfetOvertemperature: "The switches are too hot."
    case .ambientOvertemperature: "The air around is too hot."
    case .temperatureDifference: "The sensors differ too much."
    case .cellImbalance: "The cells differ too much."
    case .socLow: "Little charge is left."
    case .socHigh: "The state of charge is higher than it should be."
    case .remainingCapacityLow: "Less charge is left than a threshold of the battery."
    case .chargeMosfetFault: "The switch for charging does not do what it should."
    case .dischargeMosfetFault: "The switch for discharging does not do what it should."
    case .prechargeFault: "The soft start of the load failed."
    case .contactorFault: "A contactor or a common switch does not do what it should."
    case .currentSensorFault: "The sensor of the current is lost or wrong."
    case .temperatureSensorFault: "A sensor of temperature is lost or wrong."
    case .cellSenseFault: "The wire or the input that measures a cell is lost."
    case .wireResistance: "A wire to a cell has too much resistance."
    case .afeFault: "The chip that measures the cells fails."
    case .eepromFault: "The memory of the settings fails."
    case .rtcFault: "The clock of the battery fails."
    case .communicationFault: "Parts of the battery do not hear each other."
    case .internalFault:
      "The battery management system itself fails, for no other reason of this list."
    case .softwareMosfetLock: "A switch was locked by a command."
    case .chargeInhibited: "The battery does not let itself be charged, and does not say why."
    case .dischargeInhibited: "The battery does not let itself be discharged, and does not say why."
    case .fullyDischarged: "The battery counts as empty."
    case .overCharged: "The battery counts as charged beyond full."
    case .chargerVoltageHigh: "The voltage of the charger is too high."
    case .chargerVoltageLow: "The voltage of the charger is too low."
    }
  }

  /// Names under which makers and other programs know it.
  public var aliases: [StaticString] {
    switch self {
    case .cellOvervoltage: ["COVP", "cell high", "cell_voltage_high"]
    case .cellUndervoltage: ["CUVP", "cell low", "cell_voltage_low"]
    case .packOvervoltage: ["total voltage high", "high_voltage on CAN"]
    case .packUndervoltage: ["total voltage low", "low_voltage on CAN"]
    case .chargeOvercurrent: ["OCC"]
    case .dischargeOvercurrent: ["OCD", "AOLD"]
    case .shortCircuit: ["ASCC", "ASCD"]
    case .chargeOvertemperature: ["OTC", "charge_temperature_high"]
    case .chargeUndertemperature: ["UTC", "charge_temperature_low", "low_charge_temperature"]
    case .dischargeOvertemperature: ["OTD"]
    case .dischargeUndertemperature: ["UTD"]
    case .cellImbalance: ["cell_voltage_difference"]
    case .chargeMosfetFault, .dischargeMosfetFault: ["stuck", "breakdown"]
    case .afeFault: ["detection chip"]
    case .eepromFault: ["storage"]
    case .communicationFault: ["communication lost"]
    case .internalFault: ["BMS internal"]
    default: []
    }
  }
}
