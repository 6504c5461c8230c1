// SPDX-License-Identifier: Apache-2.0

/// Why `decode` cannot say anything about a line.
enum LineError: String, CaseIterable {
  /// The line is no exchange.
  case badLine = "bad_line"
  /// The line names a language that nobody knows.
  case unknownDialect = "unknown_dialect"

  /// One plain sentence on what it means.
  var meaning: String {
    switch self {
    case .badLine: "The line is no recorded exchange."
    case .unknownDialect: "The line names a language that is not known."
    }
  }
}
