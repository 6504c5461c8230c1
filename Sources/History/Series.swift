// SPDX-License-Identifier: Apache-2.0

/// The values of one column of a block, each present or absent.
///
/// What never changes is one number, what grows evenly is two, and the rest is predicted from the
/// two values before it, with the differences in Rice codes: few bits for the usual small ones,
/// more for the rare large ones.
enum Series {
  /// How the values are written; a fixed part of the format.
  private enum Form: UInt8 { case constant, linear, coded }

  /// Set beside the form when some values are absent and the runs of presence come first.
  private static let sparse: UInt8 = 0x80
  /// A quotient of this many ones stands for 64 plain bits.
  private static let escape: UInt64 = 32
  private static let largestShift: UInt64 = 48

  /// Appends a column of which at least one value is present.
  static func append(_ values: [Int64?], to bytes: inout [UInt8]) {
    var present: [Int64] = []
    present.reserveCapacity(values.count)
    for case let value? in values { present.append(value) }
    let mark = present.count < values.count ? sparse : 0
    let step = present.count > 1 ? present[1] &- present[0] : 0
    let isLinear = zip(present, present.dropFirst()).allSatisfy { $1 &- $0 == step }
    let form: Form = !isLinear ? .coded : step == 0 ? .constant : .linear
    bytes.append(form.rawValue | mark)
    if mark != 0 { appendRuns(values, to: &bytes) }
    bytes.appendZigzag(present[0])
    switch form {
    case .constant: break
    case .linear: bytes.appendZigzag(step)
    case .coded: appendCoded(present, to: &bytes)
    }
  }

  /// The `count` values of the column that fills `source`.
  static func read(_ source: ByteReader, count: Int) throws(BlockError) -> [Int64?] {
    var source = source
    let head = try source.byte()
    guard let form = Form(rawValue: head & ~sparse) else { throw .malformed }
    let runs = head & sparse != 0 ? try readRuns(&source, count: count) : [count]
    var total = 0
    for index in stride(from: 0, to: runs.count, by: 2) { total += runs[index] }
    guard total > 0 else { throw .malformed }
    let first = try source.zigzag()
    var present: [Int64]
    switch form {
    case .constant: present = .init(repeating: first, count: total)
    case .linear:
      let step = try source.zigzag()
      present = (0..<total).map { first &+ step &* Int64($0) }
    case .coded: present = try readCoded(first, &source, count: total)
    }
    guard runs.count > 1 else { return present }
    var values: [Int64?] = []
    values.reserveCapacity(count)
    var place = 0
    for (index, length) in runs.enumerated() {
      if index.isMultiple(of: 2) {
        for value in present[place..<place + length] { values.append(value) }
        place += length
      } else {
        for _ in 0..<length { values.append(nil) }
      }
    }
    return values
  }

  // MARK: Presence

  /// Lengths of runs, present and absent by turns, beginning with present; the first may be 0.
  private static func appendRuns(_ values: [Int64?], to bytes: inout [UInt8]) {
    var runs: [UInt64] = []
    var isPresent = true
    var length: UInt64 = 0
    for value in values {
      if (value != nil) == isPresent {
        length += 1
      } else {
        runs.append(length)
        isPresent.toggle()
        length = 1
      }
    }
    runs.append(length)
    bytes.appendVarint(UInt64(runs.count))
    for run in runs { bytes.appendVarint(run) }
  }

  private static func readRuns(
    _ source: inout ByteReader, count: Int
  ) throws(BlockError) -> [Int] {
    var runs: [Int] = []
    var total = 0
    for _ in 0..<(try source.count(upTo: count + 1)) {
      let length = try source.count(upTo: count - total)
      runs.append(length)
      total += length
    }
    guard total == count else { throw .malformed }
    return runs
  }

  // MARK: Differences

  /// What each value after the first differs from its prediction: 0 predicts the first value, 1 the
  /// one before, 2 the straight line through the two before.
  private static func residuals(_ values: [Int64], order: UInt8) -> [UInt64] {
    (1..<values.count).map { index in
      (values[index] &- prediction(values, index, order)).zigzag
    }
  }

  private static func prediction(_ values: [Int64], _ index: Int, _ order: UInt8) -> Int64 {
    switch order {
    case 0: values[0]
    case 2 where index > 1: values[index - 1] &+ (values[index - 1] &- values[index - 2])
    default: values[index - 1]
    }
  }

  private static func appendCoded(_ values: [Int64], to bytes: inout [UInt8]) {
    var best = (cost: UInt64.max, order: UInt8(0), shift: UInt64(0))
    var chosen: [UInt64] = []
    for order in UInt8(0)...2 {
      let residuals = residuals(values, order: order)
      let widest = UInt64(64 - (residuals.max() ?? 0).leadingZeroBitCount)
      for shift in 0...min(widest, largestShift) {
        // Cannot overflow: a block has at most 4096 values of at most 96 bits.
        var cost: UInt64 = 0
        for residual in residuals {
          let quotient = residual &>> shift
          cost &+= quotient < escape ? quotient &+ 1 &+ shift : escape &+ 64
        }
        if cost < best.cost {
          best = (cost, order, shift)
          chosen = residuals
        }
      }
    }
    bytes.append(best.order << 6 | UInt8(best.shift))
    var bits = BitWriter()
    for residual in chosen {
      let quotient = residual >> best.shift
      if quotient < escape {
        bits.put((1 << quotient) - 1, quotient + 1)
        bits.put(residual & ((1 << best.shift) - 1), best.shift)
      } else {
        bits.put((1 << escape) - 1, escape)
        bits.put(residual & 0xFFFF_FFFF, 32)
        bits.put(residual >> 32, 32)
      }
    }
    bits.finish()
    bytes.append(contentsOf: bits.bytes)
  }

  private static func readCoded(
    _ first: Int64, _ source: inout ByteReader, count: Int
  ) throws(BlockError) -> [Int64] {
    let head = try source.byte()
    let order = head >> 6
    let shift = UInt64(head & 0x3F)
    guard order <= 2, shift <= largestShift else { throw .malformed }
    var bits = BitReader(source)
    var values = [first]
    values.reserveCapacity(count)
    for index in 1..<max(1, count) {
      let quotient = try bits.ones(upTo: escape)
      let residual: UInt64
      if quotient < escape {
        residual = quotient << shift | (try bits.take(shift))
      } else {
        let low = try bits.take(32)
        residual = try bits.take(32) << 32 | low
      }
      values.append(prediction(values, index, order) &+ Int64(zigzag: residual))
    }
    return values
  }
}
