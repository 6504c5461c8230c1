// SPDX-License-Identifier: Apache-2.0
import Gateway
import Testing
import Text

@testable import cellbus

@Suite("The command line as declared")
struct CommandTests {
  /// Every command with the words that call it.
  private static let all: [[String]] = walk(Program.root, [])

  private static func walk(_ command: Command, _ path: [String]) -> [[String]] {
    [path] + command.subcommands.flatMap { walk($0, path + [$0.name]) }
  }

  @Test("The declaration has no faults")
  func faults() {
    #expect(Program.root.faults == [])
  }

  @Test("Every command helps, within the columns that it is given", arguments: all)
  func help(path: [String]) throws {
    for width in [80, 100] {
      guard
        case .print(let text) = try Arguments.parse(
          path + ["--help"], for: Program.root, width: width)
      else {
        Issue.record("\(path) does not help")
        continue
      }
      #expect(text.contains("Usage:"))
      for line in text.split(separator: "\n") where !line.hasPrefix("  cellbus") {
        // A word that is longer than the columns, such as an example's line, stays whole.
        #expect(line.count <= width || !line.dropFirst(width / 2).contains(" "), "\(line)")
      }
    }
  }

  @Test(
    "The demo's own settings have no mistakes, at any speed", arguments: [1, 60, 600] as [Int64])
  func demoSettings(speed: Int64) {
    let (settings, problems) = SettingsFile.read(Array(DemoStage.settings(speed: speed).utf8))
    #expect(problems == [])
    #expect(settings.batteries.count == 1 && settings.inverters.count == 1)
  }
}
