// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Did you mean")
struct EditDistanceTests {
  @Test(
    "edits",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("ABC", "abc", 0),
      ("kitten", "sitting", 3), ("sped", "speed", 1), ("tset", "test", 1), ("flaw", "lawn", 2),
      ("ca", "abc", 3),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(EditDistance.between(a, b) == expected)
    #expect(EditDistance.between(b, a) == expected)
  }

  @Test(
    "the nearest word",
    arguments: [
      ("sped", "speed"), ("cofnig", "config"), ("JSON", "json"), ("conf", "config"), ("xyz", nil),
      ("", nil), ("jsno", "json"), ("a", nil), ("speeeed", "speed"), ("s", "speed"),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(EditDistance.nearest(word, in: ["json", "speed", "config", "", "x"]) == expected)
  }

  @Test("nothing is near a very long word, and that is known at once")
  func long() {
    let word = String(repeating: "a", count: 1_000_000)
    #expect(EditDistance.nearest(word, in: [word]) == nil)
  }
}
