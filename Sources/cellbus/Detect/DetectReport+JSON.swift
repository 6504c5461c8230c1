// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Text

extension DetectReport {
  /// The report as one JSON object.
  var json: String {
    var writer = JSONWriter(capacity: 4096)
    writer.object { writer in
      writer.field("found", hasFound)
      writer.array("lines") { writer in
        for line in lines {
          writer.object { writer in
            writer.field("link", line.settings.place)
            writer.field("trouble", line.trouble?.message)
            writer.array("batteries") { writer in
              for hit in line.hits { write(hit, &writer) { write($0, &$1) } }
            }
            writer.array("attempts") { writer in
              for attempt in line.attempts { write(attempt, &writer) { _, _ in } }
            }
          }
        }
      }
      writer.field("settings", hasFound ? entry : nil)
    }
    return writer.text
  }

  private func write(
    _ attempt: Attempt, _ writer: inout JSONWriter, more: (Attempt, inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.field("dialect", attempt.probe?.dialect.name)
      writer.field("address", attempt.probe?.address)
      writer.field("baud", attempt.baud)
      writer.field("listening", attempt.isListening)
      writer.field("bytes_sent", attempt.sent)
      writer.field("bytes_heard", attempt.heard)
      writer.field("outcome", attempt.outcome)
      more(attempt, &writer)
    }
  }

  private func write(_ hit: Attempt, _ writer: inout JSONWriter) {
    writer.field("title", hit.probe?.dialect.title)
    writer.array("reasons") { writer in for reason in hit.reasons { writer.value(reason) } }
    guard let reading = hit.snapshot?.reading else { return }
    writer.object("reading") { $0.fields(of: reading) }
  }
}
