// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Machine

/// A directory for one test, removed with everything in it when the test lets go of it.
package final class Scratch: Sendable {
  /// The directory.
  package let path: String

  /// An empty directory below TMPDIR, or /tmp.
  package init() throws(SystemError) {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/cellbus-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw .last }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    _ = try? ChildProcess(["rm", "-rf", path]).wait(milliseconds: 10_000)
  }

  /// The path of a file in it; the file is not made.
  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file in it and answers its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws(SystemError) -> String {
    let file = try Descriptor.open(self(name), O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(Array(text.utf8).span)
    return self(name)
  }
}
