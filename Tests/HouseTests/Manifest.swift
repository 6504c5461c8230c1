// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What Package.swift says about the targets, read from its text: asking the package manager from
/// within its own test run would wait for its lock.
struct Manifest {
  /// One target.
  struct Target: CustomTestStringConvertible {
    /// `target`, `executableTarget`, `testTarget` or `systemLibrary`.
    var kind: String
    var name: String
    var dependencies: [String]
    var folder: String
    /// Whether it has the settings of the targets that must compile as Embedded Swift.
    var isPure: Bool
    var testDescription: String { name }

    /// Where its code may come to depend on Foundation: in tests and what only tests use.
    var isTest: Bool { folder.hasPrefix("Tests/") }

    /// The modules that its files may import besides its dependencies.
    var platform: Set<String> {
      if isPure { return [] }
      return isTest
        ? ["Foundation", "Glibc", "Synchronization", "Testing"] : ["Glibc", "Synchronization"]
    }
  }

  /// The targets in the order of the manifest.
  let targets: [Target]
  /// The names of the upcoming features that are switched on.
  let features: [String]

  /// What the manifest of this repository says.
  static func read() throws -> Manifest { Manifest(try Repository.text("Package.swift")) }

  /// What a manifest with this text says.
  init(_ source: String) {
    let code = source.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.prefix(upTo: $0.firstRange(of: "//")?.lowerBound ?? $0.endIndex) }
      .joined(separator: "\n")
    features = code.matches(of: /enableUpcomingFeature\("(\w+)"\)/).map { String($0.1) }
    let list = code.firstRange(of: "  targets: [\n").map { code[$0.upperBound...] } ?? ""
    let start = /\.(target|executableTarget|testTarget|systemLibrary)\(/
    targets = list.matches(of: start).compactMap { match in
      let call = Self.call(list[match.range.upperBound...])
      guard let name = call.firstMatch(of: /name:\s*"([^"]+)"/)?.1 else { return nil }
      let kind = String(match.1)
      let dependencies = call.firstMatch(of: /dependencies:\s*\[([^\]]*)\]/)?.1 ?? ""
      let usual = kind == "testTarget" ? "Tests/\(name)" : "Sources/\(name)"
      return Target(
        kind: kind, name: String(name),
        dependencies: dependencies.matches(of: /"([^"]+)"/).map { String($0.1) },
        folder: call.firstMatch(of: /path:\s*"([^"]+)"/).map { String($0.1) } ?? usual,
        isPure: call.contains(/swiftSettings:\s*pure\b/))
    }
  }

  /// The text up to the parenthesis that closes the call whose arguments it begins with.
  private static func call(_ text: Substring) -> Substring {
    var depth = 1
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return text[..<index] }
    }
    return text
  }
}
