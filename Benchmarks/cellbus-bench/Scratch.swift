// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

/// A folder of its own, removed with all that is in it.
final class Scratch {
  /// Where it is.
  let directory: String

  init() throws(CommandFailure) {
    let place = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var name = (place + "/cellbus-bench-XXXXXX").utf8.map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&name) != nil else {
      throw CommandFailure("\(place): no folder can be made there", .cannotCreate)
    }
    let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
    directory = String(decoding: bytes, as: UTF8.self)
  }

  /// The path of a file in it.
  func path(_ name: String) -> String { directory + "/" + name }

  deinit {
    if let folder = unsafe opendir(directory) {
      while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0) }
        let file = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        if file != ".", file != ".." { _ = unsafe unlink(path(file)) }
      }
      unsafe closedir(folder)
    }
    _ = unsafe rmdir(directory)
  }
}
