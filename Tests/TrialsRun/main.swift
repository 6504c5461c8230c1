// SPDX-License-Identifier: Apache-2.0

import Glibc

// Random packs live for days or months under a charge control; see Tests/Trials.

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.compactMap { UInt64($0) }
guard numbers.count == arguments.count, numbers.count <= 3 else {
  print(
    "usage: cellbus-trials [PACKS [DAYS [FIRST-SEED]]], by default 48 packs for 2 days from seed 1")
  exit(64)
}
let packs = numbers.first ?? 48
let days = numbers.count > 1 ? numbers[1] : 2
let first = numbers.count > 2 ? numbers[2] : 1
exit(Campaign(seeds: first..<first + packs, days: Double(days)).run() ? 0 : 1)
