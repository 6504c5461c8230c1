// SPDX-License-Identifier: Apache-2.0

/// How severe a log line is.
package enum LogLevel: Int, Comparable, CaseIterable, Sendable {
  case debug, info, warning, error

  /// The name in settings and in lines.
  package var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The priority by which the journal knows it (sd-daemon(3)).
  var priority: Int {
    switch self {
    case .debug: 7
    case .info: 6
    case .warning: 4
    case .error: 3
    }
  }
}

extension LogSettings {
  /// Whether a line of this level and part is written.
  func wants(_ level: LogLevel, _ part: String) -> Bool {
    level >= (parts.isEmpty ? self.level : parts[part] ?? self.level)
  }
}
