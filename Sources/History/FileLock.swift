// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine

/// Keeps a second gateway from writing the same history; the kernel lets go of it with the process.
struct FileLock: ~Copyable {
  private let file: Descriptor

  /// Takes the lock beside `path`, or fails at once.
  static func take(beside path: String) throws(HistoryError) -> FileLock {
    let lock: FileLock
    do throws(SystemError) {
      lock = FileLock(file: try Descriptor.open(path + ".lock", O_RDWR | O_CREAT))
    } catch {
      throw .unavailable(path: path, detail: error.message)
    }
    guard lock.isTaken() else { throw .inUse(path: path) }
    return lock
  }

  private func isTaken() -> Bool { lockf(file.number, F_TLOCK, 0) == 0 }
}
