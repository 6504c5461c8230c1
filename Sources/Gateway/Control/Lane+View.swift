// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension Lane {
  /// What this lane shows of its battery.
  func view() -> GatewayView.BatteryView {
    GatewayView.BatteryView(
      name: battery.name, dialect: line.door.dialect, link: link.name,
      linkFault: line.reopening.fault.map { "\($0)" }
        ?? (link.isReady ? nil : "\(link.name): connecting"),
      address: line.door.address, door: current + 1,
      doors: lines.count > 1 ? lines.indices.map(doorView) : [],
      counters: link.counters, health: link.health, statistics: controller.statistics,
      snapshot: controller.snapshot,
      status: controller.status, freshness: controller.freshness, bounds: controller.bounds,
      limits: controller.limits,
      silence: controller.silence, nextVisit: controller.nextVisit(at: MonotonicClock.now()),
      liveReadings: controller.liveReadings, rejections: controller.rejections,
      recognition: controller.recognition)
  }

  private func doorView(_ index: Int) -> GatewayView.DoorView {
    let line = lines[index]
    return GatewayView.DoorView(
      dialect: line.door.dialect, link: line.link.name,
      linkFault: line.reopening.fault.map { "\($0)" }, difference: choice.difference(index))
  }

  /// What this lane shows of its inverters.
  func inverterViews() -> [GatewayView.InverterView] {
    buses.views(of: battery.name) { controller.presence(output: $0) }
  }
}
