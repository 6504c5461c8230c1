// SPDX-License-Identifier: Apache-2.0

import Battery

extension SeplosV3 {
  /// The settings that a board tells.
  ///
  /// Source: "XZH BMS Modbus-RTU Protocol", 1300 to 1369, which says that all but the count of sensors may
  /// be written and gives no ranges: they are listed as readable until there are any. The signs of
  /// discharge currents and 1366 to 1367 are from a capture of an SG16S200A.
  static let registers: [Register] = voltages + currents + temperatures + others

  private static let voltages: [Register] = [
    count(0x1300, "sensor_count", "Sensors on cells."),
    count(0x1301, "cells_in_series", "Cells in series."),
    packVolts(0x1302, "pack_high_release_v", "A pack below it is no longer warned of as too high."),
    packVolts(0x1303, "pack_high_alarm_v", "A pack above it is warned of."),
    packVolts(0x1304, "pack_over_release_v", "A pack below it goes on charging."),
    packVolts(0x1305, "pack_over_v", "A pack above it stops charging."),
    packVolts(0x1306, "pack_low_release_v", "A pack above it is no longer warned of as too low."),
    packVolts(0x1307, "pack_low_alarm_v", "A pack below it is warned of."),
    packVolts(0x1308, "pack_under_release_v", "A pack above it goes on discharging."),
    packVolts(0x1309, "pack_under_v", "A pack below it stops discharging."),
    cellVolts(0x130A, "cell_high_release_v", "A cell below it is no longer warned of as too high."),
    cellVolts(0x130B, "cell_high_alarm_v", "A cell above it is warned of."),
    cellVolts(0x130C, "cell_over_release_v", "Cells below it let charging go on."),
    cellVolts(0x130D, "cell_over_v", "A cell above it stops charging."),
    cellVolts(0x130E, "cell_low_release_v", "A cell above it is no longer warned of as too low."),
    cellVolts(0x130F, "cell_low_alarm_v", "A cell below it is warned of."),
    cellVolts(0x1310, "cell_under_release_v", "Cells above it let discharging go on."),
    cellVolts(0x1311, "cell_under_v", "A cell below it stops discharging."),
    cellVolts(0x1312, "cell_fault_v", "A cell below it has failed."),
    cellVolts(0x1313, "cell_difference_v", "A spread of the cells above it is a fault."),
  ]

  private static let currents: [Register] = [
    amperes(0x1315, "charge_high_release_a", "A charge current below it is no longer warned of."),
    amperes(0x1316, "charge_high_alarm_a", "A charge current above it is warned of."),
    amperes(0x1317, "charge_over_a", "A charge current above it stops charging."),
    seconds(0x1318, "charge_over_delay_s", "For how long it must be above."),
    amperes(0x1319, "charge_second_a", "A charge current above it stops charging sooner."),
    amperes(
      0x131B, "discharge_high_release_a",
      "A discharge current closer to zero is no longer warned of; negative."),
    amperes(
      0x131C, "discharge_high_alarm_a",
      "A discharge current beyond it is warned of; negative."),
    amperes(
      0x131D, "discharge_over_a",
      "A discharge current beyond it stops discharging; negative."),
    seconds(0x131E, "discharge_over_delay_s", "For how long it must be beyond."),
    amperes(
      0x131F, "discharge_second_a",
      "A discharge current beyond it stops discharging sooner; negative."),
  ]

  private static let temperatures: [Register] = [
    degrees(
      0x132F, "charge_high_release_c",
      "Charging below it is no longer warned of as too hot."),
    degrees(0x1330, "charge_high_alarm_c", "Charging above it is warned of."),
    degrees(0x1331, "charge_over_release_c", "Below it charging goes on."),
    degrees(0x1332, "charge_over_c", "Above it charging stops."),
    degrees(
      0x1333, "charge_low_release_c",
      "Charging above it is no longer warned of as too cold."),
    degrees(0x1334, "charge_low_alarm_c", "Charging below it is warned of."),
    degrees(0x1335, "charge_under_release_c", "Above it charging goes on."),
    degrees(0x1336, "charge_under_c", "Below it charging stops."),
    degrees(
      0x1337, "discharge_high_release_c",
      "Discharging below it is no longer warned of as too hot."),
    degrees(0x1338, "discharge_high_alarm_c", "Discharging above it is warned of."),
    degrees(0x1339, "discharge_over_release_c", "Below it discharging goes on."),
    degrees(0x133A, "discharge_over_c", "Above it discharging stops."),
    degrees(
      0x133B, "discharge_low_release_c",
      "Discharging above it is no longer warned of as too cold."),
    degrees(0x133C, "discharge_low_alarm_c", "Discharging below it is warned of."),
    degrees(0x133D, "discharge_under_release_c", "Above it discharging goes on."),
    degrees(0x133E, "discharge_under_c", "Below it discharging stops."),
    degrees(0x1347, "switches_high_release_c", "Switches below it are no longer warned of."),
    degrees(0x1348, "switches_high_alarm_c", "Switches above it are warned of."),
    degrees(0x1349, "switches_over_release_c", "Switches below it are closed again."),
    degrees(0x134A, "switches_over_c", "Switches above it are opened."),
    degrees(0x134B, "heater_off_c", "Cells above it are no longer heated."),
    degrees(0x134C, "heater_on_c", "Cells below it are heated."),
  ]

  private static let others: [Register] = [
    cellVolts(0x1350, "balance_start_v", "Cells below it are not balanced."),
    cellVolts(0x1351, "balance_start_delta_v", "Cells closer together are not balanced."),
    cellVolts(0x1352, "balance_stop_delta_v", "Balancing stops once they are so close."),
    percent(0x1353, "soc_full_release_pct", "A state of charge below it is no longer full."),
    percent(0x1354, "soc_low_release_pct", "A state of charge above it is no longer warned of."),
    percent(0x1355, "soc_low_alarm_pct", "A state of charge below it is warned of."),
    percent(0x1356, "soc_under_release_pct", "A state of charge above it lets discharging go on."),
    percent(0x1357, "soc_under_pct", "A state of charge below it stops discharging."),
    charge(0x1358, "rated_ah", "Capacity when new."),
    charge(0x1359, "total_ah", "Capacity as it is now."),
    charge(0x135A, "left_ah", "Charge that is left."),
    amperes(0x1366, "inverter_charge_a", "Charge current that it asks of an inverter."),
    amperes(
      0x1367, "inverter_discharge_a",
      "Discharge current that it asks of an inverter; negative."),
  ]
}
