// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this repository, as the tests find them.
enum Repository {
  /// The folder that holds Package.swift.
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A whole file as text.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The names in a folder, in order; hidden ones and empty folders, which git does not know, are left
  /// out.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { name in
        let below = FileManager.default.enumerator(
          at: root.appending(path: "\(folder)/\(name)"), includingPropertiesForKeys: nil)
        return !name.hasPrefix(".") && (name.contains(".") || below?.nextObject() != nil)
      }.sorted()
  }

  /// The paths of all Swift files below a folder.
  static func swiftFiles(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { "\(folder)/\($0)" }
  }
}
