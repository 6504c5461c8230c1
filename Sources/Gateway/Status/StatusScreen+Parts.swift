// SPDX-License-Identifier: Apache-2.0

import Text

extension StatusScreen {
  /// The parts that work in one line, each that does not in its own, and how the settings were last
  /// read anew.
  func parts(_ view: JSONValue) -> [String] {
    var lines: [String] = []
    let parts = view["parts"]?.array ?? []
    let well = parts.filter { $0["state"]?.string == "running" }.compactMap { $0["name"]?.string }
    if !well.isEmpty {
      lines.append(style.bold("Parts") + "    " + style.green(well.joined(separator: ", ")))
    }
    for part in parts where part["state"]?.string != "running" {
      let fault = part["fault"]?.string ?? ""
      lines.append(
        "         "
          + style.red("\(part["name"]?.string ?? "part") \(part["state"]?.string ?? ""): \(fault)")
          + style.dim("  since \(Self.clock(part["since"]))"))
    }
    return lines + reload(view)
  }

  private func reload(_ view: JSONValue) -> [String] {
    guard let reload = view["reload"] else { return [] }
    let heading = style.bold("Settings") + " "
    let time = Self.clock(reload["time"])
    guard reload["taken"]?.bool == true else {
      let problems = (reload["problems"]?.array ?? []).compactMap(\.string)
      return [heading + style.red("not taken over at \(time):")]
        + problems.map { "         " + style.red($0) }
    }
    let changes = (reload["changes"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    return [heading + "read at \(time): " + (changes.isEmpty ? "nothing is different" : changes)]
  }

  /// The time of day of a moment.
  private static func clock(_ moment: JSONValue?) -> String {
    String((moment?.string ?? "").dropFirst(11).prefix(8))
  }
}
