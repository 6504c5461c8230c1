// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Quantities
import Text
import Wire

/// What the doctor has seen, for people and for programs.
struct DoctorReport {
  let links: [LinkHealth]
  let findings: [Finding]
  let view: JSONValue
  /// The machine; `nil` where no gateway was looked at.
  let host: HostHealth?
  /// How many rejected frames are shown of each link.
  let frames: Int
  let style: Style

  /// The whole report.
  var text: String {
    var lines = advice
    for link in links { lines += [""] + picture(of: link) }
    if let host { lines += [""] + machine(host) }
    return lines.map { $0 + "\n" }.joined()
  }

  private var advice: [String] {
    guard !findings.isEmpty else { return [style.green("All is well.")] }
    return findings.flatMap { finding in
      let mark =
        switch finding.level {
        case .wrong: style.red("wrong")
        case .watch: style.yellow("watch")
        case .note: style.dim("note ")
        }
      return [
        "\(mark)  \(style.bold(finding.about.printable)): \(finding.seen.printable)",
        "       \(finding.advice)",
      ]
    }
  }

  /// A link in numbers and pictures.
  private func picture(of link: LinkHealth) -> [String] {
    var lines = [
      style.bold("\(link.battery.printable)") + "  \(link.dialect)  \(link.name.printable)"
    ]
    if let good = link.goodPermille {
      let bar = Bar.text(good, in: 0...1000, width: 30)
      let painted =
        good >= 990 ? style.green(bar) : good >= 900 ? style.yellow(bar) : style.red(bar)
      lines.append("  good answers  \(painted) \(good / 10).\(good % 10) % of \(link.asked)")
    }
    let counts: [(String, Int64)] = [
      ("no answer", link.silences),
      ("too short", link["incomplete"]), ("not an answer", link["babble"]),
      ("damaged", link["bad_checksums"]), ("refused", link["refusals"]), ("echoes", link["echoes"]),
      ("reconnects", link["reconnects"]),
    ]
    let told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    if !told.isEmpty { lines.append("  met           \(told.joined(separator: ", "))") }
    lines += histogram(of: link)
    lines += rejected(of: link)
    return lines
  }

  /// How long answers took, as bars.
  private func histogram(of link: LinkHealth) -> [String] {
    let used = link.classes.filter { $0.answers > 0 }
    guard let most = used.map(\.answers).max() else { return [] }
    return ["  answers took"]
      + used.map { row in
        let name = row.below.map { "below \($0) ms" } ?? "longer"
        let bar = Bar.text(row.answers, in: 0...most, width: 30)
        return "    \(name.padded(to: 14, right: true)) \(bar) \(row.answers)"
      }
  }

  /// The newest that was not believed, with its bytes, and what the language reads in them.
  private func rejected(of link: LinkHealth) -> [String] {
    let shown = link.newest.suffix(frames)
    guard !shown.isEmpty else { return [] }
    var lines = ["  not believed, the newest last"]
    for item in shown {
      lines.append(
        "    \(item.age / 1000) s ago, \(style.yellow("\(item.kind.name)")): \(item.why.printable)")
      lines.append("      asked \(Self.hex(item.request))")
      lines.append("      came  \(marked(item))")
      if let reads = Self.reads(item, link.dialect) { lines.append("      reads \(reads)") }
    }
    return lines
  }

  /// The bytes of an answer, with those marked that differ from the good one before.
  private func marked(_ item: LinkHealth.Rejected) -> String {
    guard item.kind == .checksum, item.good.count == item.reply.count else {
      return Self.hex(item.reply)
    }
    return item.reply.indices.prefix(40).map { index in
      let text = Hex.string([item.reply[index]].span)
      return item.reply[index] == item.good[index] ? text : style.red("\(text)<")
    }.joined(separator: " ") + (item.reply.count > 40 ? " … (\(item.reply.count) bytes)" : "")
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let text = bytes.prefix(40).map { Hex.string([$0].span) }.joined(separator: " ")
    return bytes.count > 40 ? text + " … (\(bytes.count) bytes)" : text
  }

  /// What the language reads in what was not believed, in short; `nil` where it reads nothing.
  static func reads(_ item: LinkHealth.Rejected, _ dialect: String) -> String? {
    guard let dialect = Dialect.named(dialect) else { return nil }
    let exchange = dialect.explain(item.request, [item.reply])
    let reading = exchange.whole.reading
    var parts: [String] = []
    if let voltage = reading.voltage { parts.append("\(voltage.text(places: 2)) V") }
    if let current = reading.current { parts.append("\(current.text(places: 1)) A") }
    if let soc = reading.soc { parts.append("SOC \(soc.text(places: 1)) %") }
    if let (low, high) = reading.cells.extremes {
      let lowest = reading.cells[low].text(places: 3)
      parts.append("cells \(lowest) to \(reading.cells[high].text(places: 3)) V")
    }
    if let error = exchange.error { parts.append("\(error)") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func machine(_ host: HostHealth) -> [String] {
    var lines = [style.bold("machine")]
    lines.append("  clock         " + (host.isClockKept ? "kept right" : "kept by nobody"))
    if let free = host.free, let size = host.size, size > 0 {
      let bar = Bar.text(size - free, in: 0...size, width: 30)
      lines.append("  disk          \(bar) \(free / 1_000_000) MB free")
    }
    if let stored = view["history"]?["stored"]?.int64 {
      lines.append("  history       \(stored) readings stored")
    }
    for part in view["parts"]?.array ?? [] {
      let name = part["name"]?.string ?? "part"
      lines.append("  \(name.padded(to: 13)) \(part["state"]?.string ?? "")")
    }
    return lines
  }
}
