// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Why the operating system refused a call.
package struct SystemError: Error, Hashable, Sendable {
  /// The number that `<errno.h>` gives it.
  package let code: Int32

  /// The error of this number.
  package init(_ code: Int32) { self.code = code }

  /// The error of the call that this thread made last.
  package static var last: SystemError { SystemError(errno) }

  /// The symbol of `<errno.h>`, such as "EACCES".
  package var name: String {
    guard let name = unsafe clinux_error_name(code) else { return "E\(code)" }
    return unsafe String(cString: name)
  }

  /// A few words for people, such as "permission denied"; never translated.
  package var message: String {
    guard let text = unsafe clinux_error_text(code) else { return "error \(code)" }
    let words = unsafe String(cString: text)
    // "Permission denied" reads on after a colon, "RFS specific error" keeps its capitals.
    let second = words.utf8.dropFirst().first
    guard let first = words.utf8.first, (65...90).contains(first), second.map({ $0 > 96 }) == true
    else { return words }
    return String(decoding: [first + 32] + words.utf8.dropFirst(), as: UTF8.self)
  }
}

extension SystemError: CustomStringConvertible {
  package var description: String { "\(message) (\(name))" }
}

/// The result of a call that answers -1 when it fails; repeated while a signal interrupts it.
@discardableResult
package func checked<Result: FixedWidthInteger>(
  _ call: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno != EINTR { throw .last }
  }
}
