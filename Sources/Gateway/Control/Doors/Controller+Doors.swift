// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
package import Quantities

extension Controller {
  /// Goes on with the conversation by another door, and leaves its own in the place of it.
  ///
  /// Only what the new door has told counts from now on: a value that it does not tell is not known.
  /// Limits, ramps, counters and accounts go on.
  package mutating func change(to voice: inout Voice, at now: Tick) {
    let before = snapshot.reading
    swap(&session, &voice.session)
    swap(&dialect, &voice.dialect)
    snapshot = voice.snapshot
    voice.snapshot = Snapshot()
    // A reading that came at another moment is as old as it is.
    if let newest = voice.newest, snapshot.liveAt == now { take(newest, isLive: true, at: now) }
    voice.newest = nil
    noteAlarms(before)
    isDue = true
  }
}
