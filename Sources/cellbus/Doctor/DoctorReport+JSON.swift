// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import Text

extension DoctorReport {
  /// The report as one JSON object.
  var json: String {
    var writer = JSONWriter(capacity: 8192)
    writer.object { writer in
      writer.field("well", !findings.contains { $0.level == .wrong })
      writer.array("findings") { writer in
        for finding in findings {
          writer.object { writer in
            writer.field("level", finding.level.name)
            writer.field("cause", finding.cause)
            writer.field("about", finding.about)
            writer.field("seen", finding.seen)
            writer.field("advice", finding.advice)
          }
        }
      }
      writer.array("links") { writer in
        for (index, link) in links.enumerated() {
          writer.object { writer in
            writer.field("battery", link.battery)
            writer.field("dialect", link.dialect)
            writer.field("good_permille", link.goodPermille)
            writer.field("link", view["batteries"]?.array?[index]["link"])
            writer.array("rejected_reads") { writer in
              for item in link.newest.suffix(frames) {
                writer.object { writer in
                  writer.field("kind", item.kind.name)
                  writer.field("reads", Self.reads(item, link.dialect))
                }
              }
            }
          }
        }
      }
      if let host {
        writer.object("machine") { writer in
          writer.field("clock_kept", host.isClockKept)
          writer.field("disk_free_bytes", host.free)
          writer.field("disk_bytes", host.size)
          writer.field("watchdog_device", host.hasWatchdog)
        }
      }
    }
    return writer.text
  }
}
