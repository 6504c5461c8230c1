// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Text

/// A file that is made anew as often as asked, and is never seen half written.
enum WholeFile {
  /// Writes it under another name and puts it in the place of an older one; `-` is standard output.
  static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    guard path != "-" else { return Console.print(bytes) }
    let temporary = "\(path).\(getpid()).part"
    do throws(SystemError) {
      do throws(SystemError) {
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        try file.writeAll(bytes.span)
        try checked { unsafe rename(temporary, path) }
      } catch {
        _ = unsafe unlink(temporary)
        throw error
      }
    } catch {
      throw CommandFailure("\(path): \(error)", .cannotCreate)
    }
  }
}
