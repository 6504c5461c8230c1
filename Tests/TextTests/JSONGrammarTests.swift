// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("JSON accepts exactly RFC 8259")
struct JSONGrammarTests {
  @Test(
    "valid texts and what they mean",
    arguments: [
      ("null", "null"), (" true\t", "true"), ("\r\nfalse\n", "false"), ("0", "0"), ("-0", "-0"),
      ("-1.50e+3", "-1.50e+3"), ("1E-400", "1E-400"), ("123456789012345678901234567890", nil),
      (#""""#, nil), (#""a\/b""#, #""a/b""#), (#""\"\\\b\f\n\r\t""#, nil),
      (#""\u0041\u00e9\u20AC""#, #""Aé€""#), (#""\ud83d\ude00""#, "\"😀\""), ("\"\u{7F}\"", nil),
      (#""\u0000""#, nil), ("[]", nil), ("[ ]", "[]"), ("{}", nil), ("{\n}", "{}"),
      ("[1 , 2,3]", "[1,2,3]"), (#"{"a" : [ {"b":null} ] , "" : 0}"#, #"{"a":[{"b":null}],"":0}"#),
      ("\u{FEFF}[1]", "[1]"), (#"["\#u{2028}"]"#, nil),
    ] as [(String, String?)])
  func accepts(text: String, meaning: String?) throws {
    let strict = try JSON5Reader.read(text, as: .json)
    #expect(strict.text() == meaning ?? text)
    // Whatever is JSON is JSON5 and means the same.
    #expect(try JSON5Reader.read(text, as: .json5) == strict)
  }

  @Test(
    "invalid texts",
    arguments: [
      "", " ", "nul", "nulll", "True", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]",
      "{",
      "}", #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a" 1}"#,
      #"{a:1}"#, #"{1:1}"#, #"{'a':1}"#, #"{"a":1 "b":2}"#, #"{null:1}"#, "[1}", "{]", "1 2", "[]]",
      "'a'", #""a"#, #"""#, #""\"#, #""\x41""#, #""\v""#, #""\0""#, #""\'""#, #""\u12""#,
      #""\u12G4""#, #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83dx""#,
      #""\ud83d\ue000""#, "\"\t\"",
      "\"\n\"", "\"\u{0}\"", "\"a\\\nb\"", "+1", ".5", "5.", "-", "-.5", "01", "-01", "00", "1e",
      "1e+",
      "1.e3", "0x10", "1_000", "1a", "1.2.3", "--1", "NaN", "Infinity", "-Infinity", "// c\n1",
      "/* */1",
      "1 /", "1#", "\u{B}1", "\u{A0}1", "\u{2028}1", "\u{FEFF}\u{FEFF}1", "1\u{0}", "\u{0}",
      "undefined", "#", "[-]", #"{"a":1,"a":1}"#,
    ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSON5Reader.read(text, as: .json) }
  }

  @Test("depth has a bound, which is exact")
  func depth() throws {
    func nest(_ count: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      _ = try JSON5Reader.read(nest(64, open, close))
      let error = #expect(throws: JSONError.self) { try JSON5Reader.read(nest(65, open, close)) }
      #expect(error?.column == 64 * open.count + 1)
      _ = try JSON5Reader.read(nest(3, open, close), maxDepth: 3)
      #expect(throws: JSONError.self) { try JSON5Reader.read(nest(4, open, close), maxDepth: 3) }
    }
    // Side by side is not inside each other, and a great depth must not end the stack.
    _ = try JSON5Reader.read("[" + String(repeating: "[],", count: 500) + "[]]")
    #expect(throws: JSONError.self) { try JSON5Reader.read(nest(1_000_000, "[", "]")) }
  }

  @Test("size has a bound, which is exact")
  func size() throws {
    _ = try JSON5Reader.read("[1,2]", maxBytes: 5)
    let error = #expect(throws: JSONError.self) { try JSON5Reader.read("[1,2]", maxBytes: 4) }
    #expect(error?.message == "found 5 bytes where at most 4 are accepted")
  }

  @Test(
    "bytes that are not UTF-8 are found where they stand",
    arguments: [
      ([0x22, 0xFF, 0x22], 1, 2), ([0x22, 0xC0, 0x80, 0x22], 1, 2),
      ([0x22, 0xC3, 0xA9, 0xED, 0xA0, 0x80, 0x22], 1, 3), ([0x5B, 0x0A, 0x20, 0x80, 0x5D], 2, 2),
      ([0x5B, 0x0D, 0x0A, 0xF4, 0x90, 0x80, 0x80], 2, 1), ([0x22, 0xE2, 0x82], 1, 2),
      ([0xEF, 0xBB, 0xBF, 0x80], 1, 1), ([0xFE, 0xFF], 1, 1),
    ] as [([UInt8], Int, Int)])
  func invalidUTF8(bytes: [UInt8], line: Int, column: Int) {
    let error = #expect(throws: JSONError.self) { try JSON5Reader.read(bytes) }
    #expect(error?.line == line)
    #expect(error?.column == column)
    #expect(error?.message.contains("UTF-8") == true)
  }

  @Test("a key that stands twice is refused among few and among many")
  func duplicates() throws {
    for count in [1, 2, 11, 12, 13, 14, 300] {
      let keys = (0..<count).map { "\"k\($0)\": 1,\n" }.joined()
      #expect(try JSON5Reader.read("{\n\(keys)}").members?.count == count)
      for twice in [0, count / 2, count - 1] {
        let error = #expect(throws: JSONError.self) {
          try JSON5Reader.read("{\n\(keys) k\(twice): 2}")
        }
        #expect(error?.line == count + 2)
        #expect(error?.column == 2)
        #expect(
          error?.message
            == "found the key \"k\(twice)\" again; it stands already in line \(twice + 2)")
      }
    }
    // Escaped or not, it is the same key; composed or not, it is another.
    #expect(throws: JSONError.self) { try JSON5Reader.read(#"{"a":1,"\u0061":2}"#) }
    let two = try JSON5Reader.read("{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(two["\u{E9}"]?.int64 == 1)
    #expect(two["e\u{301}"]?.int64 == 2)
  }
}
