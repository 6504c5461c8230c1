// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

/// One inverter's bus, on the control thread.
final class Bus {
  /// The inverter that it leads to.
  private(set) var settings: InverterSettings
  /// The bus with the log of its frames, where one is written.
  let link: LoggedFrameLink
  var watch: Reactor.Watch?
  var reopening = Reopening()
  /// Frames that the bus did not take, since this was last said.
  var refused: UInt64 = 0
  /// The state of its controller, as it was last said.
  var state = CANHealth.State.active
  /// How the log of its frames fares; `nil` where none is to be written.
  private(set) var traffic: PartView?

  private var backoff = Backoff()

  init(_ settings: InverterSettings) {
    self.settings = settings
    link = LoggedFrameLink(settings.makeBus(), log: nil)
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
    guard new.frameLog != before.frameLog else { return nil }
    defer {
      link.log = nil
      traffic = nil
      backoff = Backoff()
    }
    return link.log
  }

  /// Begins the log of frames where one is wanted, again where it could not be begun before, and looks
  /// how it fares.
  func attachLog(_ log: Log, at now: Tick) {
    guard let traffic = settings.frameLog else { return }
    if link.log == nil, now >= backoff.due { begin(traffic, log, at: now) }
    guard let frames = link.log else { return }
    note(frames.fault == nil ? .running : .failing, frames.fault.map { "\($0)" }, at: now)
  }

  func close(_ reactor: Reactor) {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    link.close()
  }

  private func begin(_ file: TrafficSettings, _ log: Log, at now: Tick) {
    let part = name
    do throws(SystemError) {
      link.log = try CandumpLog(path: file.path, rotation: file.rotation) { news in
        log.write(news.isFault ? .error : .info, part, "the CAN log \(news)")
      }
      backoff.started(at: now)
    } catch {
      backoff.failed(at: now)
      let fault = "\(file.path): frames are not logged: \(error)"
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
