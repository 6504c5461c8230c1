// SPDX-License-Identifier: Apache-2.0
import Charging
import Foundation
import Gateway
import TestKit
import Testing
import Text

/// docs/settings.md says what the settings file knows, no more and no less.
@Suite("The document of the settings")
struct SettingsDocTests {
  /// The rows of its tables, by their first cell: each the other cells without their backticks.
  private static let rows: [String: [String]] = {
    let text = (try? Repository.text("docs/settings.md")) ?? ""
    var rows: [String: [String]] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.dropFirst().split(separator: "|").map {
        $0.replacing("`", with: "").trimmingCharacters(in: .whitespaces)
      }
      rows[cells[0], default: []] += cells.dropFirst()
    }
    return rows
  }()

  @Test("Each setting of the charge control stands there with the default of the preset lfp")
  func charging() throws {
    for row in ChargingRow.all {
      let cells = try #require(Self.rows[row.key], "docs/settings.md has no row for \(row.key)")
      let value = row.value(.lfp)
      let told = cells[0].replacing(" ", with: "")
      #expect(told == (value.isNull ? "–" : value.text()), "\(row.key)")
      #expect(cells.count == 3, "\(row.key) needs a default, a range and a meaning, once")
    }
  }

  @Test(
    "Each other setting stands there",
    arguments: [
      "{ %: 1 }", "{ batteries: [{ %: 1 }] }", "{ batteries: [{ link: { %: 1 } }] }",
      "{ batteries: [{ charging: { %: 1 } }] }", "{ inverters: [{ %: 1 }] }",
      "{ inverters: [{ link: { %: 1 } }] }", "{ history: { %: 1 } }", "{ status: { %: 1 } }",
      "{ log: { %: 1 } }",
    ])
  func others(_ place: String) throws {
    let document = try Repository.text("docs/settings.md")
    let (_, problems) = SettingsFile.read(Array(place.replacing("%", with: "qqqqqqqq").utf8))
    let problem = try #require(problems.first { $0.found.contains("qqqqqqqq") })
    let keys = problem.expected.trimmingPrefix("one of ").split(separator: ", ")
    #expect(!keys.isEmpty)
    for key in keys {
      let isTold = ["`\(key)`", "`\(key):", "{ \(key):", ".\(key)`"].contains {
        document.contains($0)
      }
      #expect(isTold, "docs/settings.md does not tell of \(key) in \(place)")
    }
  }

  @Test("It tells of no setting of the charge control that does not exist")
  func nothingInvented() {
    let known = Set(ChargingRow.all.map(\.key))
    let endings = ["_a", "_v", "_c", "_pct", "_s", "_ah", "_curve"]
    for key in Self.rows.keys
    where endings.contains(where: key.hasSuffix) && key != "health_pct" {
      #expect(known.contains(key), "\(key) is in docs/settings.md only")
    }
  }

  @Test(
    "Every settings file that the documents show is good",
    arguments: ["docs/settings.md", "docs/getting-started.md"])
  func examples(_ path: String) throws {
    let blocks = try Repository.text(path).components(separatedBy: "```json5\n").dropFirst()
    #expect(!blocks.isEmpty)
    for block in blocks {
      let file = block.components(separatedBy: "```")[0]
      let (_, problems) = SettingsFile.read(Array(file.utf8))
      #expect(problems.isEmpty, "\(path): \(problems.map(\.description)) in:\n\(file)")
    }
  }
}
