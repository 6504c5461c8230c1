// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Machine

/// The project's files, found from where this file was compiled.
package enum Repository {
  /// The directory of Package.swift.
  package static let root: String = {
    // Tests/TestKit/Repository.swift, three names below the root.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The path of a file of the project.
  package static func path(_ relative: String) -> String { "\(root)/\(relative)" }

  /// A whole file as bytes.
  package static func bytes(_ path: String) throws(SystemError) -> [UInt8] {
    let file = try Descriptor.open(path, O_RDONLY)
    var bytes: [UInt8] = []
    while let count = try file.read(into: &bytes, limit: 1 << 20), count > 0 {}
    return bytes
  }

  /// A whole file as text.
  package static func text(_ path: String) throws(SystemError) -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }
}
