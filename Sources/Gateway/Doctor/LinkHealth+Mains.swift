// SPDX-License-Identifier: Apache-2.0

import Battery

// Noise of the mains comes in bursts, one or two in each of its periods: damaged bytes of one answer then
// stand whole half-periods apart.

extension LinkHealth {
  /// Where an answer differs from the good one before it; empty where too much does, or nothing is known.
  private static func damaged(_ rejected: Rejected) -> [Int] {
    guard rejected.kind == .checksum, rejected.good.count == rejected.reply.count else { return [] }
    let places = rejected.reply.indices.filter { rejected.reply[$0] != rejected.good[$0] }
    return places.count * 2 <= rejected.reply.count ? places : []
  }

  /// The frequency of the mains with which damage keeps step, in Hz; `nil` where it does not.
  ///
  /// Distances between the damaged bytes of one answer that are longer than a burst are folded by the
  /// half-period. By chance a third of them lie near a whole one; at least two thirds must.
  var mains: Int? {
    guard let baud, baud > 0 else { return nil }
    var best: (hertz: Int, share: Int)?
    let places = newest.map(Self.damaged)
    for hertz in [50, 60] {
      // In steps of a tenth of a microsecond.
      let half = 10_000_000 / (2 * hertz)
      var near = 0
      var all = 0
      for list in places {
        for (index, first) in list.enumerated() {
          for second in list[(index + 1)...] {
            let distance = (second - first) * 10 * 10_000_000 / baud
            guard distance * 3 > half else { continue }
            all += 1
            let rest = distance % half
            if min(rest, half - rest) * 6 <= half { near += 1 }
          }
        }
      }
      guard all >= 12, near * 3 >= all * 2 else { continue }
      let share = near * 1000 / all
      if share > best?.share ?? 0 { best = (hertz, share) }
    }
    return best?.hertz
  }
}
