// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension BatteryControl {
  /// A TinyBMS: its switches obey nobody but itself.
  static let tinyBMS = BatteryControl(.tinyBMS, [.soc, .restart]) { order, _, _ in
    switch order {
    case .soc(let percent):
      // Register 328 counts in steps of 0.002 %.
      return .setting("set_soc_pct", Int64(percent.raw) / 2000)
    case .restart:
      var request = TinyBMS.Command.reset(.restart).request
      request.tries = 1
      request.pauseAfter = 2000
      return .requests([request], nil, .life)
    default: return .refused(.unknown)
    }
  }
}
