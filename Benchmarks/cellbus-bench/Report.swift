// SPDX-License-Identifier: Apache-2.0

import Glibc
import Quantities
import Text

/// Runs benchmarks and prints what they found.
enum Report {
  /// Runs these and prints each as soon as it is done.
  static func run(_ chosen: [Benchmark], _ effort: Effort, asJSON: Bool) -> ExitCode {
    let style = Style(
      isTerminal: isatty(STDOUT_FILENO) == 1 && !asJSON,
      noColor: unsafe getenv("NO_COLOR").map { unsafe String(cString: $0) })
    if effort.isQuick { Console.complain("Short rounds: a first idea, not figures to quote.\n") }
    var writer = JSONWriter(.pretty)
    writer.beginObject()
    writer.field("quick", effort.isQuick)
    writer.key("benchmarks")
    writer.beginArray()
    var failed: [String] = []
    for benchmark in chosen {
      Console.complain("measuring \(benchmark.name): \(benchmark.summary) …\n")
      do throws(CommandFailure) {
        let result = try benchmark.run(effort)
        if asJSON {
          write(benchmark.name, result, to: &writer)
        } else {
          Console.print(text(benchmark, result, style))
        }
      } catch {
        failed.append(benchmark.name)
        Console.complain("\(benchmark.name) could NOT be measured: \(error.message)\n")
      }
    }
    writer.endArray()
    writer.key("not_measured")
    writer.array { list in for name in failed { list.value(name) } }
    writer.endObject()
    if asJSON { Console.print(writer.text + "\n") }
    return failed.isEmpty ? .ok : .failed
  }

  private static func text(
    _ benchmark: Benchmark, _ result: Benchmark.Result, _ style: Style
  ) -> String {
    var table = Table([
      Table.Column(benchmark.name, .left), Table.Column("median", .right), "",
      Table.Column("lowest – highest", .right), Table.Column("aim", .right), "",
      Table.Column("compared", .left),
    ])
    for finding in result.findings {
      let spread = finding.spread
      let isOne = spread.values.count == 1
      let verdict =
        switch finding.isMet {
        case true?: style.green("met")
        case false?: style.red("not met")
        case nil: ""
        }
      table.add([
        finding.what, Figure.text(spread.median), finding.unit,
        isOne ? "" : "\(Figure.text(spread.low)) – \(Figure.text(spread.high))",
        finding.aim?.text ?? "", verdict,
        finding.ratios.map { "\(Figure.text($0.spread.median)) × \($0.of)" }
          .joined(separator: ", "),
      ])
    }
    let notes = result.notes.map { "  \($0)\n" }.joined()
    return table.text(style) + style.dim(notes) + "\n"
  }

  private static func write(
    _ name: String, _ result: Benchmark.Result, to writer: inout JSONWriter
  ) {
    writer.object { object in
      object.field("name", name)
      object.array("findings") { list in
        for finding in result.findings {
          list.object { row in
            row.field("what", finding.what)
            row.field("unit", finding.unit)
            row.field("median", Figure.thousandths(finding.spread.median), decimals: 3)
            row.field("lowest", Figure.thousandths(finding.spread.low), decimals: 3)
            row.field("highest", Figure.thousandths(finding.spread.high), decimals: 3)
            row.field("count", finding.spread.values.count)
            row.field("aim", finding.aim?.text)
            row.field("met", finding.isMet)
            row.array("ratios") { ratios in
              for ratio in finding.ratios {
                ratios.object { one in
                  one.field("of", ratio.of)
                  one.field("median", Figure.thousandths(ratio.spread.median), decimals: 3)
                }
              }
            }
          }
        }
      }
      object.array("notes") { list in for note in result.notes { list.value(note) } }
    }
  }
}

extension Finding.Aim {
  /// The bound, for people.
  var text: String {
    switch self {
    case .over(let bound): "> \(Figure.text(bound))"
    case .under(let bound): "< \(Figure.text(bound))"
    }
  }
}

/// Numbers as people read them.
enum Figure {
  /// Three significant digits at least; thousands are grouped.
  static func text(_ value: Double) -> String {
    let size = value.magnitude
    let places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
    let text = Decimal.string(thousandths(value), decimals: 3, places: places)
    guard size >= 10_000 else { return text }
    var grouped = ""
    for (index, digit) in text.unicodeScalars.enumerated() {
      let left = text.unicodeScalars.count - index
      if left % 3 == 0, index > 0 { grouped += "," }
      grouped.unicodeScalars.append(digit)
    }
    return grouped
  }

  /// A value in thousandths; what does not fit is 0.
  static func thousandths(_ value: Double) -> Int64 {
    Int64(exactly: (value * 1000).rounded()) ?? 0
  }
}
