// SPDX-License-Identifier: Apache-2.0

import Inverters
import Links
import Machine

extension Lane {
  /// What this lane shows of its battery.
  func view() -> GatewayView.BatteryView {
    GatewayView.BatteryView(
      name: battery.name, dialect: battery.dialect, link: link.name,
      linkFault: reopening.fault.map { "\($0)" }
        ?? (link.isReady ? nil : "\(link.name): connecting"),
      counters: link.counters, statistics: controller.statistics, snapshot: controller.snapshot,
      status: controller.status, freshness: controller.freshness, bounds: controller.bounds,
      limits: controller.limits,
      silence: controller.silence, nextVisit: controller.nextVisit(at: MonotonicClock.now()),
      liveReadings: controller.liveReadings, rejections: controller.rejections,
      recognition: controller.recognition)
  }

  /// What this lane shows of its inverters.
  func inverterViews() -> [GatewayView.InverterView] {
    buses.enumerated().map { index, bus in
      let presence = controller.presence(output: index)
      return GatewayView.InverterView(
        name: bus.name, battery: battery.name, link: bus.link.name,
        linkFault: bus.reopening.fault.map { "\($0)" },
        counters: bus.link.counters, health: bus.link.health, heardAt: presence.lastHeard,
        isVictron: presence.isVictron,
        traffic: bus.traffic)
    }
  }
}
