// SPDX-License-Identifier: Apache-2.0

import Quantities

/// How the current of a parallel group divides between its parts: measured while enough of it flows, and by
/// capacity otherwise.
///
/// Currents are compared only once each part has told a new one, and only in the mean of half a minute: packs
/// are read at different moments, and a load that comes or goes between two of them is no unequal share.
struct Shares: Sendable {
  /// One part of the group at one moment.
  struct Part {
    var number: Int
    var current: Current?
    var readAt: Tick?
    var size: Charge?
  }

  /// Over how long currents are averaged, in milliseconds.
  private static let span: Int64 = 30_000
  /// For how long the same parts must have been compared before their shares count, in milliseconds.
  private static let patience: Int64 = 10_000
  /// For how long a measured share stands once less flows, in milliseconds.
  private static let memory: Int64 = 600_000
  /// Least current that tells of shares, beside a fiftieth of the capacity in an hour.
  private static let least: Int64 = 2000

  private var numbers: [Int] = []
  private var readAt: [Tick] = []
  /// Mean currents in µA.
  private var means: [Int64] = []
  private var beganAt: Tick?
  private var roundAt: Tick?
  /// Measured shares in millionths, by part; those of parts that carry nothing are 0.
  private var measured: [Int64] = []
  private var measuredAt: Tick?

  /// Takes in what the parts say; others than before begin anew.
  mutating func update(_ parts: [Part], at now: Tick) {
    let others = parts.map { $0.number }
    if others != numbers {
      self = Shares()
      numbers = others
    }
    if let measuredAt, now - measuredAt > Self.memory {
      measured = []
      self.measuredAt = nil
    }
    guard parts.count > 1 else { return }
    let isNew = readAt.isEmpty || !zip(parts, readAt).contains { ($0.readAt ?? $1) <= $1 }
    guard isNew, !parts.contains(where: { $0.current == nil || $0.readAt == nil }) else { return }
    readAt = parts.map { $0.readAt ?? now }
    let currents = parts.map { Int64($0.current?.raw ?? 0) * 1000 }
    if let roundAt, now > roundAt, !means.isEmpty {
      let step = min(now - roundAt, Self.span)
      for index in means.indices {
        means[index] += (currents[index] - means[index]) * step / (Self.span + step)
      }
    } else {
      means = currents
      beganAt = now
    }
    roundAt = now
    if let beganAt, now - beganAt >= Self.patience { measure(parts, at: now) }
  }

  private mutating func measure(_ parts: [Part], at now: Tick) {
    let total = means.reduce(0, +)
    let size = parts.reduce(Int64(0)) { $0 + ($1.size?.raw ?? 0) }
    guard total.magnitude / 1000 >= max(Self.least, size / 50).magnitude else { return }
    let sign: Int64 = total < 0 ? -1 : 1
    // Above the whole where a current flows from pack to pack beside that of the bank.
    measured = means.map { max(0, sign * $0 * 1000 / max(1, total.magnitude.signed / 1000)) }
    measuredAt = now
  }

  /// How the current divides, measured or not: what each part carries of a `whole`.
  struct Division {
    var shares: [Int64]
    var whole: Int64
    var isMeasured: Bool
  }

  /// How the current divides between these parts.
  func division(_ parts: [Part]) -> Division {
    if measured.count == parts.count, parts.map({ $0.number }) == numbers, parts.count > 1 {
      return Division(shares: measured, whole: 1_000_000, isMeasured: true)
    }
    let sizes = parts.compactMap { $0.size?.raw }
    let total = sizes.reduce(0, +)
    guard sizes.count == parts.count, total > 0 else {
      return Division(shares: parts.map { _ in 1 }, whole: Int64(parts.count), isMeasured: false)
    }
    return Division(shares: sizes, whole: total, isMeasured: false)
  }
}

extension UInt64 {
  /// The same number with a sign, or the largest.
  fileprivate var signed: Int64 { Int64(clamping: self) }
}
