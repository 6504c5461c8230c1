// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Machine
import Text

extension CheckCommand {
  /// Rewrites a file without mistakes for the newest version, or shows what would change.
  static func migrate(
    _ path: String, _ bytes: [UInt8], onlyShow: Bool
  ) throws(CommandFailure) -> ExitCode {
    guard let migration = SettingsMigration(bytes) else {
      guard SettingsMigration.isNewest(bytes) else {
        throw CommandFailure(
          "\(path): its keys are written in a way that cannot be changed safely; change it by hand "
            + "as cellbus check says", .badData)
      }
      Console.complain("\(path): is of the newest version")
      if path == "-", !onlyShow { Console.print(bytes) }
      return .ok
    }
    if onlyShow {
      Console.print(LineDiff.text(path, migration.before, migration.after), terminator: "")
    } else if path == "-" {
      Console.print(migration.after)
    } else {
      let kept = try replace(path, migration)
      Console.print(
        "\(path): rewritten from version \(migration.from) to \(migration.to); "
          + "the old file is \(kept)")
    }
    return .ok
  }

  /// Puts the new text in the place of the file and answers where the old one is kept.
  ///
  /// Whatever happens, a whole file is there.
  private static func replace(
    _ path: String, _ migration: SettingsMigration
  ) throws(CommandFailure) -> String {
    let file = try target(of: path)
    let kept = "\(file).v\(migration.from)"
    let temporary = "\(file).\(getpid()).part"
    do throws(SystemError) {
      do throws(SystemError) {
        try write(migration.after, to: temporary, like: file)
        try keep(file, as: kept, migration.before)
        try checked { unsafe rename(temporary, file) }
      } catch {
        _ = unsafe unlink(temporary)
        throw error
      }
      let folder = try Descriptor.open(folder(of: file), O_RDONLY | O_DIRECTORY)
      try checked { fsync(folder.number) }
    } catch {
      let reason =
        error.code == EEXIST
        ? "\(kept) is there already and says something else; move it away" : "\(error)"
      throw CommandFailure("\(path): \(reason)", .cannotCreate)
    }
    return kept
  }

  /// The file itself: a link stays a link, and what it leads to is replaced.
  private static func target(of path: String) throws(CommandFailure) -> String {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      throw CommandFailure("\(path): \(SystemError.last)", .noInput)
    }
    guard status.st_mode & S_IFMT == S_IFLNK else { return path }
    guard let resolved = unsafe realpath(path, nil) else {
      throw CommandFailure("\(path): \(SystemError.last)", .noInput)
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Writes a file with the owner and mode of another, and waits for the disk.
  private static func write(
    _ bytes: [UInt8], to path: String, like other: String
  ) throws(SystemError) {
    var status = stat()
    try checked { unsafe stat(other, &status) }
    let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    // Only root may give a file away; without that it stays with who rewrites it.
    _ = fchown(file.number, status.st_uid, status.st_gid)
    try checked { fchmod(file.number, status.st_mode & 0o777) }
    try file.writeAll(bytes.span)
    try checked { fsync(file.number) }
  }

  /// Gives a file a second name, under which it stays when the first leads to another.
  private static func keep(
    _ path: String, as kept: String, _ bytes: [UInt8]
  ) throws(SystemError) {
    do throws(SystemError) {
      try checked { unsafe link(path, kept) }
    } catch {
      // Left from an earlier try, it may hold the same; some file systems know no second name.
      if error.code == EEXIST, try contents(of: kept) == bytes { return }
      guard error.code == EPERM || error.code == EOPNOTSUPP else { throw error }
      guard unsafe access(kept, F_OK) != 0 else { throw SystemError(EEXIST) }
      try write(bytes, to: kept, like: path)
    }
  }

  private static func contents(of path: String) throws(SystemError) -> [UInt8] {
    let file = try Descriptor.open(path, O_RDONLY)
    var bytes: [UInt8] = []
    while let count = try file.read(into: &bytes, limit: 1 << 16), count > 0 {}
    return bytes
  }
}
