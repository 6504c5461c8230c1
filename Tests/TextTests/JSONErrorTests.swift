// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Faults in JSON name their place")
struct JSONErrorTests {
  @Test(
    "the whole sentence",
    arguments: [
      ("{\n  a: ,\n}", "line 2, column 6: found ',' where a value was expected"),
      ("[1\r\n2]", "line 2, column 1: found '2' where ',' or ']' was expected"),
      ("[1\r2]", "line 2, column 1: found '2' where ',' or ']' was expected"),
      ("{a:1\n\nb:2}", "line 3, column 1: found 'b' where ',' or '}' was expected"),
      ("['é😀' x]", "line 1, column 7: found 'x' where ',' or ']' was expected"),
      ("{a 1}", "line 1, column 4: found '1' where ':' after the key was expected"),
      (
        "{\n a: [1,\n",
        "line 3, column 1: found the end of the text where a value was expected"
      ),
      (
        "{\n a: [1\n",
        "line 3, column 1: found the end of the text where ',' or ']' was expected"
          + " for the '[' of line 2, column 5"
      ),
      ("{a:1} x", "line 1, column 7: found 'x' where the end of the text was expected"),
      (
        "[tru]", "line 1, column 2: found 'tru' where a value was expected; did you mean true?"
      ),
      (
        "[False]", "line 1, column 2: found 'False' where a value was expected; did you mean false?"
      ),
      (
        "{dev: can0}",
        "line 1, column 7: found 'can0' where a value was expected; a text needs quotes"
      ),
      ("[NaN]", "line 1, column 2: found NaN where a finite number was expected"),
      ("[-Infinity]", "line 1, column 3: found Infinity where a finite number was expected"),
      (
        "[012]",
        "line 1, column 2: found a number that begins with 0 where one without was expected"
      ),
      ("[1.5V]", "line 1, column 5: found 'V' where the end of the number was expected"),
      (
        "'a\nb'",
        "line 1, column 3: found the end of the line where the closing quote of the text of "
          + "line 1, column 1 was expected"
      ),
      (
        #"['\ud83d']"#,
        "line 1, column 3: found half of a surrogate pair where both were expected"
      ),
      (#"["\u00G0"]"#, "line 1, column 7: found 'G' where a hexadecimal digit was expected"),
      ("\n /* a\n", "line 2, column 2: found a comment without its end '*/'"),
      ("/* a\nb */ ?", "line 2, column 6: found '?' where a value was expected"),
      ("'a\\\nb' ?", "line 2, column 4: found '?' where the end of the text was expected"),
      ("\u{FEFF}?", "line 1, column 1: found '?' where a value was expected"),
      ("[\u{202E}]", "line 1, column 2: found U+202E where a value was expected"),
      ("[\u{1B}]", "line 1, column 2: found U+001B where a value was expected"),
    ])
  func json5(text: String, sentence: String) {
    let error = #expect(throws: JSONError.self) { try JSON5Reader.read(text) }
    #expect(error?.description == sentence)
  }

  @Test(
    "what JSON alone lacks",
    arguments: [
      ("{a:1}", "line 1, column 2: found 'a' where a key in double quotes was expected"),
      ("[1,]", "line 1, column 4: found ']' where a value was expected"),
      ("{\"a\":1,}", "line 1, column 8: found '}' where a key in double quotes was expected"),
      ("\n//", "line 2, column 1: found a comment, which JSON does not have (JSON5 does)"),
      ("'a'", "line 1, column 1: found ''' where a value was expected"),
      (
        "\"\t\"",
        #"line 1, column 2: found U+0009 where an escape such as '\n' or '\u0009' was expected"#
      ),
    ])
  func json(text: String, sentence: String) {
    let error = #expect(throws: JSONError.self) { try JSON5Reader.read(text, as: .json) }
    #expect(error?.description == sentence)
  }

  @Test("every value and key knows where it stands")
  func positions() throws {
    let value = try JSON5Reader.read(
      """
      // a comment
      {
        é: ['😀', 2.5], b: {
          /* two
             lines */ c: null },
      }
      """)
    func place(_ value: JSONValue?) -> [Int]? {
      value.map { [$0.position.line, $0.position.column] }
    }
    #expect(place(value) == [2, 1])
    #expect(place(value["é"]) == [3, 6])
    #expect(place(value["é"]?[0]) == [3, 7])
    #expect(place(value["é"]?[1]) == [3, 12])
    #expect(place(value["b"]) == [3, 21])
    #expect(place(value["b"]?["c"]) == [5, 20])
    #expect(value.members?[1].keyPosition == TextPosition(line: 3, column: 18))
    #expect(value["b"]?.members?[0].keyPosition == TextPosition(line: 5, column: 17))
  }

  @Test("a value of the wrong kind is named in the fault")
  func wrongKind() throws {
    let value = try JSON5Reader.read("{a: 'x\"y', b: [1], c: {}, d: -5.0, e: true, f: null}")
    func fault(_ key: String) -> String? {
      value[key]?.fault(expected: "a number of volts").description
    }
    let end = "where a number of volts was expected"
    #expect(fault("a") == #"line 1, column 5: found the text "x\"y" \#(end)"#)
    #expect(fault("b") == "line 1, column 15: found a list \(end)")
    #expect(fault("c") == "line 1, column 23: found an object \(end)")
    #expect(fault("d") == "line 1, column 30: found the number -5.0 \(end)")
    #expect(fault("e") == "line 1, column 39: found true \(end)")
    #expect(fault("f") == "line 1, column 48: found null \(end)")
    let long = JSONValue.string(String(repeating: "x", count: 500))
    #expect(long.noun.count < 60)
  }
}
