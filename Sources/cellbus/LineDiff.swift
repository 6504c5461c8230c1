// SPDX-License-Identifier: Apache-2.0

/// What changed between two texts, line by line, as `diff -u` shows it.
enum LineDiff {
  private enum Line: Equatable {
    case same(Substring)
    case gone(Substring)
    case new(Substring)
  }

  /// The changes with three lines around each; nothing where the texts are the same.
  static func text(_ name: String, _ before: [UInt8], _ after: [UInt8]) -> String {
    let lines = merged(lines(of: before), lines(of: after))
    let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
    guard !changed.isEmpty else { return "" }
    var text = "--- \(name)\n+++ \(name)\n"
    var start = 0
    while start < changed.count {
      var end = start
      while end + 1 < changed.count, changed[end + 1] - changed[end] <= 6 { end += 1 }
      let range = max(0, changed[start] - 3)..<min(lines.count, changed[end] + 4)
      text += hunk(lines, range)
      start = end + 1
    }
    return text
  }

  private static func hunk(_ lines: [Line], _ range: Range<Int>) -> String {
    func count(_ lines: ArraySlice<Line>) -> (old: Int, new: Int) {
      lines.reduce(into: (old: 0, new: 0)) { counts, line in
        switch line {
        case .same: counts = (counts.old + 1, counts.new + 1)
        case .gone: counts.old += 1
        case .new: counts.new += 1
        }
      }
    }
    let before = count(lines[..<range.lowerBound])
    let inside = count(lines[range])
    var text = "@@ -\(before.old + 1),\(inside.old) +\(before.new + 1),\(inside.new) @@\n"
    for line in lines[range] {
      switch line {
      case .same(let line): text += " \(line)\n"
      case .gone(let line): text += "-\(line)\n"
      case .new(let line): text += "+\(line)\n"
      }
    }
    return text
  }

  private static func merged(_ old: [Substring], _ new: [Substring]) -> [Line] {
    let changes = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (from, to) = (0, 0)
    while from < old.count || to < new.count {
      if removed.contains(from) {
        lines.append(.gone(old[from]))
        from += 1
      } else if inserted.contains(to) {
        lines.append(.new(new[to]))
        to += 1
      } else {
        lines.append(.same(old[from]))
        (from, to) = (from + 1, to + 1)
      }
    }
    return lines
  }

  /// The lines without their ends; a line's end at the end of the text begins no other line.
  private static func lines(of bytes: [UInt8]) -> [Substring] {
    var lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
