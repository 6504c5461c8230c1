// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("JSON5 1.0.0")
struct JSON5Tests {
  /// The short example of the specification's introduction, with its infinity left out.
  private static let example = """
    {
      // comments
      unquoted: 'and you can quote me on that',
      singleQuotes: 'I can use "double quotes" here',
      lineBreaks: "Look, Mom! \\
    No \\\\n's!",
      hexadecimal: 0xdecaf,
      leadingDecimalPoint: .8675309, andTrailing: 8675309.,
      positiveSign: +1,
      trailingComma: 'in objects', andIn: ['arrays',],
      "backwardsCompatible": "with JSON",
    }
    """

  @Test("the specification's example")
  func specification() throws {
    let value = try JSON5Reader.read(Self.example)
    #expect(
      value.text() == """
        {"unquoted":"and you can quote me on that",\
        "singleQuotes":"I can use \\"double quotes\\" here","lineBreaks":"Look, Mom! No \\\\n's!",\
        "hexadecimal":912559,"leadingDecimalPoint":0.8675309,"andTrailing":8675309,\
        "positiveSign":1,"trailingComma":"in objects","andIn":["arrays"],\
        "backwardsCompatible":"with JSON"}
        """)
    #expect(throws: JSONError.self) { try JSON5Reader.read(Self.example, as: .json) }
  }

  @Test(
    "valid texts and what they mean",
    arguments: [
      ("{a:1,}", #"{"a":1}"#), ("[1,]", "[1]"), ("{$_9é:1}", #"{"$_9é":1}"#),
      (#"{\u0061b\u0063:1}"#, #"{"abc":1}"#), ("{ùńîċõďë:1}", #"{"ùńîċõďë":1}"#),
      ("{a\u{200C}\u{301}٣‿:1}", "{\"a\u{200C}\u{301}٣‿\":1}"),
      ("{null:1,true:2,Infinity:3}", #"{"null":1,"true":2,"Infinity":3}"#),
      ("{'a b':1}", #"{"a b":1}"#), ("'it\\'s \"x\"'", #""it's \"x\"""#),
      (#"'\x41\v\0\a\/\é'"#, #""A\u000b\u0000a/é""#), ("'a\\\r\nb\\\rc\\\u{2028}d'", #""abcd""#),
      (#"'\uD83D\uDE00'"#, "\"😀\""), ("'\t\u{B}'", #""\t\u000b""#),
      ("'\u{2028}\u{2029}'", "\"\u{2028}\u{2029}\""), ("+.5e1", "0.5e1"), ("-.5", "-0.5"),
      ("5.e3", "5e3"), ("-5.", "-5"), ("0x0", "0"), ("-0XfF", "-255"), ("+0x10", "16"),
      ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"), ("0x00000000000000000001", "1"),
      ("// a\u{2028}1", "1"), ("/* * ** /* \n */ 1 // end", "1"), ("1//", "1"), ("/**/1/**/", "1"),
      ("\u{B}\u{C}\u{A0}\u{FEFF}\u{2029}\u{3000}1", "1"), ("[ /*a*/ 1 /*b*/ , //c\n ]", "[1]"),
      ("{/*a*/a/*b*/:/*c*/1/*d*/,/*e*/}", #"{"a":1}"#),
    ])
  func accepts(text: String, meaning: String) throws {
    #expect(try JSON5Reader.read(text).text() == meaning)
    #expect(throws: JSONError.self) { try JSON5Reader.read(text, as: .json) }
  }

  @Test(
    "invalid texts",
    arguments: [
      "", "{,}", "[,]", "[1,,]", "{a:1,,}", "{a}", "{a 1}", "{1a:1}", "{-:1}", "{a-b:1}",
      #"{\u0031:1}"#,
      #"{a\x41:1}"#, #"{a\u002D:1}"#, #"{\ud83d:1}"#, "a", "'a\nb'", "'a\rb'", "'a\"", #"'\1'"#,
      #"'\9'"#,
      #"'\00'"#, #"'\x4'"#, #"'\xG1'"#, #"'\u123'"#, #"'\ud800'"#, #"'\ud800\n'"#, #"'\"#, ".", "+",
      "-",
      "+-1", "--1", "- 1", ".e1", "0x", "0xG", "0x1.5", "0x10000000000000000", "010", "-010", "1e",
      "1.5.",
      "1px", "NaN", "-NaN", "Infinity", "+Infinity", "-Infinity", "/", "/ 1", "/* 1", "/*/ 1",
      "1 /* ",
      "1 2", "\u{2014}", "{a:1", "['a'", "{a:1]", "[1}", "\u{1}",
    ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSON5Reader.read(text) }
  }
}
