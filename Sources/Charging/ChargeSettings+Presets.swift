// SPDX-License-Identifier: Apache-2.0

import Quantities

// Each number of a preset stands in docs/charging.md with its source.

extension ChargeSettings {
  /// Lithium iron phosphate: complete.
  ///
  /// Voltages and curves are the defaults of dbus-serialbattery (config.default.ini at 358d3c7).
  public static let lfp: ChargeSettings = {
    var settings = ChargeSettings()
    settings.absorption = .millivolts(3450)
    settings.lowestAbsorption = .millivolts(3370)
    settings.highestAbsorption = .millivolts(3650)
    settings.float = .millivolts(3375)
    settings.lowestFloat = .millivolts(3200)
    settings.topRegion = .millivolts(3400)
    settings.cellCeiling = .millivolts(3500)
    settings.sustainCell = .millivolts(3000)
    settings.sustainRelease = .millivolts(3100)
    settings.cellFloor = .millivolts(2800)
    settings.chargeCellCurve = Curve([
      .init(.millivolts(3375), .percent(100)), .init(.millivolts(3400), .percent(25)),
      .init(.millivolts(3425), .percent(5)), .init(.millivolts(3450), .centipercent(50)),
      .init(.millivolts(3500), .zero),
    ])
    settings.dischargeCellCurve = Curve([
      .init(.millivolts(2800), .zero), .init(.millivolts(2900), .centipercent(50)),
      .init(.millivolts(3000), .percent(5)), .init(.millivolts(3100), .percent(25)),
      .init(.millivolts(3190), .percent(100)),
    ])
    return settings
  }()

  /// Lithium nickel manganese cobalt and its kin: `float`, `sustainCell` and `sustainRelease` must be
  /// entered.
  ///
  /// Target, ceiling and floor are the settings 300, 315 and 301 of a TinyBMS that was seen on a 14S
  /// pack; the range of the target is esphome-yambms'.
  public static let nmc: ChargeSettings = {
    var settings = ChargeSettings()
    settings.absorption = .millivolts(4150)
    settings.lowestAbsorption = .millivolts(3900)
    settings.highestAbsorption = .millivolts(4200)
    settings.cellCeiling = .millivolts(4200)
    settings.cellFloor = .millivolts(3000)
    return settings
  }()

  /// Lithium titanate: `absorption` and `float` must be entered, because the sources disagree.
  ///
  /// Ceiling, floor and curves are those of dbus-aggregate-batteries (config_LTO.ini at 2ea37cd), which
  /// charges to 2.35–2.50 V; esphome-yambms gives 2.55–2.85 V.
  public static let lto: ChargeSettings = {
    var settings = ChargeSettings()
    settings.lowestAbsorption = .millivolts(2350)
    settings.highestAbsorption = .millivolts(2850)
    settings.cellCeiling = .millivolts(2600)
    settings.sustainCell = .millivolts(2000)
    settings.sustainRelease = .millivolts(2100)
    settings.cellFloor = .millivolts(1900)
    settings.cellFloorHysteresis = .millivolts(300)
    settings.chargeCellCurve = Curve([
      .init(.millivolts(2400), .percent(100)), .init(.millivolts(2500), .percent(10)),
      .init(.millivolts(2600), .zero),
    ])
    settings.dischargeCellCurve = Curve([
      .init(.millivolts(1900), .zero), .init(.millivolts(2000), .percent(5)),
      .init(.millivolts(2100), .percent(100)),
    ])
    return settings
  }()
}
