// SPDX-License-Identifier: Apache-2.0

/// Why the history could not be read or written.
package enum HistoryError: Error, Equatable, Sendable {
  /// The disk, or the quota that it is given, is full.
  case full(path: String)
  /// Another program held the file for too long.
  case busy(path: String)
  /// Another gateway writes this file.
  case inUse(path: String)
  /// The file cannot be opened, created, read or written; `detail` says what the system answered.
  case unavailable(path: String, detail: String)
  /// The content of the file is damaged.
  case corrupt(path: String, detail: String)
  /// The file is a database, but not a history.
  case foreign(path: String)
  /// The file was written by a newer version of this program.
  case newer(path: String, found: Int64, known: Int64)
  /// A block or a record that cannot be packed or unpacked.
  case block(BlockError)
  /// The database refused for another reason, which is a fault of this program.
  case failed(path: String, detail: String)

  /// Whether trying again later may succeed without anybody changing a setting.
  package var isTransient: Bool {
    switch self {
    case .full, .busy, .inUse, .unavailable: true
    case .corrupt, .foreign, .newer, .block, .failed: false
    }
  }
}

extension HistoryError: CustomStringConvertible {
  /// One sentence that names the file and the next step.
  package var description: String {
    switch self {
    case .full(let path):
      "\(path): the disk is full; free some space, storing goes on by itself"
    case .busy(let path): "\(path): another program holds the file; close it"
    case .inUse(let path):
      "\(path): another gateway writes this history; stop it or name another file"
    case .unavailable(let path, let detail): "\(path): \(detail)"
    case .corrupt(let path, let detail): "\(path): the file is damaged (\(detail))"
    case .foreign(let path):
      "\(path): a database of another program; name another file for the history"
    case .newer(let path, let found, let known):
      "\(path): has form \(found), not one up to \(known); install a newer version"
    case .block(let error): "\(error)"
    case .failed(let path, let detail): "\(path): the database refused: \(detail)"
    }
  }
}
