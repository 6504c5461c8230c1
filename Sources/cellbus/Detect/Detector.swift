// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text

/// Tries the languages on one line, and keeps what became of each.
struct Detector {
  /// The line.
  let settings: ByteLinkSettings
  /// What is tried.
  let detection: Detection
  /// How long it waits.
  var patience = Patience()
  /// Tells how far it has come.
  let say: (String) -> Void
  /// Whether it is to end early.
  let isOver: () -> Bool
  /// What was tried so far.
  var attempts: [Attempt] = []
  /// Why the line could not be used, where it could not.
  private(set) var trouble: CommandFailure?

  init(
    _ settings: ByteLinkSettings, _ detection: Detection,
    say: @escaping (String) -> Void = { _ in },
    isOver: @escaping () -> Bool = { false }
  ) {
    self.settings = settings
    self.detection = detection
    self.say = say
    self.isOver = isOver
  }

  /// What was found, the best first.
  var hits: [Attempt] {
    attempts.filter(\.isHit).enumerated().sorted { one, other in
      if one.element.isBetter(than: other.element) { return true }
      if other.element.isBetter(than: one.element) { return false }
      return one.offset < other.offset
    }.map(\.element)
  }

  /// Tries everything, until one speed has told a battery.
  mutating func run() {
    do throws(CommandFailure) {
      for round in detection.rounds {
        // Nothing is sent where a battery talks by itself or to another host, and one line has one speed.
        if isOver() || attempts.contains(where: \.isHit) { return }
        say("\(label(round)): \(round.isAsking ? "asking" : "listening")")
        if round.isAsking { try ask(round) } else { try listen(round) }
      }
    } catch {
      trouble = error
    }
  }

  private func label(_ round: Detection.Round) -> String {
    let name = settings.place
    return round.baud.map { "\(name) at \($0) bit/s" } ?? name
  }

  /// The line at a speed.
  func at(_ baud: Int?) -> ByteLinkSettings {
    guard let baud else { return settings }
    switch settings {
    case .serial(var serial):
      serial.baud = UInt32(baud)
      return .serial(serial)
    case .slcan(let serial, _): return .slcan(serial, bitrate: UInt32(baud))
    default: return settings
    }
  }

  /// Asks each language in its turn.
  private mutating func ask(_ round: Detection.Round) throws(CommandFailure) {
    var link: (any ByteLink)?
    defer { link?.close() }
    for probe in round.probes {
      guard !isOver() else { return }
      if settings.isCAN {
        // On a bus each language hears its own frames only.
        link?.close()
        link = nil
      }
      let line =
        if let link { link } else { try BatteryLine.open(at(round.baud), for: probe.dialect) }
      link = line
      var attempt = Attempt(baud: round.baud, probe: probe, isListening: false)
      do throws(LinkError) {
        try rest(line)
        try converse(&attempt, probe, line)
      } catch {
        throw CommandFailure("\(error)", error.exitCode)
      }
      attempts.append(attempt)
      say("  \(attempt.title): \(attempt.outcome)")
    }
  }

  /// Listens for all languages of a round at once.
  private mutating func listen(_ round: Detection.Round) throws(CommandFailure) {
    // A language without filters: everything on a bus is heard.
    let link = try BatteryLine.open(at(round.baud), for: .tinyBMS)
    defer { link.close() }
    var ears = Ears(round)
    do throws(LinkError) {
      try ears.listen(on: link, patience, isOver: isOver)
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
    attempts += ears.attempts
    for attempt in ears.attempts { say("  \(attempt.title): \(attempt.outcome)") }
  }
}
