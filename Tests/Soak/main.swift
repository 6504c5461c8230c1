// SPDX-License-Identifier: Apache-2.0

import Glibc

// The whole control path on simulated benches for many simulated hours each, with faults of the line and of
// the battery.

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.compactMap { UInt64($0) }
guard numbers.count == arguments.count, numbers.count <= 2 else {
  print("usage: cellbus-soak [HOURS [FIRST-SEED]], by default 24 hours from seed 1")
  exit(64)
}
let hours = Int64(clamping: numbers.first ?? 24)
let first = numbers.count > 1 ? numbers[1] : 1

var isSound = true
for (index, scenario) in LoopSoak.scenarios.enumerated() {
  var soak = LoopSoak(scenario, seed: first + UInt64(index))
  isSound = soak.run(hours: hours) && isSound
}
exit(isSound ? 0 : 1)
