// SPDX-License-Identifier: Apache-2.0
import Gateway
import Inverters
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

  @Test("The mapping of every profile is valid JSON with a source for each field")
  func mapping() throws {
    for profile in InverterProfile.all {
      let value = try JSON5Reader.read(Array(CANMappingCommand.json(profile).utf8), as: .json)
      #expect(value["profile"]?.string == "\(profile.name)")
      let frames = try #require(value["frames"]?.array)
      #expect(frames.count == profile.frames.count { $0.until != nil })
      var fields = 0
      for frame in frames {
        for field in frame["fields"]?.array ?? [] {
          #expect(field["source"]?.string?.isEmpty == false)
          fields += 1
        }
      }
      #expect(fields == profile.fields.count)
      #expect(!CANMappingCommand.text(profile).isEmpty)
    }
    let victron = try JSON5Reader.read(Array(CANMappingCommand.json(.victron).utf8), as: .json)
    let first = victron["frames"]?.array?.first
    #expect(first?["id"]?.string == "0x351")
    #expect(first?["fields"]?.array?.first?["step"]?.string == "0.1 V")
    #expect(first?["fields"]?.array?.first?["rounding"]?.string == "down")
  }

  @Test(
    "The demo's own settings have no mistakes, at any speed", arguments: [1, 60, 600] as [Int64])
  func demoSettings(speed: Int64) {
    let (settings, problems) = SettingsFile.read(Array(DemoStage.settings(speed: speed).utf8))
    #expect(problems == [])
    #expect(settings.batteries.count == 1 && settings.inverters.count == 1)
  }
}
