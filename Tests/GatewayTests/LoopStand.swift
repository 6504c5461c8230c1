// SPDX-License-Identifier: Apache-2.0
import Foundation
import Gateway
import Links
import Machine
import TestKit
import Testing

/// A running control with any batteries, its newest view, and its log in a file.
final class LoopStand {
  let views = Mailbox<GatewayView>()
  let loop: ControlLoop
  let log: Log
  let scratch: Scratch
  private(set) var newest: GatewayView?

  init(
    _ batteries: [BatterySettings], _ inverters: [InverterSettings] = [], in scratch: Scratch
  ) throws {
    // A write to one that has gone must be an error and not a signal, as in the program.
    _ = try Signals([])
    self.scratch = scratch
    var settings = Settings()
    settings.batteries = batteries
    settings.inverters = inverters
    settings.history.path = nil
    settings.log.path = scratch("log")
    log = try Log(settings.log, isJournal: false)
    let desk = ControlDesk(
      log: log, views: views, pulse: Pulse(waker: try Waker()), attic: Attic(),
      waker: try Waker())
    loop = try ControlLoop(settings, number: 1, desk: desk)
  }

  /// Takes views until one is as wished.
  func until(
    _ what: String, _ condition: ([GatewayView.BatteryView]) -> Bool,
    at location: SourceLocation = #_sourceLocation
  ) {
    let isSeen = waitUntil(milliseconds: 60_000) {
      guard let view = views.take() else { return false }
      newest = view
      return condition(view.batteries)
    }
    let faults = newest?.batteries.map { "\($0.name): \($0.linkFault ?? "up"), \($0.freshness)" }
    #expect(isSeen, "\(what): \(faults ?? [])", sourceLocation: location)
  }

  /// Whether the log says something by now, or soon.
  func says(_ text: String) -> Bool {
    waitUntil {
      (try? String(contentsOfFile: scratch("log"), encoding: .utf8))?.contains(text) == true
    }
  }

  func close() {
    loop.stop(.restart)
    log.close()
  }
}
