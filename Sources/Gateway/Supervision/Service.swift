// SPDX-License-Identifier: Apache-2.0

import History
package import Machine
import Quantities

/// The whole gateway as one service: its parts, kept going, and the signals that it is told by.
///
/// It belongs to the main thread, which may wait for a disk: the control thread, and the threads that pet
/// watchdogs, owe it nothing.
package final class Service {
  /// How the service manager is told, where there is one.
  package struct Manager {
    /// Where it listens: NOTIFY_SOCKET.
    package var address: String
    /// Milliseconds after which its watchdog acts: WATCHDOG_USEC; `nil` where it has none.
    package var timeout: Int64?

    /// A manager and its watchdog.
    package init(address: String, timeout: Int64?) {
      self.address = address
      self.timeout = timeout
    }
  }

  /// The settings read anew, or all that is wrong with them.
  package enum Reading {
    /// Good settings, and what about them is worth a thought.
    case good(Settings, warnings: [String])
    /// Settings with mistakes.
    case bad([String])
  }

  /// How long a disk is waited for at the end, in milliseconds.
  static let patience = 1000

  private(set) var settings: Settings
  /// The number of the settings, counted from 0 for those of the start.
  private(set) var number: UInt64 = 0
  let log: Log
  let board = Board()
  let supervisor: Supervisor
  let desk: ControlDesk
  private let waker: Waker
  private let herald: Herald?
  private let read: () -> Reading
  var control: ControlLoop?
  let history = HistoryPart()
  /// Whether the control has begun anew, and its counters go on from what is stored by now.
  var needsHistory = false
  private var hadRelics = false

  /// A service that is not started yet; `read` reads the settings anew.
  package init(
    _ settings: Settings, log: Log, manager: Manager?, read: @escaping () -> Reading
  ) throws(SystemError) {
    self.settings = settings
    self.log = log
    self.read = read
    waker = try Waker()
    supervisor = Supervisor(board: board)
    let heraldWaker = try Waker()
    desk = ControlDesk(
      log: log, views: Mailbox(), pulse: Pulse(waker: heraldWaker), attic: Attic(), waker: waker)
    if let manager {
      herald = try Herald(
        address: manager.address, timeout: manager.timeout, pulse: desk.pulse, waker: heraldWaker)
    } else {
      herald = nil
    }
  }

  /// Runs until a signal ends it, and answers which.
  package func run(_ signals: Signals) throws(SystemError) -> Signal {
    startParts()
    var next = MonotonicClock.now()
    while true {
      let wait = Int32(clamping: max(0, next - MonotonicClock.now()))
      _ = try waitReadable([signals.descriptor, waker.descriptor], milliseconds: wait)
      waker.clear()
      while let signal = signals.next() {
        guard signal == .hangup else { return signal }
        reload()
      }
      next = supervisor.step(at: MonotonicClock.now())
      if needsHistory { restartHistory(at: MonotonicClock.now()) }
      clearAttic()
    }
  }

  /// Ends everything: the control first, and what waits for a disk last.
  package func stop(_ how: ControlLoop.Ending) {
    herald?.tellStopping()
    control?.stop(how)
    supervisor.stop()
    desk.attic.clear(waitMilliseconds: Self.patience)
    herald?.close()
  }

  /// Reads the settings anew and goes on with them where they hold.
  private func reload() {
    herald?.tellReloading()
    let now = MonotonicClock.now()
    switch read() {
    case .bad(let problems):
      for problem in problems { log.write(.error, "gateway", problem) }
      log.write(.error, "gateway", "settings not taken over; everything goes on as before")
      board.reload = ReloadView(at: now, problems: problems)
    case .good(let new, let warnings):
      for warning in warnings { log.write(.warning, "gateway", warning) }
      let changes = settings.changes(to: new)
      log.write(
        .info, "gateway",
        changes.isEmpty
          ? "settings read anew; nothing is different"
          : "settings taken over: \(changes.joined(separator: ", "))")
      if !changes.isEmpty { change(to: new, at: now) }
      board.reload = ReloadView(at: now, changes: changes)
    }
    herald?.tellReady(settings: number)
  }

  private func change(to new: Settings, at now: Tick) {
    let old = settings
    settings = new
    number += 1
    // Before the settings: no new battery may take counters from a writer that knows old ones only.
    if new.hasOtherHistory(than: old) { control?.change(to: HistoryWriter?.none) }
    control?.change(to: new, number: number)
    changeParts(from: old, at: now)
  }

  /// Lets go of what the control thread left one round ago.
  private func clearAttic() {
    if hadRelics { desk.attic.clear(waitMilliseconds: 0) }
    hadRelics = !desk.attic.isEmpty
  }
}
