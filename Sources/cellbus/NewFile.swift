// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Text

/// A file that did not exist before and is either whole on the disk or not there.
enum NewFile {
  /// Writes it under another name, waits for the disk, and only then gives it its name.
  ///
  /// A file of that name is never replaced.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    let temporary = "\(path).\(getpid()).part"
    do throws(SystemError) {
      do throws(SystemError) {
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        try file.writeAll(Array(text.utf8).span)
        try checked { fsync(file.number) }
        try name(temporary, path)
        _ = unsafe unlink(temporary)
      } catch {
        _ = unsafe unlink(temporary)
        throw error
      }
      let folder = try Descriptor.open(folder(of: path), O_RDONLY | O_DIRECTORY)
      try checked { fsync(folder.number) }
    } catch {
      throw CommandFailure("\(path): \(error)", .cannotCreate)
    }
  }

  private static func name(_ temporary: String, _ path: String) throws(SystemError) {
    do throws(SystemError) {
      try checked { unsafe link(temporary, path) }
    } catch {
      // Some file systems of memory cards know no second name of a file.
      guard error.code == EPERM || error.code == EOPNOTSUPP else { throw error }
      guard unsafe access(path, F_OK) != 0 else { throw SystemError(EEXIST) }
      try checked { unsafe rename(temporary, path) }
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
