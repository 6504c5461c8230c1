// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// A line with a battery on it, held by this program alone.
struct BatteryPort {
  let link: any ByteLink
  /// What the line is.
  let settings: ByteLinkSettings

  /// Opens the line that a command line names, to a battery of this language.
  init(_ parsed: Parsed, _ dialect: Dialect = .tinyBMS) throws(CommandFailure) {
    settings = try BatteryLine.settings(parsed, of: dialect)
    link = try BatteryLine.open(settings, for: dialect)
  }

  /// A map of settings as this line can carry it.
  func carried(_ map: SettingsMap) throws(CommandFailure) -> SettingsMap {
    guard settings.isModbusOnly else { return map }
    guard let other = map.overModbus else {
      throw CommandFailure(
        "\(link.name): the settings of a \(map.language.title) cannot be read over Modbus TCP",
        .unavailable, hint: "Use a serial port, or a serial server that passes bytes on.")
    }
    return other
  }

  /// Refuses an order that this line cannot carry, before anybody is asked whether to give it.
  func check(_ command: TinyBMS.Command) throws(CommandFailure) {
    guard settings.isModbusOnly, !ModbusTCP.isRequest(command.encode().span) else { return }
    throw CommandFailure(
      "\(link.name): a Modbus gateway cannot carry command \(Hex.byte(command.code)), which is "
        + "the maker's own", .unavailable,
      hint: "Use a serial port, or a serial server that passes bytes on.")
  }

  /// Carries a job to its end and gives its last step.
  ///
  /// A signal ends it as soon as the battery is whole; until then it is only told.
  func run(
    _ job: inout SettingsJob, until signals: Signals? = nil,
    _ tell: (SettingsProgress) -> Void = { _ in }
  ) -> SettingsJob.Step {
    job.linkDelay = settings.delay
    var isGone = false
    while true {
      if signals?.next() != nil, !job.interrupt() {
        Console.complain("ends by itself as soon as the battery's settings are whole")
      }
      let step = job.next(at: MonotonicClock.now())
      switch step {
      case .send(let bytes):
        do throws(LinkError) { try link.send(bytes) } catch {
          isGone = true
          job.linkLost()
        }
      case .progress(let progress): tell(progress)
      case .wait(let until):
        if isGone {
          guard isBack(until) else { continue }
          isGone = false
          job.linkReturned(at: MonotonicClock.now())
        } else if let bytes = receive(until: until) {
          job.received(bytes.span, at: MonotonicClock.now())
        } else {
          isGone = true
          job.linkLost()
        }
      case .surveyed, .ended, .failed: return step
      }
    }
  }

  /// Carries an order to its end and gives its last step.
  func run(_ job: inout ControlJob) -> ControlJob.Step {
    job.linkDelay = settings.delay
    var isGone = false
    while true {
      let step = job.next(at: MonotonicClock.now())
      switch step {
      case .send(let bytes):
        do throws(LinkError) { try link.send(bytes) } catch {
          isGone = true
          job.linkLost()
        }
      case .wait(let until):
        if isGone {
          guard isBack(until) else { continue }
          isGone = false
          job.linkReturned(at: MonotonicClock.now())
        } else if let bytes = receive(until: until) {
          job.received(bytes.span, at: MonotonicClock.now())
        } else {
          isGone = true
          job.linkLost()
        }
      case .looked, .ended: return step
      }
    }
  }

  /// Tries to open a lost link again, once; whether it is there.
  private func isBack(_ until: Tick) -> Bool {
    link.close()
    do throws(LinkError) {
      try link.open()
      return true
    } catch {
      let pause = max(1, min(500, until - MonotonicClock.now()))
      do throws(SystemError) { _ = try waitReadable([], milliseconds: Int32(pause)) } catch {}
      return false
    }
  }

  /// Asks for something once and gives the checked answer.
  func ask(_ command: TinyBMS.Command, patience: Int64 = 8000) throws(CommandFailure)
    -> TinyBMS.Reply
  {
    try check(command)
    var session = Session(try carried(.tinyBMS).language)
    session.linkDelay = settings.delay
    let start = MonotonicClock.now()
    session.linkOpened(at: start)
    session.enqueue(command.request)
    var fault: Fault?
    while MonotonicClock.now() - start < patience {
      switch session.next(at: MonotonicClock.now()) {
      case .send(let bytes):
        do throws(LinkError) { try link.send(bytes) } catch {
          throw CommandFailure("\(error)", .unavailable)
        }
      case .reading: break
      case .answered(_, let frame):
        do throws(WireError) { return try TinyBMS.Reply(frame.span, to: command) } catch {
          throw CommandFailure("\(link.name): \(error)", .inputOutput)
        }
      case .fault(.refused(let code, let reason)) where code == command.code:
        throw CommandFailure(
          "\(link.name): \(Fault.refused(command: code, code: reason))", .failed)
      case .fault(let new): fault = new
      case .wait(let until):
        guard let bytes = receive(until: until) else {
          throw CommandFailure("\(LinkError.vanished(path: link.name))", .unavailable)
        }
        session.received(bytes.span, at: MonotonicClock.now())
      }
    }
    throw CommandFailure(
      "\(link.name): \(fault.map { "\($0)" } ?? "no answer from a TinyBMS")", .unavailable)
  }

  /// What comes before a moment, empty when nothing does; `nil` when the port is gone.
  private func receive(until: Tick) -> [UInt8]? {
    guard let descriptor = link.descriptor else { return nil }
    var bytes: [UInt8] = []
    let wait = Int32(max(1, min(1000, until - MonotonicClock.now())))
    do throws(SystemError) {
      guard try waitReadable([descriptor], milliseconds: wait) else { return bytes }
    } catch { return nil }
    do throws(LinkError) { _ = try link.receive(into: &bytes) } catch { return nil }
    return bytes
  }
}
