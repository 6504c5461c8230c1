// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities
import Wire

extension ModbusMap {
  /// One mistake in a map.
  public struct Problem: Sendable, Hashable {
    /// Where it stands.
    public enum Place: Sendable, Hashable {
      /// The map as a whole.
      case map
      /// A block, counted from 0.
      case block(Int)
      /// A row, counted from 0.
      case row(Int)
    }

    /// Where it stands.
    public let place: Place
    /// The key in settings; empty for the block or row as a whole.
    public let key: String
    /// What stands there, in words that follow "found".
    public let found: String
    /// What should, in words that follow "expected".
    public let expected: String
  }

  /// Every mistake that can be seen without the battery; only a map without any may be used.
  public var problems: [Problem] {
    var problems: [Problem] = []
    if !blocks.contains(where: { $0.turn == .live }) {
      problems.append(
        Problem(
          place: .map, key: "blocks", found: "no block with the live values",
          expected: "at least one block without \"every_s\": limits are decided from it"))
    }
    for index in blocks.indices { checkBlock(index, &problems) }
    for index in rows.indices { checkRow(index, &problems) }
    checkOverlaps(&problems)
    checkTargets(&problems)
    checkRuns(&problems)
    return problems
  }

  /// What a block asks for, in words.
  func words(_ block: Block) -> String {
    "\(Hex.word(block.address)) to \(Hex.word(lastAddress(block)))"
  }

  private func lastAddress(_ block: Block) -> UInt16 {
    UInt16(clamping: Int(block.address) + (Int(block.count) - 1) * Int(step))
  }

  private func checkBlock(_ index: Int, _ problems: inout [Problem]) {
    let block = blocks[index]
    func report(_ key: String, _ found: String, _ expected: String) {
      problems.append(
        Problem(place: .block(index), key: key, found: found, expected: expected))
    }
    if Int(block.address) + (Int(block.count) - 1) * Int(step) > 0xFFFF {
      report(
        "count", "\(block.count) from \(Hex.word(block.address)) on",
        "a count that ends at 0xFFFF or before")
    }
    if block.isOptional, block.turn == .live {
      report(
        "optional", "a block of live values that may be missing",
        "\"every_s\" beside it: the live values must be there")
    }
    // An answer does not tell its address: a late one could be taken for that to another question.
    for other in blocks[..<index]
    where other.function == block.function && other.count == block.count {
      report(
        "count", "\(block.count), as many as the block at \(Hex.word(other.address)) has",
        "a count of its own: an answer tells no address, and a late one could be taken for the "
          + "other; ask for one register more or less, or make one block of the two")
      break
    }
  }

  private func checkRow(_ index: Int, _ problems: inout [Problem]) {
    let row = rows[index]
    func report(_ key: String, _ found: String, _ expected: String) {
      problems.append(Problem(place: .row(index), key: key, found: found, expected: expected))
    }
    let holders = blocks.filter { $0.holds(row, step: step) }
    if holders.isEmpty {
      let same = blocks.filter { $0.function == row.function }
      let first = same.first { $0.place(of: row.address, step: step) != nil }
      if let first {
        report(
          "address", "\(row.words) registers from \(Hex.word(row.address)) on",
          "all of them in one block; this one asks for \(words(first)) only")
      } else {
        let all = same.map(words)
        report(
          "address", "\(Hex.word(row.address)), which no block asks for",
          all.isEmpty
            ? "a block with function \(row.function)"
            : "an address in a block with function \(row.function): "
              + joined(all) + (step == 2 ? ", every second one" : ""))
      }
    } else if row.target.mustBeLive, holders.contains(where: { $0.turn != .live }) {
      report(
        "address", "\(Hex.word(row.address)), which is read apart from the live values",
        "a block without \"every_s\": \(row.target.noun) belong to the live values")
    }
    checkForm(row, report)
    checkScale(row, report)
  }

  private func joined(_ texts: [String]) -> String {
    var joined = ""
    for (index, text) in texts.enumerated() { joined += (index == 0 ? "" : ", ") + text }
    return joined
  }

  private func checkForm(_ row: Row, _ report: (String, String, String) -> Void) {
    let isText = if case .identity = row.target { true } else { false }
    let found = "\"\(row.form.name)\""
    if isText != (row.form == .text) {
      report("type", found, isText ? "\"text\"" : "a type of numbers: \"text\" is for names")
    }
    let highest = row.form.words == 2 ? 31 : 15
    switch row.target {
    case .balancing, .alarms, .flag:
      if row.form != .uint16, row.form != .uint32 {
        report("type", found, "\"u16\" or \"u32\": each bit has its own meaning")
      }
    default: break
    }
    switch row.target {
    case .flag(_, let bit) where Int(bit) > highest:
      report("bit", "\(bit)", "a bit from 0 to \(highest)")
    case .flag(let point, _) where point.kind != .flag:
      report("bit", "a bit of \(point.name)", "no bit: it is an amount")
    case .alarms(let bits):
      for bit in bits where Int(bit.bit) > highest {
        report(
          bit.isWarning ? "warnings" : "alarms", "bit \(bit.bit)", "bits from 0 to \(highest)")
      }
    case .point(let point):
      if !point.canBeRead {
        report(
          "point", "\"\(point.name)\"", "a value that batteries tell: this one is the gateway's")
      }
    default: break
    }
  }

  private func checkOverlaps(_ problems: inout [Problem]) {
    for (index, row) in rows.enumerated() {
      for (before, other) in rows[..<index].enumerated() where overlap(row, other) {
        problems.append(
          Problem(
            place: .row(index), key: "address",
            found: "\(Hex.word(row.address)), which row \(before + 1) holds already",
            expected: "registers of its own: \(other.target.name) begins at "
              + "\(Hex.word(other.address)) and takes \(other.words)"))
        break
      }
    }
  }

  /// Whether two rows lie over each other; bits of one register, and its two halves, do not.
  private func overlap(_ row: Row, _ other: Row) -> Bool {
    guard row.function == other.function else { return false }
    let first = Int(row.address)..<Int(row.address) + row.words * Int(step)
    let second = Int(other.address)..<Int(other.address) + other.words * Int(step)
    guard first.overlaps(second) else { return false }
    if row.target.isBits, other.target.isBits, row.address == other.address { return false }
    switch (row.form, other.form) {
    case (.uint8High, .uint8Low), (.uint8Low, .uint8High): return false
    default: return true
    }
  }

  private func checkTargets(_ problems: inout [Problem]) {
    for (index, row) in rows.enumerated() {
      for (before, other) in rows[..<index].enumerated() {
        guard row.target.isSame(as: other.target) else { continue }
        problems.append(
          Problem(
            place: .row(index), key: "", found: "a second row for \(row.target.name)",
            expected: "one: row \(before + 1) tells it"))
        break
      }
    }
  }

  /// Cells and sensors must come one after the other, in the order in which they are asked for.
  private func checkRuns(_ problems: inout [Problem]) {
    var cells = 0
    var sensors = 0
    var lastBlock = 0
    for (index, row) in rows.enumerated() {
      let isCells: Bool
      let first: Int
      switch row.target {
      case .cells(let from): (isCells, first) = (true, from)
      case .temperatures(let from): (isCells, first) = (false, from)
      default: continue
      }
      let next = (isCells ? cells : sensors) + 1
      let most = isCells ? Cells.capacity : Temperatures.capacity
      let block = blocks.firstIndex { $0.holds(row, step: step) } ?? lastBlock
      if first != next {
        problems.append(
          Problem(
            place: .row(index), key: "first", found: "\(first)",
            expected: "\(next): they are counted one after the other, in the order of the rows"))
      } else if isCells, block < lastBlock {
        problems.append(
          Problem(
            place: .row(index), key: "address", found: "cells of a block before that of the others",
            expected: "blocks in the order of the cells"))
      } else if first + row.count - 1 > most {
        problems.append(
          Problem(
            place: .row(index), key: "count", found: "\(first + row.count - 1) in all",
            expected: "at most \(most)"))
      }
      if isCells {
        cells = first + row.count - 1
        lastBlock = block
      } else {
        sensors = first + row.count - 1
      }
    }
  }
}

extension ModbusMap.Target {
  /// Whether it must be read with the live values: it replaces what was known before.
  fileprivate var mustBeLive: Bool {
    switch self {
    case .cells, .temperatures, .balancing, .alarms: true
    default: false
    }
  }

  fileprivate var noun: StaticString {
    switch self {
    case .cells: "cells"
    case .temperatures: "temperatures"
    case .balancing: "balancing cells"
    default: "alarms"
    }
  }

  fileprivate var isBits: Bool {
    switch self {
    case .flag, .alarms, .balancing: true
    default: false
    }
  }

  /// Whether both tell the same one thing.
  fileprivate func isSame(as other: Self) -> Bool {
    switch (self, other) {
    case (.point(let a), .point(let b)), (.flag(let a, _), .flag(let b, _)),
      (.point(let a), .flag(let b, _)), (.flag(let a, _), .point(let b)):
      a == b
    case (.balancing, .balancing): true
    case (.cutoff(let a), .cutoff(let b)): a == b
    case (.identity(let a), .identity(let b)): a == b
    default: false
    }
  }
}

extension Point {
  /// Whether a battery can tell it in a number of its own: not what the gateway reckons, nor a status
  /// whose numbers nobody can name.
  public var canBeRead: Bool { rawValue < Point.consumed.rawValue && self != .status }
}
