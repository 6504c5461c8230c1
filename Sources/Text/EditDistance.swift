// SPDX-License-Identifier: Apache-2.0

/// How alike two words are, for "did you mean".
package enum EditDistance {
  /// How many insertions, deletions, replacements and swaps of neighbours turn one word into the
  /// other; upper and lower case of ASCII letters count as the same.
  package static func between(_ a: String, _ b: String) -> Int {
    let a = a.utf8.map(\.lowercased)
    let b = b.utf8.map(\.lowercased)
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var least = min(previous[j + 1], row[j]) + 1
        least = min(least, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        row.append(least)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[b.count]
  }

  /// The word of a list that was most likely meant; `nil` when none is near.
  ///
  /// Near is one edit for each three bytes of the word, at least one; a word of which `word` is the
  /// beginning is near too. The first of equally near words is chosen.
  package static func nearest(_ word: String, in list: [String]) -> String? {
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let bound = max(1, word.utf8.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in list where !candidate.isEmpty {
      let distance = between(word, candidate)
      guard distance <= bound, distance < min(word.utf8.count, candidate.utf8.count) else {
        continue
      }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word ?? list.first { $0.utf8.count > 1 && $0.utf8.starts(with: word.utf8) }
  }
}

extension UInt8 {
  /// The same ASCII letter in lower case; other bytes unchanged.
  fileprivate var lowercased: UInt8 {
    self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
  }
}
