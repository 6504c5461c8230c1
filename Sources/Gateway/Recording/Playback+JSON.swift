// SPDX-License-Identifier: Apache-2.0

package import Dialects
package import Text

extension JSONWriter {
  /// Writes all that a session has counted as fields of the object that is open.
  package mutating func counts(of statistics: SessionStatistics) {
    field("requests", statistics.requests)
    field("replies", statistics.replies)
    field("timeouts", statistics.timeouts)
    field("bad_checksums", statistics.badChecksums)
    field("implausible", statistics.implausible)
    field("refusals", statistics.refusals)
    field("broadcasts", statistics.broadcasts)
    field("skipped_bytes", statistics.skippedBytes)
    field("wake_ups", statistics.wakeUps)
  }

  /// Writes how often each kind of fault was met as an object of the object that is open.
  package mutating func object(faults: [(kind: String, count: Int)]) {
    object("faults") { writer in
      for fault in faults { writer.field(fault.kind, fault.count) }
    }
  }
}

extension Playback.Totals {
  /// Writes these as fields of the object that is open.
  package func fields(_ writer: inout JSONWriter) {
    writer.field("lines", lines)
    writer.field("seconds", duration, decimals: 3)
    writer.field("bytes_in", bytesIn)
    writer.field("bytes_out", bytesOut)
    writer.field("readings", readings)
    writer.field("live_readings", live)
    writer.object(faults: faults)
    writer.field("lost_lines", lost)
    writer.field("unknown_lines", unknown)
  }
}
