// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestKit
import Testing
import Text

@testable import cellbus

@Suite("The reference and the documents that come from it")
struct ReferenceTests {
  @Test("docs/reference holds what the program prints, and nothing else")
  func documents() throws {
    let remedy = "run make reference, and commit what it writes"
    for page in Reference.documents {
      let text = try? Repository.text("docs/reference/\(page.file)")
      #expect(text == page.markdown, "docs/reference/\(page.file) is not as the code: \(remedy)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: "docs/reference")
    #expect(
      Set(files) == Set(Reference.documents.map(\.file)),
      "docs/reference has other files than the program writes: \(remedy)")
  }

  @Test("The first line of each page names a command that prints this page")
  func commands() throws {
    for page in Reference.documents {
      let line = page.markdown.split(separator: "\n")[0]
      let words = try #require(line.split(separator: "`").dropFirst().first).split(separator: " ")
      guard
        case .run(let command, let parsed) = try Arguments.parse(
          words.dropFirst().map(String.init), for: Program.root)
      else {
        Issue.record("\(line) does not run")
        continue
      }
      #expect(command.name == "reference" && parsed.flag("markdown"))
      #expect(parsed.text(ifPresent: "SECTION") == page.section.rawValue)
      #expect(parsed.text(ifPresent: "NAME") == page.name)
    }
  }

  @Test(
    "Every table has rows as wide as its head, and says the same to a terminal and in a document")
  func tables() {
    for page in Reference.Section.allCases.flatMap(Reference.pages) {
      for table in page.tables {
        #expect(!table.rows.isEmpty, "\(page.title): \(table.title)")
        for row in table.rows { #expect(row.count == table.columns.count) }
        let text = table.text(.plain)
        for cell in table.rows.joined() where !cell.isEmpty { #expect(text.contains(cell)) }
      }
    }
  }

  @Test("A vertical line in a cell does not end it")
  func markdown() {
    let table = ReferenceTable("T", ["a", "b"], [["x|y", ""], ["<z>", "1"]])
    #expect(
      table.markdown
        == "## T\n\n| a | b |\n| --- | --- |\n| x\\|y | |\n| &lt;z> | 1 |\n")
  }

  @Test("The JSON of a section is that part of the whole")
  func sections() throws {
    let whole = try JSON5Reader.read(Array(Reference.json(Reference.Section.allCases).utf8))
    #expect(whole["version"]?.int64 == 1)
    var keys: [String] = []
    for section in Reference.Section.allCases {
      let part = try JSON5Reader.read(Array(Reference.json([section]).utf8))
      for member in part.members ?? [] {
        #expect(whole[member.key]?.text() == member.value.text(), "\(member.key)")
        keys.append(member.key)
      }
    }
    #expect(Set(keys) == Set((whole.members ?? []).map(\.key)))
    let tinybms = try JSON5Reader.read(Array(Reference.json([.registers], of: "tinybms").utf8))
    #expect(tinybms["dialects"]?.array?.count == 1)
    let sma = try JSON5Reader.read(Array(Reference.json([.frames], of: "sma").utf8))
    #expect(sma["profiles"]?.array?.compactMap { $0["name"]?.string } == ["sma"])
  }

  @Test("Each option in docs/commands.md exists, with the default that stands there")
  func options() throws {
    var section = ""
    var seen = 0
    for line in try Repository.text("docs/commands.md").split(separator: "\n") {
      if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
      guard line.hasPrefix("| `-") else { continue }
      let cells = line.dropFirst().split(separator: "|").map {
        $0.replacing("`", with: "").trimmingCharacters(in: .whitespaces)
      }
      let words = section.split { !$0.isLetter }.map(String.init)
      let calls = Reference.calls.filter { call in
        call.path.split(separator: " ").contains { words.contains(String($0)) }
      }
      let matches = cells[0].matches(of: /--([a-z0-9-]+)/)
      for match in matches {
        seen += 1
        let options = calls.flatMap(\.options).filter { $0.name == match.1 }
        let option = try #require(options.first, "docs/commands.md: \(section) has no --\(match.1)")
        // A row of several options tells their defaults in words.
        guard let text = option.defaultText, cells.count > 2, !cells[2].isEmpty, matches.count == 1
        else { continue }
        #expect(
          cells[2].replacing(" ", with: "").hasPrefix(text),
          "docs/commands.md: \(section) --\(match.1) has the default \(text)")
      }
    }
    #expect(seen > 30)
  }

  @Test("docs/commands.md lists every exit code with its meaning")
  func exitCodes() throws {
    let text = try Repository.text("docs/commands.md")
    for code in ExitCode.allCases {
      #expect(text.contains("\n| \(code.rawValue) | \(code.meaning) |"))
    }
    let rows = text.matches(of: /\n\| [0-9]+ \|/)
    #expect(rows.count == ExitCode.allCases.count)
  }
}
