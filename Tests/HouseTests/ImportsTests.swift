// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Every `import` is declared: the compiler accepts one that another target's dependency happens to
/// bring along, and then the manifest no longer tells what rests on what.
@Suite struct ImportsTests {
  @Test(arguments: try Manifest.read().targets.filter { $0.kind != "systemLibrary" })
  func everyImportIsDeclared(_ target: Manifest.Target) throws {
    let allowed = target.platform.union(target.dependencies)
    let files = try Repository.swiftFiles(below: target.folder)
    for file in files {
      for (line, module) in Self.imports(in: try Repository.text(file)) {
        #expect(
          allowed.contains(module), "\(file):\(line): \(target.name) does not declare \(module)")
      }
    }
  }

  @Test func findsImportsInEveryForm() {
    let source = [
      "// import Comment", "import A", "public import B",
      "@preconcurrency package import struct C.Thing", "  internal import D  // why",
      "let text = \"import E\"", "#if canImport(F)", "@testable import F.G", "#endif",
      "let program = \"\"\"", "import H", "\"\"\"",
    ].joined(separator: "\n")
    #expect(Self.imports(in: source).map(\.module) == ["A", "B", "C", "D", "F"])
    #expect(Self.imports(in: source).map(\.line) == [2, 3, 4, 5, 8])
  }

  /// The modules that a source imports, with the line of each.
  static func imports(in source: String) -> [(line: Int, module: String)] {
    let form =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
    var isText = false
    return source.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .compactMap { index, line in
        defer { if line.ranges(of: "\"\"\"").count % 2 == 1 { isText.toggle() } }
        return isText ? nil : line.firstMatch(of: form).map { (index + 1, String($0.1)) }
      }
  }
}
