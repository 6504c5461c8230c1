// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Text

/// What was tried on all lines and what was found, for people and for programs.
struct DetectReport {
  /// The lines.
  let lines: [Detector]

  /// Whether a battery was found anywhere.
  var hasFound: Bool { lines.contains { !$0.hits.isEmpty } }

  /// What was tried, what was found, and what to do next.
  func text(_ style: Style) -> String {
    var parts: [String] = []
    for line in lines {
      var table = Table(["speed", "tried as", "sent", "heard", "what came of it"])
      for attempt in line.attempts {
        table.add([
          attempt.baud.map(String.init) ?? "", attempt.title, "\(attempt.sent)",
          "\(attempt.heard)", attempt.outcome.printable,
        ])
      }
      parts.append(style.bold(line.settings.place.printable) + "\n")
      if !line.attempts.isEmpty { parts.append(table.text(style)) }
      if let trouble = line.trouble { parts.append("\(trouble.message.printable)\n") }
      parts.append(verdict(line) + "\n")
    }
    if hasFound { parts.append(entry) }
    return parts.joined()
  }

  private func verdict(_ line: Detector) -> String {
    let hits = line.hits
    guard let best = hits.first, let probe = best.probe else { return advice(line) + "\n" }
    var text = "Found \(probe.dialect.title) (\(probe.name))."
    if best.isListening, !probe.dialect.polls.isEmpty {
      text += " Another host asks it on this line, so nothing was sent: the entry only listens."
    }
    for other in hits.dropFirst() {
      guard let probe = other.probe else { continue }
      text += "\nAlso \(probe.dialect.title) (\(probe.name)): "
      text +=
        isSameBoard(other, best)
        ? "the same board, which tells less in this language or checks it no better."
        : "another board of the line."
    }
    return text + "\n"
  }

  private func advice(_ line: Detector) -> String {
    if line.trouble != nil { return "Nothing could be found on it." }
    let asked = line.attempts.filter { !$0.isListening }
    if line.attempts.allSatisfy({ $0.heard == 0 }) {
      return """
        Nothing found, and not one byte came. Is the battery on and awake, the port the right one, and \
        its cable the battery's own? Swap A and B of RS485, or RX and TX; try --addresses 0-15 on a \
        shared line; let no other program or phone be connected.
        """
    }
    if asked.contains(where: { $0.statistics.badChecksums > 0 }) {
      return """
        Nothing found, though answers came whose checksum does not hold: try another cable, connect \
        ground, give --baud if the speed is unusual, and look with cellbus doctor.
        """
    }
    if !asked.isEmpty, asked.allSatisfy({ $0.heard == 0 || $0.statistics.echoes > 0 }) {
      return """
        Nothing found: only what was sent comes back. Sending and receiving wires are joined, or the \
        adapter echoes and the battery is silent. Check wires A and B, and that the battery is on.
        """
    }
    return """
      Nothing found, though bytes came: the speed may be another (--baud), the wires swapped, or the \
      language one that Cellbus does not know. Record it with cellbus record; docs/adding-a-bms.md \
      tells how it becomes one.
      """
  }

  /// Whether two finds are one board in two languages.
  private func isSameBoard(_ one: Attempt, _ other: Attempt) -> Bool {
    one.probe?.address == other.probe?.address
  }

  /// The finds that become entries of the settings: of each board of each line the best.
  var chosen: [(line: Detector, hit: Attempt)] {
    lines.flatMap { line in
      var boards: [UInt8?] = []
      return line.hits.compactMap { hit -> (line: Detector, hit: Attempt)? in
        guard let probe = hit.probe, !boards.contains(probe.address) else { return nil }
        // One line speaks one language.
        guard probe.dialect.name == line.hits.first?.probe?.dialect.name else { return nil }
        boards.append(probe.address)
        return (line, hit)
      }
    }
  }
}
