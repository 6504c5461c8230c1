// SPDX-License-Identifier: Apache-2.0

package import Text

// What a running gateway says of itself, judged: what is not about a battery's link.

extension Finding {
  /// What the status line of a gateway shows to be wrong, links of batteries left out.
  package static func of(_ view: JSONValue) -> [Finding] {
    (view["batteries"]?.array ?? []).flatMap(battery)
      + (view["inverters"]?.array ?? []).flatMap(inverter)
      + history(view["history"]) + (view["parts"]?.array ?? []).flatMap(part)
      + reload(view["reload"])
  }

  private static func battery(_ battery: JSONValue) -> [Finding] {
    let name = battery["name"]?.string ?? "battery"
    var found: [Finding] = []
    if let stage = battery["freshness"]?.string, stage != "fresh" {
      let age = battery["age_ms"]?.int64.map { "; the last good one is \($0 / 1000) s old" } ?? ""
      found.append(
        Finding(
          stage == "aging" ? .watch : .wrong, "old_values", name, "its readings are \(stage)\(age)",
          "The cause stands among the findings about its link."))
    }
    if let identity = battery["identity"] {
      if let left = identity["doubted_for_ms"]?.int64 {
        found.append(
          Finding(
            .wrong, "other_battery", name,
            "its serial number or its number of cells is not what it was: limits stop",
            "If that is right, wait \((left + 59_999) / 60_000) min or start the gateway again; if "
              + "not, look which battery is connected to this port."))
      }
      if let twin = identity["same_unit_as"]?.string {
        found.append(
          Finding(
            .wrong, "same_unit", name, "it is the same unit as \(twin), by its serial number",
            "Remove one of the two from the settings, or correct its port."))
      }
    }
    if let silence = battery["no_limits_because"]?.string {
      found.append(
        Finding(
          .watch, "no_limits", name, "the inverter is told nothing: \(silence)",
          "See docs/charging.md for what is needed before limits are told."))
    }
    return found
  }

  private static func inverter(_ inverter: JSONValue) -> [Finding] {
    let name = inverter["name"]?.string ?? "inverter"
    let link = inverter["link"]
    var found: [Finding] = []
    if link?["up"]?.bool == false {
      found.append(
        Finding(
          .wrong, "bus_down", name, link?["fault"]?.string ?? "its bus is down",
          "Mend what the message names: it is tried again by itself."))
    }
    let bus = link?["bus"]
    let state = bus?["state"]?.string ?? "active"
    let times = bus?["bus_off"]?.int64 ?? 0
    if state != "active" || times > 0 {
      found.append(
        Finding(
          state == "active" ? .watch : .wrong, "bus_errors", name,
          "its CAN controller is \(state) and was \(times) times bus-off",
          "Two bit rates on one bus, swapped wires, a short circuit, or not two resistors of 120 Ω "
            + "(60 Ω between the wires with everything off)."))
    }
    if let lost = bus?["unacknowledged"]?.int64, lost > 0 {
      found.append(
        Finding(
          .wrong, "nobody_listens", name, "nobody acknowledged \(lost) frames",
          "The inverter is off, its CAN port has another profile or speed, or a wire is off."))
    }
    if link?["up"]?.bool == true, inverter["heard_ms_ago"] == nil {
      found.append(
        Finding(
          .note, "inverter_unheard", name, "the inverter was never heard on this bus",
          "Some never speak. If it does not show the battery, check the profile of its CAN port."))
    }
    return found
  }

  private static func history(_ history: JSONValue?) -> [Finding] {
    guard let history else { return [] }
    var found: [Finding] = []
    let path = history["path"]?.string ?? "history"
    if let fault = history["fault"]?.string {
      found.append(
        Finding(
          .wrong, "history_fault", "history", "\(path): nothing can be stored: \(fault)",
          "Make room or mount the disk; storing begins again by itself."))
    }
    if let dropped = history["dropped"]?.int64, dropped > 0 {
      found.append(
        Finding(
          .watch, "history_dropped", "history", "\(dropped) readings found no room",
          "A disk too slow, or away for long: see docs/history.md."))
    }
    return found
  }

  private static func part(_ part: JSONValue) -> [Finding] {
    let name = part["name"]?.string ?? "part"
    let state = part["state"]?.string ?? "running"
    let restarts = part["restarts"]?.int64 ?? 0
    // The history says itself what it lacks.
    guard state != "running", name != "history" else {
      guard restarts > 3 else { return [] }
      return [
        Finding(
          .watch, "part_restarts", name, "this part was started again \(restarts) times",
          "The log tells why, at each time.")
      ]
    }
    let fault = part["fault"]?.string.map { ": \($0)" } ?? ""
    return [
      Finding(
        .wrong, name == "watchdog" ? "watchdog" : "part_\(state)", name,
        "this part is \(state)\(fault)", "It heals by itself when the cause is gone.")
    ]
  }

  private static func reload(_ reload: JSONValue?) -> [Finding] {
    guard reload?["taken"]?.bool == false else { return [] }
    return [
      Finding(
        .wrong, "settings_refused", "settings",
        "the settings were read anew and have mistakes; the old ones are in force",
        "cellbus check explains each; then send SIGHUP again.")
    ]
  }
}
