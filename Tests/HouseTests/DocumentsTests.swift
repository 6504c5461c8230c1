// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a reader looks for is there and can be found.
@Suite struct DocumentsTests {
  private static func decisions() throws -> [String] {
    try Repository.names(in: "docs/decisions").filter { $0 != "README.md" }
  }

  @Test func decisionsAreNumberedWithoutGapsAndIndexed() throws {
    let files = try Self.decisions()
    let index = try Repository.text("docs/decisions/README.md")
    for (place, file) in files.enumerated() {
      let number = String(place + 1)
      #expect(file.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "-"))
      #expect(index.contains("](\(file))"), "docs/decisions/README.md does not link \(file)")
    }
  }

  @Test(arguments: try decisions())
  func aDecisionTellsWhatAndWhy(_ file: String) throws {
    let text = try Repository.text("docs/decisions/\(file)")
    for heading in ["## Context", "## Decision", "## Rejected", "## Consequences"] {
      #expect(text.contains("\n\(heading)"), "\(file) has no \(heading)")
    }
  }

  @Test func theChangelogHasAPlaceForWhatComesNext() throws {
    #expect(try Repository.text("CHANGELOG.md").contains("\n## Unreleased\n"))
  }

  @Test func theLicenceIsWholeAndNamed() throws {
    let licence = try Repository.text("LICENSE")
    #expect(licence.contains("Apache License"))
    #expect(licence.contains("END OF TERMS AND CONDITIONS"))
  }

  @Test func everyVerbOfTheMakefileIsExplained() throws {
    let makefile = try Repository.text("Makefile")
    let verbs = makefile.firstMatch(of: /\.PHONY:(.*)/)?.1.split(separator: " ") ?? []
    #expect(verbs.count > 10)
    for verb in verbs {
      #expect(makefile.contains("\n\(verb): ## "), "make \(verb) is not explained in the Makefile")
    }
  }

  @Test func everyPureTargetHasAnArticle() throws {
    for target in try Manifest.read().targets where target.isPure {
      let article = try Repository.text("\(target.folder)/\(target.name).docc/\(target.name).md")
      #expect(article.hasPrefix("# ``\(target.name)``\n"))
    }
  }
}
