// SPDX-License-Identifier: Apache-2.0

/// What becomes of a file that is written beside the work, said once each time it changes.
package enum FileNews: Equatable, Sendable {
  /// It cannot be written; what comes is counted and given up.
  case failing(path: String, SystemError)
  /// It is written again; so many entries are missing.
  case healed(path: String, lost: UInt64)

  /// Whether it is bad news.
  package var isFault: Bool {
    if case .failing = self { true } else { false }
  }
}

extension FileNews: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    switch self {
    case .failing(let path, let error):
      "\(path): \(error.message); it is incomplete from here"
    case .healed(let path, let lost):
      "\(path): is written again; \(lost) \(lost == 1 ? "line is" : "lines are") missing"
    }
  }
}
