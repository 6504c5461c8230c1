// SPDX-License-Identifier: Apache-2.0

import Battery

extension Victron {
  /// Where the fields of the frames come from.
  public static let fields: [FieldRow] = FieldRow.rows([
    FieldRow.limits, FieldRow.pairs, FieldRow.charge, FieldRow.fineCharge, FieldRow.measured,
    [
      FieldRow(0x360, 0, 1, "charge request", .bits, "whether the battery asks to be charged"),
      FieldRow(0x372, 0, 2, "modules online", .bytes, "one battery is one module"),
      FieldRow(0x372, 2, 2, "modules blocking charge", .bytes, "charge_enabled, negated"),
      FieldRow(0x372, 4, 2, "modules blocking discharge", .bytes, "discharge_enabled, negated"),
      FieldRow(0x372, 6, 2, "modules offline", .bytes, "none while anything is sent"),
      FieldRow(0x373, 0, "lowest cell", .u16, .point(.cellMin), per: 10, .nearest),
      FieldRow(0x373, 2, "highest cell", .u16, .point(.cellMax), per: 10, .nearest),
      FieldRow(
        0x373, 4, "coldest sensor", .u16, .point(.temperatureMin), per: 100, plus: 273, .nearest),
      FieldRow(
        0x373, 6, "hottest sensor", .u16, .point(.temperatureMax), per: 100, plus: 273, .nearest),
      FieldRow(0x374, 0, 8, "lowest cell's name", .text, "C and cell_min_number"),
      FieldRow(0x375, 0, 8, "highest cell's name", .text, "C and cell_max_number"),
      FieldRow(0x376, 0, 8, "coldest sensor's name", .text, "T and the number of the sensor"),
      FieldRow(0x377, 0, 8, "hottest sensor's name", .text, "T and the number of the sensor"),
      FieldRow(0x378, 0, "energy charged", .u32, .point(.energyCharged), per: 100_000, .down),
      FieldRow(0x378, 4, "energy discharged", .u32, .point(.energyDischarged), per: 100_000, .down),
    ],
    FieldRow.manufacturer, FieldRow.information,
    [
      FieldRow(0x370, 0, 8, "name, first half", .text, "setting model, or the battery's own"),
      FieldRow(0x371, 0, 8, "name, second half", .text, "setting model, or the battery's own"),
      FieldRow(0x379, 0, "installed capacity", .u16, .point(.nominal), per: 1000, .nearest),
      FieldRow(0x380, 0, 8, "serial number, first half", .text, "the battery's serial number"),
      FieldRow(0x381, 0, 8, "serial number, second half", .text, "the battery's serial number"),
      FieldRow(0x382, 0, 8, "family", .text, "setting family"),
    ],
  ])
}
