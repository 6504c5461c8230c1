// SPDX-License-Identifier: Apache-2.0

package import Battery
import Dialects
package import Quantities

extension Controller {
  /// Whether it is still to be told what the accounts of the last run held.
  package var needsAccounts: Bool { !accounts.isOpen }

  /// Takes over what the accounts of the last run held, `gap` milliseconds after its last reading; once.
  package mutating func resume(_ earlier: Accounts.Earlier, gap: Int64?, at now: Tick) {
    accounts.open(earlier, gap: gap, at: now)
  }

  /// When the battery is visited next, where it is left to sleep between visits; `nil` during one.
  package func nextVisit(at now: Tick) -> Tick? {
    isSlow && session.nextVisit > now && session.isResting ? session.nextVisit : nil
  }
}
