// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Synchronization

/// Where the control thread leaves what it no longer needs: letting go of a log waits for the disk, and
/// the control thread waits for nothing.
package final class Attic: Sendable {
  /// What somebody else is to let go of.
  private struct Relic: @unchecked Sendable {
    // Nobody uses it any longer; it is only let go of, once.
    let thing: AnyObject
  }

  private let relics = Mutex<[Relic]>([])

  /// An empty attic.
  package init() {}

  /// Leaves something behind that nobody is to use again.
  func put(_ thing: AnyObject) { relics.withLock { $0.append(Relic(thing: thing)) } }

  /// Lets go of everything on a thread of its own, and waits for that at most so long.
  ///
  /// Call it when those who left things have had time to forget them.
  package func clear(waitMilliseconds: Int) {
    guard !isEmpty, let done = try? BoundedQueue<Bool>(capacity: 1) else { return }
    let worker = try? DedicatedThread(name: "attic") { [self] in
      empty()
      done.tryPush(true)
    }
    if worker != nil { _ = done.popAll(waitMilliseconds: waitMilliseconds) }
  }

  /// Whether nothing is left to let go of.
  package var isEmpty: Bool { relics.withLock(\.isEmpty) }

  private func empty() {
    let old = relics.withLock { relics in
      defer { relics = [] }
      return relics
    }
    for relic in old { Self.finish(relic.thing) }
  }

  /// Waits until what still lies in logs and recordings is written.
  private static func finish(_ thing: AnyObject) {
    switch thing {
    case let lane as Lane: lane.finishRecordings()
    case let bank as BankLane: bank.buses.finishRecordings()
    case let bus as Bus: bus.link.log?.close()
    case let log as CandumpLog: log.close()
    default: break
    }
  }
}
