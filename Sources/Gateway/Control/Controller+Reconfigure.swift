// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Inverters
package import Quantities

extension Controller {
  /// The control of the battery that these settings name.
  package init(_ battery: BatterySettings, _ inverters: [InverterSettings]) {
    self.init(
      dialect: battery.door.language(battery.password), battery: battery, inverters: inverters)
  }

  /// Obeys other settings of the same battery from now on, without forgetting anything that still holds.
  ///
  /// The conversation, what is known, ages, counters, the charge control's mode and its ramps go on. So
  /// does the schedule of an inverter whose settings are the same; one with others begins a cycle at once.
  /// - Parameters:
  ///   - battery: the battery, in the same dialect as before.
  ///   - inverters: its inverters; each goes on from the one before with its bus, or else its name.
  ///   - now: the moment.
  package mutating func reconfigure(
    battery: BatterySettings, inverters: [InverterSettings], at now: Tick
  ) {
    session.rates = battery.rates
    // Who changes the settings of a battery has looked at it.
    recognition.agree()
    isSlow = battery.isSlow
    // What is the same is not even decided again, so that no frame moves.
    if charge.reconfigure(battery.charging) { isDue = true }
    bounds = Freshness.Bounds(battery)
    meter.longestGap = bounds.aging
    accounts.terms = battery.accountTerms
    outputs.reconfigure(inverters, isSlow ? nil : picture, at: now)
  }
}

extension Freshness.Bounds {
  /// The ages that the settings of a battery name, and those that fit its polling period for the rest.
  init(_ battery: BatterySettings) {
    let usual = battery.usualBounds
    self.init(
      fresh: battery.fresh ?? usual.fresh, aging: battery.aging ?? usual.aging,
      stale: battery.stale ?? usual.stale)
  }
}
