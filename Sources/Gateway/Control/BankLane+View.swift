// SPDX-License-Identifier: Apache-2.0

import Battery
import Packs

extension BankLane {
  /// What this lane shows of its bank.
  func view() -> GatewayView.BankView {
    let bank = control.bank
    let names = settings.memberNames
    return GatewayView.BankView(
      name: settings.name, arrangement: settings.arrangementText,
      packs: zip(members, bank.states).map { lane, state in
        let reading = state.isHeard ? lane.controller.snapshot.reading : nil
        return .init(
          name: lane.battery.name, state: state, voltage: reading?.voltage,
          current: reading?.current, soc: reading?.soc)
      },
      sources: control.sources.map {
        .init(point: $0.point, battery: $0.battery, isInUse: $0.isInUse)
      },
      snapshot: bank.snapshot, freshness: bank.freshness, bounds: bank.bounds, limits: bank.limits,
      silence: bank.silence.map { $0.text(names) },
      lowestCellPack: bank.lowestCellPack.map { names[$0] },
      highestCellPack: bank.highestCellPack.map { names[$0] },
      coldestPack: bank.coldestPack.map { names[$0] },
      hottestPack: bank.hottestPack.map { names[$0] })
  }

  /// What this lane shows of its inverters.
  func inverterViews() -> [GatewayView.InverterView] {
    buses.views(of: settings.name) { control.presence(output: $0) }
  }
}

extension BankSilence {
  /// Why nothing is sent, in a few words; `names` are those of the packs.
  func text(_ names: [String]) -> String {
    switch self {
    case .starting: "the packs are being asked for the first time"
    case .lost: "no pack is heard"
    case .tooFew(let heard, let needed):
      "\(heard) of \(names.count) packs heard, \(needed) are needed"
    case .pack(let number, let state): "pack \(names[number]) \(state.phrase)"
    }
  }
}
