// SPDX-License-Identifier: Apache-2.0

import Dialects
import Glibc
import Links
import Machine
import Text
import Wire

/// A recording into a file that did not exist before.
enum NewRecording {
  /// Makes the file and begins with an open link; a file of that name is never added to, since two
  /// recordings in one are hard to tell apart.
  @discardableResult
  static func begin(
    _ path: String, of link: LoggedByteLink, dialect: Dialect?, rotation: Rotation = .none
  ) throws(CommandFailure) -> TrafficLog {
    do throws(SystemError) {
      let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL)
      _ = consume file
      let log = try TrafficLog(
        path: path, link: link.name, dialect: dialect.map { "\($0.name)" }, rotation: rotation
      ) { Console.complain("cellbus: the recording \($0)") }
      log.record(.opened)
      link.log = log
      return log
    } catch {
      let hint = error.code == EEXIST ? "; choose another name or remove it" : ""
      throw CommandFailure("\(path): \(error)\(hint)", .cannotCreate)
    }
  }

  /// Writes what waits; a disk that takes nothing is told of.
  static func end(_ log: TrafficLog) {
    if !log.close() { Console.complain("cellbus: \(log.path): the disk does not answer") }
    if log.lost > 0 {
      let lines = log.lost == 1 ? "1 line is" : "\(log.lost) lines are"
      Console.complain("cellbus: \(log.path): \(lines) missing")
    }
  }
}
