// SPDX-License-Identifier: Apache-2.0
import CLinux

extension Reactor {
  /// What to wait for; a hang-up and an error are always told.
  package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Bytes to read.
    package static let read = Interest(rawValue: 1)
    /// Room to write.
    package static let write = Interest(rawValue: 2)

    var mask: UInt32 {
      (contains(.read) ? clinux_readable : 0) | (contains(.write) ? clinux_writable : 0)
    }
  }

  /// What a descriptor is ready for.
  package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// There is something to read, perhaps the end.
    package static let readable = Readiness(rawValue: 1)
    /// There is room to write.
    package static let writable = Readiness(rawValue: 2)
    /// The other side has gone.
    package static let hangup = Readiness(rawValue: 4)
    /// The descriptor is in error; the next read says which.
    package static let error = Readiness(rawValue: 8)

    init(_ mask: UInt32) {
      self = []
      if mask & clinux_readable != 0 { insert(.readable) }
      if mask & clinux_writable != 0 { insert(.writable) }
      if mask & clinux_hung_up != 0 { insert(.hangup) }
      if mask & clinux_failed != 0 { insert(.error) }
    }
  }

  /// Why a turn ended.
  package struct Outcome: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// At least one handler was called.
    package static let handled = Outcome(rawValue: 1)
    /// Another thread used the waker.
    package static let woken = Outcome(rawValue: 2)
    /// The deadline has been reached.
    package static let expired = Outcome(rawValue: 4)
  }
}
