// SPDX-License-Identifier: Apache-2.0

/// What a link has carried since it was made; openings do not reset it.
package struct LinkCounters: Hashable, Sendable {
  /// Bytes received.
  package var bytesIn: UInt64 = 0
  /// Bytes sent.
  package var bytesOut: UInt64 = 0
  /// CAN frames received.
  package var framesIn: UInt64 = 0
  /// CAN frames sent.
  package var framesOut: UInt64 = 0
  /// Calls that failed, and received text that was no frame.
  package var errors: UInt64 = 0
  /// How often it was opened.
  package var opens: UInt64 = 0

  /// Nothing carried yet.
  package init() {}
}
