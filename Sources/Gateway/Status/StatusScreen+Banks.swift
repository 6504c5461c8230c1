// SPDX-License-Identifier: Apache-2.0

package import Text

extension StatusScreen {
  /// What can be shown of a view: its banks, then its batteries.
  package static func shown(_ view: JSONValue) -> [JSONValue] {
    (view["banks"]?.array ?? []) + (view["batteries"]?.array ?? [])
  }

  /// The packs of a bank, a line each; which of them hold the extremes; what comes from elsewhere.
  func packs(_ bank: JSONValue) -> [String] {
    guard let packs = bank["packs"]?.array else { return [] }
    let longest = packs.compactMap { $0["name"]?.string?.count }.max() ?? 0
    var lines = [style.bold("Packs")]
    for pack in packs {
      func number(_ key: String, _ places: Int, _ unit: String) -> String {
        Self.fixed(pack[key], places).map { "\($0) \(unit)" } ?? "– \(unit)"
      }
      let state = pack["state"]?.string ?? "lost"
      let coloured =
        switch state {
        case "online": style.green(state)
        case "stale", "lost": style.red(state)
        default: style.yellow(state)
        }
      lines.append(
        "  " + (pack["name"]?.string ?? "pack").padded(to: longest) + "  "
          + number("voltage_v", 2, "V").padded(to: 9, right: true) + "  "
          + number("current_a", 1, "A").padded(to: 9, right: true) + "  "
          + number("soc_pct", 1, "%").padded(to: 8, right: true) + "  " + coloured)
    }
    return lines + extremes(bank) + sources(bank)
  }

  private func extremes(_ bank: JSONValue) -> [String] {
    guard let reading = bank["reading"] else { return [] }
    func cell(_ word: String, _ stem: String) -> String? {
      guard let volts = Self.fixed(reading["\(stem)_v"], 4) else { return nil }
      let number = reading["\(stem)_number"]?.int64.map { ", cell \($0)" } ?? ""
      return "\(word) \(volts) V\(number)"
        + (bank["\(stem)_pack"]?.string.map { " of \($0)" } ?? "")
    }
    func sensor(_ word: String, _ stem: String) -> String? {
      guard let degrees = Self.fixed(reading["\(stem)_c"], 1) else { return nil }
      return "\(word) \(degrees) °C" + (bank["\(stem)_pack"]?.string.map { " in \($0)" } ?? "")
    }
    let cells = [cell("lowest", "cell_min"), cell("highest", "cell_max")].compactMap(\.self)
    let sensors = [sensor("coldest", "temp_min"), sensor("hottest", "temp_max")].compactMap(\.self)
    var lines: [String] = []
    if !cells.isEmpty {
      lines.append(style.bold("Cells") + "    " + cells.joined(separator: "   "))
    }
    if !sensors.isEmpty {
      lines.append(style.bold("Sensors") + "  " + sensors.joined(separator: "   "))
    }
    return lines
  }

  private func sources(_ bank: JSONValue) -> [String] {
    let sources = (bank["sources"]?.array ?? []).compactMap { source -> String? in
      guard let point = source["point"]?.string, let battery = source["battery"]?.string else {
        return nil
      }
      return source["in_use"]?.bool == true
        ? "\(point) from \(battery)" : style.yellow("\(point) not from \(battery) now")
    }
    return sources.isEmpty ? [] : [style.bold("Sources") + "  " + sources.joined(separator: "   ")]
  }
}
