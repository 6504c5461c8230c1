// SPDX-License-Identifier: Apache-2.0

package import Dialects
package import Links
package import Text

// What links and conversations count, as every answer in JSON has it.

extension JSONWriter {
  /// Writes what a link has carried.
  package mutating func fields(of counters: LinkCounters) {
    field("bytes_in", counters.bytesIn)
    field("bytes_out", counters.bytesOut)
    field("frames_in", counters.framesIn)
    field("frames_out", counters.framesOut)
    field("errors", counters.errors)
    field("opens", counters.opens)
    field("reconnects", counters.reopens)
  }

  /// Writes how a conversation goes.
  package mutating func fields(of statistics: SessionStatistics) {
    field("requests", statistics.requests)
    field("replies", statistics.replies)
    field("timeouts", statistics.timeouts)
    field("bad_checksums", statistics.badChecksums)
    field("skipped_bytes", statistics.skippedBytes)
    field("incomplete", statistics.incomplete)
    field("babble", statistics.babble)
    field("declined", statistics.declined)
    field("echoes", statistics.echoes)
    field("unasked_bytes", statistics.unasked)
    field("broadcasts", statistics.broadcasts)
    field("refusals", statistics.refusals)
    field("round_trip_ms", statistics.latency.last)
    guard statistics.latency.count > 0 else { return }
    object("latency") { $0.fields(of: statistics.latency) }
  }

  /// Writes how long answers took; the classes up to the last in which there is one.
  private mutating func fields(of latency: Latency) {
    field("last_ms", latency.last)
    field("lowest_ms", latency.lowest)
    field("mean_ms", latency.mean, decimals: 1)
    field("highest_ms", latency.highest)
    let used = (0..<Latency.classes).last { latency[$0] > 0 } ?? 0
    array("classes") { writer in
      for index in 0...used {
        writer.object { writer in
          writer.field("below_ms", Latency.bound(of: index))
          writer.field("answers", latency[index])
        }
      }
    }
  }

  /// Writes what a CAN controller has told of its bus.
  package mutating func fields(of health: CANHealth) {
    field("state", health.state.name)
    field("bus_off", health.busOff)
    field("restarted", health.restarted)
    field("unacknowledged", health.unacknowledged)
    field("timed_out", health.timedOut)
    field("warnings", health.warnings)
    field("bus_errors", health.busErrors)
  }
}
