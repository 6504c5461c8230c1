// SPDX-License-Identifier: Apache-2.0

import Battery
import Charts
import History

/// Events as rows of spans: what was so from when to when.
enum HistoryLanes {
  /// The most rows of alarms and warnings.
  private static let most = 6

  /// The events of a time, and enough before it to know what was so when it began; oldest first.
  static func events(
    _ reader: HistoryReader, battery: Int, from: Int64, to: Int64
  ) throws(HistoryError) -> [Event] {
    let before = try reader.events(battery: battery, to: from, limit: 500)
    let within = try reader.events(battery: battery, from: from, to: to, limit: 20_000)
    return before.reversed() + within.reversed()
  }

  /// The rows: modes, silence, then each alarm and warning by itself.
  static func lanes(_ events: [Event], from: Int64, to: Int64) -> [Lane] {
    var modes = Track()
    var silence = Track()
    var alarms: [(code: Int64, isAlarm: Bool, track: Track)] = []
    func change(_ event: Event, _ isAlarm: Bool, _ isRaised: Bool) {
      var place = alarms.firstIndex { $0.code == event.code && $0.isAlarm == isAlarm }
      if place == nil {
        alarms.append((event.code, isAlarm, Track()))
        place = alarms.count - 1
      }
      alarms[place ?? 0].track.become(isRaised ? event.code : nil, at: event.moment.wall)
    }
    for event in events {
      let time = event.moment.wall
      switch event.kind {
      case .mode:
        // What it was before is known only from here, where the run began without a change.
        if modes.state == nil, let previous = event.previous {
          modes.become(previous, at: modes.known ?? from)
        }
        modes.become(event.code, at: time)
      case .freshness: silence.become(event.code >= 2 ? event.code : nil, at: time)
      case .alarmRaised: change(event, true, true)
      case .alarmCleared: change(event, true, false)
      case .warningRaised: change(event, false, true)
      case .warningCleared: change(event, false, false)
      case .started, .stopped:
        modes.become(nil, at: time)
        modes.known = time
        silence.become(event.kind == .stopped ? -1 : nil, at: time)
        // What is still active is told anew by the next run.
        for index in alarms.indices { alarms[index].track.become(nil, at: time) }
      case .batteryChanged, .clockSet, .dropped, .setAside, .damaged: break
      }
    }
    var lanes: [Lane] = []
    func add(_ name: String, _ track: Track, _ look: (Int64) -> (String, Lane.Tone)) {
      var track = track
      track.become(nil, at: to)
      let spans = track.spans.filter { $0.to > from && $0.from < to }.map { span in
        let (label, tone) = look(span.state)
        return Lane.Span(from: max(from, span.from), to: min(to, span.to), label, tone)
      }
      if !spans.isEmpty { lanes.append(Lane(name, spans)) }
    }
    add("mode", modes) { (mode($0), .state(Int($0))) }
    add("reading", silence) { ($0 < 0 ? "gateway off" : stage($0), .silence) }
    for alarm in alarms.sorted(by: { $0.isAlarm && !$1.isAlarm }) where lanes.count < most + 2 {
      add(alarm.isAlarm ? "alarm" : "warning", alarm.track) {
        (name($0), alarm.isAlarm ? .alarm : .warning)
      }
    }
    return lanes
  }

  /// What something was over time.
  private struct Track {
    var state: Int64?
    /// Since when it could have been known.
    var known: Int64?
    private var since: Int64 = 0
    private(set) var spans: [(from: Int64, to: Int64, state: Int64)] = []

    mutating func become(_ next: Int64?, at time: Int64) {
      guard next != state else { return }
      if let state, time > since { spans.append((since, time, state)) }
      state = next
      since = time
    }
  }

  private static func mode(_ code: Int64) -> String {
    let name = UInt8(exactly: code).flatMap(ChargeMode.init).map { "\($0.name)" } ?? "\(code)"
    return name.lowercased().replacing("_", with: " ")
  }

  private static func stage(_ code: Int64) -> String {
    UInt8(exactly: code).flatMap(Freshness.init).map { "\($0.name)" } ?? "\(code)"
  }

  private static func name(_ code: Int64) -> String {
    let name = UInt8(exactly: code).flatMap(Alarm.init).map { "\($0.name)" } ?? "\(code)"
    return name.replacing("_", with: " ")
  }
}
