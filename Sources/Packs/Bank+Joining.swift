// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// Decides which parts of a parallel group are joined to each other, by their voltages.
  ///
  /// A part that was open or lost has to show for a while that it has the voltage of the others. One that is
  /// joined and has another voltage for a while is not joined in truth, whatever it says of its switches:
  /// then the one that carries the least current is given up.
  mutating func judge(_ children: [Int], _ joints: [Joint], _ step: Int64) {
    for child in children where joints[child].freshness == .lost || joints[child].isOpen {
      nodes[child].isJoined = false
      nodes[child].doubted = 0
    }
    let heard = children.filter { joints[$0].isHeard && !joints[$0].isOpen }
    let waiting = heard.filter { !nodes[$0].isJoined }
    if waiting.count == heard.count, let first = strongest(waiting, joints) {
      nodes[first].isJoined = true
    }
    for child in waiting where !nodes[child].isJoined {
      guard isNear(child, heard, joints, times: 1) else {
        nodes[child].doubted = 0
        continue
      }
      nodes[child].doubted += step
      guard !hasBegun || nodes[child].doubted >= terms.apartHold else { continue }
      nodes[child].isJoined = true
      nodes[child].doubted = 0
    }
    var worst: Int?
    for child in heard where nodes[child].isJoined {
      guard !isNear(child, heard, joints, times: 2) else {
        nodes[child].doubted = 0
        continue
      }
      nodes[child].doubted += step
      guard nodes[child].doubted >= terms.apartHold else { continue }
      let least = worst.flatMap { joints[$0].current?.magnitude } ?? Current(raw: .max)
      if worst == nil || joints[child].current?.magnitude ?? .zero <= least { worst = child }
    }
    if let worst {
      nodes[worst].isJoined = false
      nodes[worst].doubted = 0
    }
    for child in heard where !nodes[child].isJoined {
      for pack in joints[child].packs where states[pack].counts { states[pack] = .apart }
    }
  }

  /// Whether a part has the voltage of the others that are joined; nobody to compare with is no reason
  /// against it.
  private func isNear(_ child: Int, _ heard: [Int], _ joints: [Joint], times: Int) -> Bool {
    let others = heard.filter { $0 != child && nodes[$0].isJoined }.compactMap {
      joints[$0].voltage.map { Int64($0.raw) }
    }
    guard !others.isEmpty else { return true }
    guard let own = joints[child].voltage else { return false }
    let mean = others.reduce(0, +).dividedRounding(by: Int64(others.count))
    return abs(Int64(own.raw) - mean) <= Int64(terms.apart.raw) * Int64(times)
  }

  /// The part with the most current, the first of equals.
  private func strongest(_ children: [Int], _ joints: [Joint]) -> Int? {
    var best: Int?
    for child in children {
      let current = joints[child].current?.magnitude ?? .zero
      if let before = best, current <= joints[before].current?.magnitude ?? .zero { continue }
      best = child
    }
    return best
  }
}

extension PackState {
  /// Whether a pack that stands so counts for anything.
  fileprivate var counts: Bool {
    switch self {
    case .online, .late, .blocksCharge, .blocksDischarge: true
    case .open, .apart, .undecided, .stale, .lost: false
    }
  }
}
