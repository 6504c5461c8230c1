// SPDX-License-Identifier: Apache-2.0

import Dialects
import Links
import Machine
import Quantities
import Text
import Wire

/// A serial port with a battery on it, held by this program alone.
struct BatteryPort {
  /// The options that name the port.
  static let options: [Option] = [
    Option("port", short: "p", "PATH", "the serial port, such as /dev/ttyUSB0", isRequired: true),
    baud,
  ]
  /// The speed of the port.
  static let baud = Option(
    "baud", "N", "bits per second", .integer(50...4_000_000), default: "115200")

  let link: SerialLink

  /// Opens the port that a command line names.
  init(_ parsed: Parsed) throws(CommandFailure) {
    guard let path = parsed.text(ifPresent: "port") else {
      throw CommandFailure("option --port PATH is missing", .usage)
    }
    link = SerialLink(path: path, baud: UInt32(try parsed.number("baud")))
    do throws(LinkError) { try link.open() } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
  }

  /// Carries a job to its end and gives its last step.
  func run(
    _ job: inout SettingsJob, _ tell: (SettingsProgress) -> Void = { _ in }
  ) -> SettingsJob.Step {
    while true {
      let step = job.next(at: MonotonicClock.now())
      switch step {
      case .send(let bytes):
        do throws(LinkError) { try link.send(bytes) } catch { job.linkLost() }
      case .progress(let progress): tell(progress)
      case .wait(let until):
        if let bytes = receive(until: until) {
          job.received(bytes.span, at: MonotonicClock.now())
        } else {
          job.linkLost()
        }
      case .surveyed, .ended, .failed: return step
      }
    }
  }

  /// Asks for something once and gives the checked answer.
  func ask(_ command: TinyBMS.Command, patience: Int64 = 8000) throws(CommandFailure)
    -> TinyBMS.Reply
  {
    var session = Session(SettingsMap.tinyBMS.language)
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
