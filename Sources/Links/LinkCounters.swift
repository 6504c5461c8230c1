// SPDX-License-Identifier: Apache-2.0

/// What a link has carried since it was made; openings do not reset it.
package struct LinkCounters: Hashable, Sendable {
  /// Bytes received.
  package var bytesIn: UInt64 = 0
  /// Bytes sent.
  package var bytesOut: UInt64 = 0
  /// CAN frames or Modbus messages received.
  package var framesIn: UInt64 = 0
  /// CAN frames or Modbus messages sent.
  package var framesOut: UInt64 = 0
  /// Calls that failed, and received text that was no frame.
  package var errors: UInt64 = 0
  /// How often it was opened, and its far end reached.
  package var opens: UInt64 = 0
  /// How often it was opened again.
  package var reopens: UInt64 { opens == 0 ? 0 : opens - 1 }

  /// Nothing carried yet.
  package init() {}
}
