// SPDX-License-Identifier: Apache-2.0
import Glibc

extension Pty {
  /// What a symbolic link points to; `nil` for anything else.
  static func target(of link: String) -> String? {
    var name = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(link, &name, name.count - 1)
    return count < 0 ? nil : text(name)
  }

  /// Makes `link` point to `path`: under another name first, then renamed, so that no moment is
  /// without.
  static func point(_ link: String, to path: String) throws(PtyError) {
    var info = stat()
    if unsafe lstat(link, &info) == 0 && info.st_mode & S_IFMT != S_IFLNK {
      throw .occupied(path: link)
    }
    let temporary = "\(link).\(getpid())"
    unsafe unlink(temporary)
    do {
      try checked { unsafe symlink(path, temporary) }
      try checked { unsafe rename(temporary, link) }
    } catch {
      unsafe unlink(temporary)
      throw .system(path: link, error)
    }
  }

  /// A name that C has written.
  static func text(_ name: [CChar]) -> String {
    String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
