// SPDX-License-Identifier: Apache-2.0

import History
import Machine
import Quantities

extension Service {
  /// Starts everything, the control first: nothing slow may stand before it.
  func startParts() {
    let now = MonotonicClock.now()
    supervisor.add(controlPart(at: now), at: now)
    if settings.history.path != nil { supervisor.add(historyPart(at: now), at: now) }
    if settings.status.socket != nil { supervisor.add(statusPart(at: now), at: now) }
    if settings.watchdog.device != nil { supervisor.add(watchdogPart(at: now), at: now) }
    supervisor.add(logPart(at: now), at: now)
  }

  /// Starts anew what other settings change, and nothing else.
  func changeParts(from old: Settings, at now: Tick) {
    if settings.hasOtherHistory(than: old) { restartHistory(at: now) }
    if settings.status != old.status {
      supervisor.remove("status")
      if settings.status.socket != nil { supervisor.add(statusPart(at: now), at: now) }
    }
    if settings.watchdog != old.watchdog {
      supervisor.remove("watchdog")
      if settings.watchdog.device != nil { supervisor.add(watchdogPart(at: now), at: now) }
    }
    if settings.log != old.log { log.configure(settings.log) }
  }

  /// Ends the history and begins it anew, where one is kept.
  func restartHistory(at now: Tick) {
    needsHistory = false
    supervisor.remove("history")
    if settings.history.path != nil { supervisor.add(historyPart(at: now), at: now) }
  }

  private func part(
    _ name: String, backoff: Backoff = Backoff(), at now: Tick,
    start: @escaping () throws(PartFault) -> Part.Work
  ) -> Part {
    let log = log
    return Part(name, backoff: backoff, at: now, log: { log.write($0, name, $1) }, start: start)
  }

  /// The control of all batteries; its outputs wait for nothing longer than a second.
  private func controlPart(at now: Tick) -> Part {
    part("control", backoff: Backoff(first: 125, longest: 1000), at: now) {
      [unowned self] () throws(PartFault) in
      do throws(SystemError) {
        let loop = try ControlLoop(settings, number: number, desk: desk)
        needsHistory = control != nil
        control = loop
        if !needsHistory { loop.change(to: history.writer) }
        return Part.Work(
          check: { loop.fault.map { .ended("\($0)") } },
          stop: { loop.stop(.restart) })
      } catch {
        throw PartFault("\(error)")
      }
    }
  }

  private func historyPart(at now: Tick) -> Part {
    part("history", at: now) { [unowned self] () throws(PartFault) in
      let writer = try history.start(settings)
      control?.change(to: writer)
      return Part.Work(
        check: { [history] in history.fault.map { .failing($0) } },
        stop: { [history, log] in
          if !history.stop() {
            log.write(.error, "history", "the disk does not answer; the last second may be missing")
          }
        })
    }
  }

  private func statusPart(at now: Tick) -> Part {
    let path = settings.status.socket ?? ""
    return part("status", at: now) { [unowned self] () throws(PartFault) in
      do throws(SystemError) {
        let server = try StatusServer(path: path, mailbox: desk.views, board: board)
        return Part.Work(
          check: { server.fault.map { .ended("\(path): \($0)") } }, stop: { server.close() })
      } catch {
        throw PartFault("\(path): \(error); cellbus monitor cannot watch this gateway")
      }
    }
  }

  private func watchdogPart(at now: Tick) -> Part {
    let (path, timeout) = (settings.watchdog.device ?? "", settings.watchdog.timeout)
    return part("watchdog", at: now) { [unowned self] () throws(PartFault) in
      do throws(SystemError) {
        let petting = try Petting(path: path, timeout: timeout, pulse: desk.pulse, log: log)
        return Part.Work(
          check: { petting.fault.map { .failing($0) } }, stop: { petting.close() })
      } catch {
        throw PartFault("\(path): \(error); the machine is not guarded")
      }
    }
  }

  private func logPart(at now: Tick) -> Part {
    part("log", at: now) { [log] () throws(PartFault) in
      var seen = log.drops
      return Part.Work(
        check: {
          defer { seen = log.drops }
          return log.drops > seen ? .failing("lines find no room: nobody takes them") : nil
        }, stop: {})
    }
  }
}
