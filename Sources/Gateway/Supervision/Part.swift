// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// Why a part cannot start.
package struct PartFault: Error, CustomStringConvertible {
  /// One sentence: what, where, and the next step.
  package let description: String

  /// A reason in one sentence.
  package init(_ description: String) { self.description = description }
}

/// One part of the gateway: started, watched, started again.
///
/// What it meets is said once and not again until it has healed. It belongs to the supervisor's thread.
package final class Part {
  /// What is wrong with a part that was started.
  package enum Trouble {
    /// It cannot do its work, and goes on trying by itself.
    case failing(String)
    /// It is over and must be started again.
    case ended(String)
  }

  /// A part at work.
  package struct Work {
    /// What is wrong now; `nil` while nothing is.
    let check: () -> Trouble?
    /// Ends it.
    let stop: () -> Void

    /// How to watch and to end it.
    package init(check: @escaping () -> Trouble?, stop: @escaping () -> Void) {
      self.check = check
      self.stop = stop
    }
  }

  /// How it fares.
  package private(set) var view: PartView
  private let start: () throws(PartFault) -> Work
  private let log: (LogLevel, String) -> Void
  private var work: Work?
  private var backoff: Backoff
  private var hasRun = false
  /// What was said since it last worked.
  private var said: Set<String> = []

  /// A part that is not started yet.
  package init(
    _ name: String, backoff: Backoff = Backoff(), at now: Tick,
    log: @escaping (LogLevel, String) -> Void, start: @escaping () throws(PartFault) -> Work
  ) {
    view = PartView(name: name, since: now)
    view.state = .waiting
    self.backoff = backoff
    self.log = log
    self.start = start
  }

  /// Does what is due.
  ///
  /// - Returns: when to come back at the latest, to start it again.
  @discardableResult
  package func step(at now: Tick) -> Tick {
    if let work {
      watch(work, at: now)
    } else if now >= backoff.due {
      begin(at: now)
    }
    return backoff.due
  }

  /// Ends it; it is not started again.
  package func stop() {
    work?.stop()
    work = nil
  }

  private func begin(at now: Tick) {
    do throws(PartFault) {
      work = try start()
    } catch {
      backoff.failed(at: now)
      return note(.waiting, error.description, at: now)
    }
    backoff.started(at: now)
    if hasRun { view.restarts += 1 }
    hasRun = true
    note(.running, nil, at: now)
  }

  private func watch(_ work: Work, at now: Tick) {
    switch work.check() {
    case nil: note(.running, nil, at: now)
    case .failing(let reason): note(.failing, reason, at: now)
    case .ended(let reason):
      self.work = nil
      work.stop()
      backoff.failed(at: now)
      note(.waiting, reason, at: now)
    }
  }

  private func note(_ state: PartView.State, _ fault: String?, at now: Tick) {
    if let fault {
      if said.insert(fault).inserted { log(.error, "\(fault); trying again") }
    } else if !said.isEmpty {
      said.removeAll()
      log(.info, "works again after \(now - view.since) ms")
    }
    if view.state != state { view.since = now }
    view.state = state
    view.fault = fault
  }
}
