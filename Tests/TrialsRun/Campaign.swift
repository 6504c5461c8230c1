// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Trials

/// Many trials, as many at a time as there are processors.
final class Campaign: Sendable {
  private struct State {
    var next: UInt64
    var tally = Trial.Tally()
    var seconds: Int64 = 0
    var failures: [(seed: UInt64, failure: Failure)] = []
  }

  private let seeds: Range<UInt64>
  private let days: Double
  private let state: Mutex<State>

  /// A trial for each seed; each eighth lives six times as long, so that ten days of float come to an end.
  init(seeds: Range<UInt64>, days: Double) {
    self.seeds = seeds
    self.days = days
    state = Mutex(State(next: seeds.lowerBound))
  }

  /// Runs all and tells of it; answers whether nothing was wrong.
  func run() -> Bool {
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      let own = unsafe Unmanaged.passRetained(self).toOpaque()
      let started = unsafe pthread_create(
        &thread, nil,
        { own in
          if let own = unsafe own {
            unsafe Unmanaged<Campaign>.fromOpaque(own).takeRetainedValue().work()
          }
          return nil
        }, own)
      if started == 0 { threads.append(thread) }
    }
    for thread in threads { _ = pthread_join(thread, nil) }
    return state.withLock { report($0) }
  }

  private func work() {
    while true {
      let seed: UInt64? = state.withLock { state in
        guard state.next < seeds.upperBound else { return nil }
        defer { state.next += 1 }
        return state.next
      }
      guard let seed else { return }
      let design = TrialDesign(seed: seed, days: seed % 8 == 0 ? 6 * days : days)
      do throws(Failure) {
        let tally = try Trial.run(design)
        state.withLock { state in
          state.tally += tally
          state.seconds += design.seconds
        }
      } catch {
        state.withLock { $0.failures.append((seed, error)) }
      }
    }
  }

  private func report(_ state: State) -> Bool {
    var rules: [String: [UInt64]] = [:]
    for (seed, failure) in state.failures.sorted(by: { $0.seed < $1.seed }) {
      // The first of a kind tells enough.
      if rules[failure.rule] == nil { print("\(failure)\n") }
      rules[failure.rule, default: []].append(seed)
    }
    print(
      "\(seeds.count) packs from seed \(seeds.lowerBound), \(state.seconds / 86_400) days in all: \(state.tally)"
    )
    for (rule, seeds) in rules.sorted(by: { $0.key < $1.key }) {
      print("BROKEN: \(rule), with seeds \(seeds.map { "\($0)" }.joined(separator: ", "))")
    }
    return state.failures.isEmpty
  }
}
