// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Inverters
package import Quantities

extension Controller {
  /// The control of the battery that these settings name.
  package init(_ battery: BatterySettings, _ inverters: [InverterSettings]) {
    // The settings reader accepts only names of dialects that exist.
    self.init(
      dialect: battery.language ?? Dialect.all[0], battery: battery,
      inverters: inverters)
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
    isSlow = battery.isSlow
    // What is the same is not even decided again, so that no frame moves.
    if charge.reconfigure(battery.charging) { isDue = true }
    bounds = Freshness.Bounds(battery)
    meter.longestGap = bounds.aging
    accounts.terms = battery.accountTerms
    let before = outputs.map(\.settings)
    outputs = inverters.map { inverter in
      let before =
        outputs.first { $0.settings.link == inverter.link }
        ?? outputs.first { $0.settings.name == inverter.name }
      guard let before, before.settings != inverter else { return before ?? Output(inverter) }
      return before.continued(as: inverter)
    }
    // A new schedule has its picture at once.
    for index in outputs.indices where !isSlow && !before.contains(outputs[index].settings) {
      outputs[index].schedule.update(picture(index), at: now)
    }
  }
}

extension Controller.Output {
  /// The same inverter by other settings.
  fileprivate func continued(as inverter: InverterSettings) -> Self {
    var output = Self(inverter)
    var alike = inverter
    alike.name = settings.name
    alike.link = settings.link
    alike.traffic = settings.traffic
    if alike == settings {
      // It is told the same, only elsewhere.
      output.schedule = schedule
    } else {
      output.schedule.follow(schedule)
    }
    if inverter.link == settings.link {
      output.presence = presence
      output.wasHeard = wasHeard
    }
    return output
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
