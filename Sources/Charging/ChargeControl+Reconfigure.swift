// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension ChargeControl {
  /// Obeys other settings of the same battery from now on.
  ///
  /// What it is doing goes on: the mode, what it has latched and how long the pack has been full or at
  /// its target. A limit that must be lower is so at once, one that may be higher rises as always. What
  /// was counted against the old thresholds is counted anew.
  /// - Returns: whether they are different at all.
  @discardableResult
  public mutating func reconfigure(_ new: ChargeSettings) -> Bool {
    let next = ChargeControl(new)
    guard next.settings != settings else { return false }
    settings = next.settings
    isUsable = next.isUsable
    // The bound of absorption is a time alone, and must not begin again.
    let absorbed = holds.absorbed
    holds = ModeHolds()
    holds.absorbed = absorbed
    narrowHeld()
    return true
  }

  /// What is held while readings are stale must not be wider than the new settings.
  private mutating func narrowHeld() {
    if let float = settings.float, lastCount > 0 {
      lastFloat = min(lastFloat, Evidence.pack(float, lastCount))
    }
    if let most = settings.maxChargeCurrent { last?.chargeCurrent.narrow(to: most, .user) }
    if let most = settings.maxDischargeCurrent { last?.dischargeCurrent.narrow(to: most, .user) }
  }
}
