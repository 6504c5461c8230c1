// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Quantities
package import Text

extension GatewayView {
  /// Writes the view as one JSON object.
  ///
  /// With `rejected`, also the bytes of what was lately not believed.
  package func write(to writer: inout JSONWriter, rejected: Bool = false) {
    writer.object { writer in
      writer.field("time", ISO8601.string(wall))
      writer.field("uptime_ms", uptime)
      writer.array("batteries") { writer in
        for battery in batteries { writer.object { battery.fields(at, &$0, rejected) } }
      }
      if !banks.isEmpty {
        writer.array("banks") { writer in
          for bank in banks { writer.object { bank.fields(at, &$0) } }
        }
      }
      writer.array("inverters") { writer in
        for inverter in inverters { writer.object { inverter.fields(at, &$0) } }
      }
      if let history {
        writer.object("history") { writer in
          writer.field("path", history.path)
          writer.field("stored", history.stored)
          writer.field("dropped", history.dropped)
          if let fault = history.fault { writer.field("fault", fault) }
        }
      }
      writer.array("parts") { writer in
        for part in parts { writer.object { part.fields(at, wall + age, &$0) } }
      }
      if let reload { writer.object("reload") { reload.fields(at, wall + age, &$0) } }
    }
  }
}

extension GatewayView.BatteryView {
  fileprivate func fields(_ now: Tick, _ writer: inout JSONWriter, _ rejected: Bool) {
    writer.field("name", name)
    writer.field("dialect", dialect)
    if let address { writer.field("address", Int64(address)) }
    if !doors.isEmpty {
      writer.field("door", Int64(door))
      writer.array("doors") { writer in
        for door in doors { writer.object { door.fields(&$0) } }
      }
    }
    identityFields(&writer)
    writer.object("link") { writer in
      writer.field("name", link)
      writer.field("up", linkFault == nil)
      if let linkFault { writer.field("fault", linkFault) }
      writer.fields(of: counters)
      writer.fields(of: statistics)
      if let health { writer.object("bus") { $0.fields(of: health) } }
      writer.fields(of: rejections)
      if rejected { writer.newest(of: rejections, at: now) }
    }
    writer.field("freshness", freshness.name)
    if let age = snapshot.age(at: now) { writer.field("age_ms", age) }
    writer.field("live_readings", liveReadings)
    if let nextVisit { writer.field("next_visit_ms", max(0, nextVisit - now)) }
    // What is lost is no longer shown as if it were there.
    if freshness != .lost { writer.fields(of: snapshot, status: status) }
    if let silence { writer.field("no_limits_because", silence) }
    if let limits { writer.object("limits") { $0.fields(of: limits) } }
  }
}

extension GatewayView.DoorView {
  fileprivate func fields(_ writer: inout JSONWriter) {
    writer.field("dialect", dialect)
    writer.field("link", link)
    if let linkFault { writer.field("fault", linkFault) }
    if let difference { writer.field("other_battery", difference) }
  }
}

extension GatewayView.InverterView {
  fileprivate func fields(_ now: Tick, _ writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("battery", battery)
    writer.object("link") { writer in
      writer.field("name", link)
      writer.field("up", linkFault == nil)
      if let linkFault { writer.field("fault", linkFault) }
      writer.fields(of: counters)
      if let health { writer.object("bus") { $0.fields(of: health) } }
    }
    if let heardAt { writer.field("heard_ms_ago", now - heardAt) }
    writer.field("victron", isVictron)
  }
}

extension PartView {
  fileprivate func fields(_ now: Tick, _ wall: Int64, _ writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("state", state.rawValue)
    if let fault { writer.field("fault", fault) }
    writer.field("restarts", restarts)
    writer.field("since", ISO8601.string(wall - (now - since)))
  }
}

extension ReloadView {
  fileprivate func fields(_ now: Tick, _ wall: Int64, _ writer: inout JSONWriter) {
    writer.field("time", ISO8601.string(wall - (now - at)))
    writer.field("taken", problems.isEmpty)
    writer.array("problems") { writer in for text in problems { writer.value(text) } }
    writer.array("changes") { writer in for text in changes { writer.value(text) } }
  }
}
