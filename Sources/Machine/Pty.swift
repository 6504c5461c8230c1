// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Why a pseudo-terminal could not be made.
package enum PtyError: Error, Equatable, Sendable {
  /// Something that is not a symbolic link stands where the link should be.
  case occupied(path: String)
  /// The system refused.
  case system(path: String, SystemError)
}

extension PtyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .occupied(let path):
      "\(path): exists and is not a symbolic link; choose another name or remove it"
    case .system(let path, let error): "\(path): \(error.message)"
    }
  }
}

/// The far end of a serial line that has no wire: programs open `path` as if a device were there.
///
/// It belongs to one thread. The near terminal end is kept open here, so that programs may come and
/// go without a hang-up; closing hangs up on them.
package final class Pty {
  /// The terminal that programs open, such as "/dev/pts/3".
  package private(set) var path = ""
  /// The symbolic link that stands for it, if one was asked for.
  package let link: String?
  private var controller: Descriptor?
  private var terminal: Descriptor?

  /// A raw pair; `link` is made or re-pointed in one step and never replaces anything but a link.
  package init(link: String? = nil) throws(PtyError) {
    self.link = link
    do {
      var name = [CChar](repeating: 0, count: 64)
      controller = try Descriptor { unsafe clinux_pty_open(&name, name.count) }
      path = Self.text(name)
      let terminal = try Descriptor.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
      var settings = termios()
      try checked { unsafe tcgetattr(terminal.number, &settings) }
      unsafe cfmakeraw(&settings)
      try checked { unsafe tcsetattr(terminal.number, TCSANOW, &settings) }
      self.terminal = consume terminal
    } catch { throw .system(path: "/dev/ptmx", error) }
    if let link { try Self.point(link, to: path) }
  }

  deinit { close() }

  /// What to watch; `nil` once closed.
  package var descriptor: Int32? {
    controller?.number
  }

  /// Appends what programs have sent; 0 when there is nothing now.
  package func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int {
    guard let number = descriptor else { throw SystemError(EBADF) }
    return try readAvailable(number, into: &buffer) ?? 0
  }

  /// Sends bytes to the program that reads.
  ///
  /// - Returns: How many were taken; fewer when nobody reads and the kernel's buffer is full.
  @discardableResult
  package func send(_ bytes: [UInt8]) throws(SystemError) -> Int {
    guard let number = descriptor else { throw SystemError(EBADF) }
    return try writeAvailable(number, bytes.span)
  }

  /// Hangs up, and removes the link if it still points here; may be called again.
  package func close() {
    guard descriptor != nil else { return }
    if let link, Self.target(of: link) == path { unsafe unlink(link) }
    terminal = nil
    controller = nil
  }
}
