// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

/// One inverter's bus, on the control thread.
final class Bus {
  /// The inverter that it leads to.
  private(set) var settings: InverterSettings
  /// The bus with the log of its frames, where one is written.
  private(set) var link: any FrameLink
  var watch: Reactor.Watch?
  var reopening = Reopening()
  /// Frames that the bus did not take, since this was last said.
  var refused: UInt64 = 0
  /// The state of its controller, as it was last said.
  var state = CANHealth.State.active
  /// How the log of its frames fares; `nil` where none is to be written.
  private(set) var traffic: PartView?

  private let bare: any FrameLink
  private var frames: CandumpLog?
  private var backoff = Backoff()

  init(_ settings: InverterSettings) {
    self.settings = settings
    bare = settings.makeBus()
    link = bare
  }

  var name: String { settings.name }

  /// Whether a bus by other settings would be the same, so that it may stay open.
  func isSame(as other: InverterSettings) -> Bool { settings.link == other.link }

  /// Takes over other settings for the same bus.
  ///
  /// - Returns: a log that is no longer wanted, to be let go of where waiting does no harm.
  func reconfigure(_ new: InverterSettings) -> AnyObject? {
    let before = settings
    settings = new
    guard new.trafficPath != before.trafficPath || new.traffic != before.traffic else { return nil }
    defer {
      link = bare
      frames = nil
      traffic = nil
      backoff = Backoff()
    }
    return frames
  }

  /// Begins the log of frames where one is wanted, again where it could not be begun before, and looks
  /// how it fares.
  func attachLog(_ log: Log, at now: Tick) {
    guard let path = settings.trafficPath else { return }
    if frames == nil, now >= backoff.due { begin(path, log, at: now) }
    guard let frames else { return }
    note(frames.fault == nil ? .running : .failing, frames.fault, at: now)
  }

  func close(_ reactor: Reactor) {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    link.close()
  }

  private func begin(_ path: String, _ log: Log, at now: Tick) {
    let part = name
    do throws(SystemError) {
      let begun = try CandumpLog(path: path) { log.write(.error, part, $0) }
      frames = begun
      link = LoggedFrameLink(bare, log: begun)
      backoff.started(at: now)
      if traffic?.fault != nil { log.write(.info, part, "\(path): frames are logged now") }
    } catch {
      backoff.failed(at: now)
      let fault = "\(path): frames are not logged: \(error)"
      if traffic?.fault != fault { log.write(.error, part, "\(fault); trying again") }
      note(.waiting, fault, at: now)
    }
  }

  private func note(_ state: PartView.State, _ fault: String?, at now: Tick) {
    var view = traffic ?? PartView(name: "traffic \(name)", since: now)
    if view.state != state { view.since = now }
    view.state = state
    view.fault = fault
    traffic = view
  }
}
