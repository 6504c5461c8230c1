// SPDX-License-Identifier: Apache-2.0

import Quantities
package import Text

/// Draws the live view: what a status line of the gateway says, as lines for a terminal.
///
/// It draws from the same JSON that any program gets, so that it can show a gateway of another version.
package struct StatusScreen {
  /// Columns of the terminal.
  package var width: Int
  /// Lines of the terminal.
  package var height: Int
  /// Colours, or none.
  package var style: Style

  /// A screen of this size.
  package init(width: Int, height: Int, style: Style) {
    self.width = max(20, width)
    self.height = max(4, height)
    self.style = style
  }

  /// The lines of the view, never more nor wider than the screen.
  ///
  /// `battery` is the index of what to show, banks first, `silence` how many milliseconds ago the gateway last
  /// said anything: a silent gateway is never shown as alive.
  package func lines(_ view: JSONValue, battery: Int = 0, silence: Int64 = 0) -> [String] {
    let batteries = Self.shown(view)
    guard !batteries.isEmpty else {
      let lines = [style.bold("Cellbus"), "The gateway has nothing to show yet."] + parts(view)
      return lines.prefix(height).map { $0.cut(toColumns: width) }
    }
    let shown = batteries[min(max(0, battery), batteries.count - 1)]
    var lines = [title(shown, view, of: batteries.count)]
    if silence > 5000 {
      lines.append(
        style.red("The gateway has said nothing for \(silence / 1000) s: what follows is old."))
    }
    lines.append(summary(shown))
    lines.append("")
    lines += packs(shown)
    lines += cells(shown)
    lines += limits(shown)
    lines += accounts(shown)
    lines += temperatures(shown)
    lines += alarms(shown)
    lines += links(shown, view)
    lines += parts(view)
    return lines.prefix(height).map { $0.cut(toColumns: width) }
  }

  /// A battery in one line.
  package static func line(of battery: JSONValue) -> String {
    let reading = battery["reading"]
    let limits = battery["limits"]
    func number(_ value: JSONValue?, _ places: Int, _ unit: String) -> String {
      "\(fixed(value, places) ?? "–") \(unit)"
    }
    let alarms = (reading?["alarms"]?.array ?? []).compactMap(\.string)
    return [
      battery["name"]?.string ?? "battery", battery["freshness"]?.string ?? "lost",
      number(reading?["voltage_v"], 2, "V"), number(reading?["current_a"], 1, "A"),
      "SOC " + number(reading?["soc_pct"], 1, "%"), limits?["mode"]?.string ?? "no limits",
      "CVL " + number(limits?["charge_voltage_limit_v"], 2, "V"),
      "CCL " + number(limits?["charge_current_limit_a"], 1, "A"),
      "DCL " + number(limits?["discharge_current_limit_a"], 1, "A"),
    ].joined(separator: "  ") + alarms.map { "  \($0)" }.joined()
  }

  private func title(_ battery: JSONValue, _ view: JSONValue, of count: Int) -> String {
    let name = battery["name"]?.string ?? "battery"
    let dialect =
      battery["dialect"]?.string ?? battery["arrangement"]?.string.map { "bank, \($0)" } ?? ""
    let others = count > 1 ? style.dim("  (\(count), Tab shows the next)") : ""
    let time =
      view["time"]?.string.map { $0.prefix(19).split(separator: "T").joined(separator: " ") } ?? ""
    return style.bold("Cellbus  \(name)") + "  \(dialect)  " + style.dim(time) + others
  }

  private func summary(_ battery: JSONValue) -> String {
    let reading = battery["reading"]
    func number(_ key: String, _ places: Int, _ unit: String, sign: Bool = false) -> String {
      guard let text = Self.fixed(reading?[key], places) else { return "– \(unit)" }
      return (sign && !text.hasPrefix("-") ? "+" : "") + "\(text) \(unit)"
    }
    let age =
      battery["age_ms"]?.int64.map { " \(Decimal.string($0, decimals: 3, places: 1)) s" } ?? ""
    let stage = battery["freshness"]?.string ?? "lost"
    let status = reading?["status"]?.string ?? ""
    return [
      style.bold(number("voltage_v", 2, "V")), style.bold(number("current_a", 1, "A", sign: true)),
      number("power_w", 0, "W", sign: true), style.bold("SOC " + number("soc_pct", 1, "%")),
      colour(stage + age, of: stage), status, visit(battery) ?? "",
    ].filter { !$0.isEmpty }.joined(separator: "   ")
  }

  private func colour(_ text: String, of stage: String) -> String {
    switch stage {
    case "fresh": style.green(text)
    case "aging": style.yellow(text)
    default: style.red(text)
    }
  }

  /// Cells as bars over the range that the chemistry lives in; two columns of them where there is room.
  private func cells(_ battery: JSONValue) -> [String] {
    guard let reading = battery["reading"], let cells = reading["cell_voltages_v"]?.array,
      !cells.isEmpty
    else { return [] }
    let steps = cells.map { $0.decimal(places: 4) ?? 0 }
    let lowest = steps.min() ?? 0
    let highest = steps.max() ?? 0
    // 50 mV around the cells, at least, so that noise does not look like a spread.
    let range = (min(lowest, highest - 500) - 100)...(highest + 100)
    let balancing = Set((reading["balancing_cells"]?.array ?? []).compactMap(\.int64))
    let columns = width >= 64 ? 2 : 1
    let rows = (cells.count + columns - 1) / columns
    let bar = max(4, (width - columns * 16) / columns - 2)
    let spread = Decimal.string(highest - lowest, decimals: 1, places: 1)
    var lines = [
      style.bold("Cells") + "    spread \(spread) mV"
        + (balancing.isEmpty
          ? ""
          : "   balancing \(balancing.sorted().map { String($0 + 1) }.joined(separator: ", "))")
    ]
    for row in 0..<rows {
      var line = ""
      for index in stride(from: row, to: cells.count, by: rows) {
        let mark = balancing.contains(Int64(index)) ? "↓" : " "
        let volts = Decimal.string(steps[index], decimals: 4, places: 4)
        let text = " \(String(index + 1).padded(to: 2, right: true)) \(volts) V\(mark)"
        let drawn = Bar.text(steps[index], in: range, width: bar)
        let isExtreme = highest > lowest && (steps[index] == highest || steps[index] == lowest)
        line += text + " " + (isExtreme ? style.yellow(drawn) : style.green(drawn)) + " "
      }
      lines.append(line)
    }
    return lines
  }

  private func limits(_ battery: JSONValue) -> [String] {
    guard let limits = battery["limits"] else {
      let reason = battery["no_limits_because"]?.string ?? "not decided yet"
      return [
        style.bold("Limits") + "   " + style.yellow("the inverter is told nothing: \(reason)")
      ]
    }
    func line(_ name: String, _ key: String, _ unit: String, _ reason: String) -> String {
      let number = (Self.fixed(limits[key], 2) ?? "–").padded(to: 8, right: true)
      return "  \(name) \(number) \(unit)   " + style.dim(limits[reason]?.string ?? "")
    }
    return [
      style.bold("Limits") + "   " + style.bold(limits["mode"]?.string ?? ""),
      line("CVL", "charge_voltage_limit_v", "V", "charge_voltage_reason"),
      line("CCL", "charge_current_limit_a", "A", "charge_current_reason"),
      line("DCL", "discharge_current_limit_a", "A", "discharge_current_reason"),
    ]
  }

  private func temperatures(_ battery: JSONValue) -> [String] {
    guard let sensors = battery["reading"]?["temperatures_c"]?.array, !sensors.isEmpty else {
      return []
    }
    let texts = sensors.enumerated().map { index, sensor in
      "T\(index + 1) " + (Self.fixed(sensor, 1).map { "\($0) °C" } ?? "–")
    }
    return [style.bold("Sensors") + "  " + texts.joined(separator: "   ")]
  }

  private func alarms(_ battery: JSONValue) -> [String] {
    guard let reading = battery["reading"], let alarms = reading["alarms"]?.array else { return [] }
    let warnings = reading["warnings"]?.array ?? []
    let texts =
      alarms.compactMap(\.string).map { style.red($0) }
      + warnings.compactMap(\.string).map { style.yellow($0) }
    return [
      style.bold("Alarms") + "   "
        + (texts.isEmpty ? style.green("none") : texts.joined(separator: "  "))
    ]
  }

  private func links(_ battery: JSONValue, _ view: JSONValue) -> [String] {
    var lines: [String] = []
    if let link = battery["link"] {
      let numbers =
        "\(link["replies"]?.int64 ?? 0) answers, \(link["timeouts"]?.int64 ?? 0) time-outs, \(link["bad_checksums"]?.int64 ?? 0) bad checksums, "
        + "\(link["reconnects"]?.int64 ?? 0) reconnects"
      lines.append(
        style.bold("Links") + "    " + state(of: link) + bus(of: link) + "  " + style.dim(numbers))
      lines += doors(battery)
      if let trust = trust(link) { lines.append(trust) }
      if let latency = Self.latency(of: link) { lines.append("         " + style.dim(latency)) }
    }
    let name = battery["name"]?.string
    for inverter in view["inverters"]?.array ?? [] where inverter["battery"]?.string == name {
      guard let link = inverter["link"] else { continue }
      let heard =
        inverter["heard_ms_ago"]?.int64.map { "inverter heard \($0 / 1000) s ago" }
        ?? "inverter not heard"
      let numbers =
        "\(link["frames_out"]?.int64 ?? 0) frames sent, \(heard), "
        + "\(link["reconnects"]?.int64 ?? 0) reconnects"
      lines.append("         " + state(of: link) + bus(of: link) + "  " + style.dim(numbers))
    }
    if let history = view["history"] {
      let numbers =
        "\(history["stored"]?.int64 ?? 0) readings stored, \(history["dropped"]?.int64 ?? 0) dropped"
      let fault = history["fault"]?.string.map { style.red("  \($0)") } ?? ""
      lines.append(
        style.bold("History") + "  \(history["path"]?.string ?? "")  " + style.dim(numbers) + fault)
    }
    return lines
  }

  private func state(of link: JSONValue) -> String {
    let name = link["name"]?.string ?? "link"
    guard link["up"]?.bool == true else {
      return style.red(link["fault"]?.string ?? "\(name) is down")
    }
    return "\(name) " + style.green("up")
  }

  /// How the controller of a CAN bus gets on, where it tells and all is not well.
  private func bus(of link: JSONValue) -> String {
    guard let bus = link["bus"], let state = bus["state"]?.string else { return "" }
    let times = bus["bus_off"]?.int64 ?? 0
    let history = times > 0 ? style.yellow("  \(times) times bus-off") : ""
    switch state {
    case "active": return history
    case "bus_off": return style.red("  bus-off") + history
    default: return style.yellow("  \(state)") + history
    }
  }

  /// How long answers take: the newest, and all of them; `nil` before the first.
  private static func latency(of link: JSONValue) -> String? {
    guard let last = link["round_trip_ms"]?.int64 else { return nil }
    guard let latency = link["latency"], let lowest = latency["lowest_ms"]?.int64,
      let highest = latency["highest_ms"]?.int64, let mean = fixed(latency["mean_ms"], 1)
    else { return "answered in \(last) ms" }
    return "answered in \(last) ms; \(lowest) to \(highest) ms, \(mean) ms in the mean"
  }

  static func fixed(_ value: JSONValue?, _ places: Int) -> String? {
    value?.decimal(places: places).map { Decimal.string($0, decimals: places, places: places) }
  }
}
