// SPDX-License-Identifier: Apache-2.0
import Foundation
@testable import Gateway
import TestKit
import Testing
import Text

/// docs/settings.md and the published schema say what the settings file knows, no more and no less.
@Suite("The document of the settings")
struct SettingsDocTests {
  /// How a setting is called in its table: those of the small objects at the top with their object.
  private static func name(_ row: SettingRow) -> String {
    let parts = row.path.split(separator: ".")
    let isTop = parts.count == 2 && !row.path.contains("[]")
    return isTop ? row.path : row.key
  }

  /// The lines that its tables must have.
  private static let lines = SettingRow.all.map { $0.line(as: name($0)) }

  @Test("Each setting stands in a table with its default, range and meaning")
  func rows() throws {
    let told = Set(try Repository.text("docs/settings.md").split(separator: "\n").map(String.init))
    for line in Self.lines {
      let isTold = told.contains(line)
      #expect(isTold, "docs/settings.md lacks this line:\n\(line)")
    }
  }

  @Test("It tells of no setting that does not exist, and of none in another way")
  func nothingInvented() throws {
    let document = try Repository.text("docs/settings.md")
    let known = Set(Self.lines)
    var count = 0
    for line in document.split(separator: "\n").map(String.init)
    where line.hasPrefix("| `") && line.count(where: { $0 == "|" }) == 5 {
      count += 1
      let isKnown = known.contains(line)
      #expect(isKnown, "docs/settings.md tells what the code does not:\n\(line)")
    }
    #expect(count >= known.count)
  }

  @Test("Every setting has a place of its own, and a meaning that reads on in a table")
  func declared() {
    let paths = SettingRow.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(paths.contains("batteries[].link.rs485.delay_before_ms"))
    for row in SettingRow.all {
      #expect(!row.meaning.isEmpty && !row.meaning.hasSuffix("."), "\(row.path)")
      #expect(!row.meaning.contains("|") && !row.meaning.contains("\n"), "\(row.path)")
      #expect(!row.isNeeded || row.standard.isNull, "\(row.path) is needed and has a default")
    }
  }

  @Test("A key names its unit, as everywhere in the file")
  func units() {
    let endings = [
      "ms": "_ms", "s": "_s", "hours": "_h", "days": "_d", "MiB": "_mib", "V": "_v", "A": "_a",
      "Ah": "_ah", "°C": "_c", "%": "_pct",
    ]
    for row in SettingRow.all where !row.key.hasSuffix("_curve") && row.kind.unit != "bit/s" {
      guard !row.kind.unit.isEmpty else { continue }
      let ending = endings[row.kind.unit] ?? "?"
      #expect(row.key.hasSuffix(ending), "\(row.path) in \(row.kind.unit)")
    }
  }

  @Test("The published schema is the one that the code prints")
  func schema() throws {
    let published = try Repository.text("docs/cellbus.schema.json")
    let isSame = published == SettingsSchema.text
    #expect(
      isSame,
      "make it anew: cellbus check --schema > docs/cellbus.schema.json")
  }

  @Test(
    "Every settings file that the documents show is good",
    arguments: ["docs/settings.md", "docs/getting-started.md", "docs/banks.md"])
  func examples(_ path: String) throws {
    let blocks = try Repository.text(path).components(separatedBy: "```json5\n").dropFirst()
    #expect(!blocks.isEmpty)
    for block in blocks {
      let file = block.components(separatedBy: "```")[0]
      // As on the machine that they are for, with the secrets that they name.
      let secrets = SecretSource { $0 == "CELLBUS_BMS_PASSWORD" ? "1234" : nil }
      let (_, problems) = SettingsFile.read(Array(file.utf8), secrets: secrets)
      #expect(problems.isEmpty, "\(path): \(problems.map(\.description)) in:\n\(file)")
    }
  }

  @Test("The full example sets something in every part of the file")
  func wholeExample() throws {
    let blocks = try Repository.text("docs/settings.md").components(separatedBy: "```json5\n")
    let examples = blocks.dropFirst().map { $0.components(separatedBy: "```")[0] }
    let whole = try #require(examples.max { $0.count < $1.count })
    for key in Settings.table.keys {
      let isSet = whole.contains("\(key): ") || whole.contains("\"\(key)\": ")
      #expect(isSet, "\(key)")
    }
  }
}
