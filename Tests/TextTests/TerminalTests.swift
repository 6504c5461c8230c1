// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Text for a terminal")
struct TerminalTests {
  @Test(
    "marks only where they are wanted",
    arguments: [
      (true, nil, "xterm", true), (true, nil, nil, true), (true, "", "xterm", true),
      (true, "1", "xterm", false), (false, nil, "xterm", false), (true, nil, "dumb", false),
    ] as [(Bool, String?, String?, Bool)])
  func style(isTerminal: Bool, noColor: String?, term: String?, isOn: Bool) {
    let style = Style(isTerminal: isTerminal, noColor: noColor, term: term)
    #expect(style.isOn == isOn)
    #expect(style.red("x") == (isOn ? "\u{1B}[31mx\u{1B}[0m" : "x"))
  }

  @Test("marks inside marks, and none around nothing")
  func nested() {
    let style = Style(isOn: true)
    #expect(
      style.bold("a\(style.green("b"))c")
        == "\u{1B}[1ma\u{1B}[32mb\u{1B}[0m\u{1B}[1mc\u{1B}[0m")
    #expect(style.dim("") == "")
    #expect(style.yellow("abc").columns == 3)
    #expect(style.bold(style.red("é█")).columns == 2)
  }

  @Test("what a device sent cannot steer the terminal")
  func printable() {
    #expect("\u{1B}[2Jé\u{7}\u{9B}\u{202E}\u{7F}\n".printable == "␛[2Jé␇\u{FFFD}\u{FFFD}␡␊")
  }

  @Test("a table aligns texts left and numbers right")
  func table() {
    let style = Style(isOn: true)
    var table = Table(["battery", "voltage", Table.Column("note", .left), "cells"])
    table.add(["house", "53.12 V", "9", "16"])
    table.add(["b", style.red("-3.1 V"), "µ-grid", "–"])
    table.add(["c", "", "x"])
    table.add([])
    #expect(
      table.lines() == [
        "battery  voltage  note    cells",
        "house    53.12 V  9          16",
        "b         \(style.red("-3.1 V"))  µ-grid      –",
        "c                 x",
        "",
      ])
    #expect(table.lines(style)[0] == style.bold("battery  voltage  note    cells"))
    #expect(Table(["a", "b"]).text() == "a  b\n")
  }

  @Test("a table without headings, with a row that is longer than the rest")
  func bareTable() {
    var table = Table([])
    table.gap = 1
    table.add(["a", "1"])
    table.add(["bb", "22", "c"])
    #expect(table.text() == "a   1\nbb 22 c\n")
  }

  @Test(
    "a bar is exact to an eighth",
    arguments: [
      (0, "    "), (-5, "    "), (1, "▏   "), (8, "█   "), (9, "█▏  "), (15, "█▉  "),
      (31, "███▉"), (32, "████"), (99, "████"),
    ] as [(Int64, String)])
  func bar(value: Int64, expected: String) {
    #expect(Bar.text(value, in: 0...32, width: 4) == expected)
    #expect(Bar.text(value - 16, in: -16...16, width: 4) == expected)
  }

  @Test("a bar of any range and width")
  func barEnds() {
    #expect(Bar.text(0, in: .min ... .max, width: 2) == "█ ")
    #expect(Bar.text(.max, in: .min ... .max, width: 2) == "██")
    #expect(Bar.text(5, in: 5...5, width: 2) == "██")
    #expect(Bar.text(4, in: 5...5, width: 2) == "  ")
    #expect(Bar.text(5, in: 0...9, width: 0) == "")
    #expect(Bar.text(5, in: 0...9, width: -3) == "")
    for value in Int64(0)...100 {
      #expect(Bar.text(value, in: 0...100, width: 7).columns == 7)
    }
  }

  @Test("a sparkline shows gaps as gaps")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 3, nil, 4, 5, 6, 7]) == "▁▂▃▄ ▅▆▇█")
    #expect(Sparkline.text([5, nil, 5]) == "▄ ▄")
    #expect(Sparkline.text([nil, nil]) == "  ")
    #expect(Sparkline.text([]) == "")
    #expect(Sparkline.text([-10, 50, 500], in: 0...100) == "▁▅█")
    #expect(Sparkline.text([.min, .max]) == "▁█")
  }
}
