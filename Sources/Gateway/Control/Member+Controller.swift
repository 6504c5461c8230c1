// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Packs
import Quantities

extension Member {
  /// What the control of a battery knows, for the bank that it is a member of.
  init(_ name: String, _ controller: Controller, _ settings: BankSettings) {
    self.init(Label(packName: name, in: settings.memberNames), bounds: controller.bounds)
    snapshot = controller.snapshot
    freshness = controller.freshness
    limits = controller.limits
    let charging = controller.charge.settings
    capacity = charging.capacity
    float = charging.float
    cells = charging.cells
  }
}

extension Label {
  /// A battery's name as reasons have it; its number among the packs where the name has other letters than a
  /// label can hold.
  init(packName name: String, in names: [String]) {
    let label = Label(name.utf8)
    if label.string == name {
      self = label
    } else {
      self = Label("\((names.firstIndex(of: name) ?? 0) + 1)".utf8)
    }
  }
}
