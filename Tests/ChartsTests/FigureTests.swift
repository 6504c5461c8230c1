// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Charts

@Suite struct FigureTests {
  private func figure() -> Figure {
    var figure = Figure(title: "pack", from: 0, to: 100_000)
    var panel = Panel(unit: "V", decimals: 3)
    var line = Line("Voltage")
    line.samples = [
      .init(0, 52_000, low: 51_000, high: 53_000), .init(10_000, 52_500, low: 51_500, high: 53_000),
      .init(50_000, 51_000, followsGap: true), .init(90_000, 54_000, followsGap: true),
      .init(99_000, 54_000),
    ]
    panel.lines = [line]
    figure.panels = [panel]
    return figure
  }

  @Test func `gaps part the samples into runs`() {
    let line = figure().panels[0].lines[0]
    #expect(line.runs.map(\.count) == [2, 1, 2])
    #expect(line.range == 51_000...54_000)
    #expect(Line("nothing").runs.isEmpty && Line("nothing").range == nil)
  }

  @Test func `the same figure gives the same bytes`() throws {
    let figure = figure()
    var look = Figure.Look()
    look.width = 500
    #expect(try figure.png(look) == figure.png(look))
    look.theme = .dark
    #expect(try figure.svg(look) != figure.svg(Figure.Look()))
  }

  @Test(arguments: [(300, 200), (300, 8000), (8000, 200), (1200, nil)] as [(Int, Int?)])
  func `any size is drawn, with nothing, much or nonsense in it`(width: Int, height: Int?) throws {
    var look = Figure.Look()
    look.width = width
    look.height = height
    var figures = [figure(), Figure(title: "", from: 5, to: 5)]
    figures.append(figure())
    figures[2].title = String(repeating: "\u{0}\u{202E}<&\"漢", count: 200)
    figures[2].lanes = [
      Lane("mode", [.init(from: -50, to: 500_000, "bulk", .state(-7))]),
      Lane(
        "alarm", [.init(from: 900, to: 900, "x", .alarm), .init(from: 5, to: 2, "y", .silence)]),
    ]
    figures[2].panels.append(Panel(unit: "", decimals: 0))
    var odd = Line("odd")
    odd.samples = [.init(.min / 4, .min), .init(3, .max, low: .max, high: .min)]
    odd.isStepped = true
    figures[2].panels[1].lines = [odd, Line("empty")]
    for figure in figures {
      #expect(try figure.svg(look).count > 200)
      #expect(try figure.png(look).count > 200)
    }
  }

  @Test func `members of a family have colours of their own`() {
    let colors = (0..<16).map { Theme.light.member($0, of: 16) }
    #expect(Set(colors).count == 16)
    #expect(Theme.dark.member(0, of: 1) == Theme.dark.family[0])
  }
}
