// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities
import Text

/// A recording that speaks as its battery on a pseudo-terminal.
struct ServedRecording {
  private let link: ReplayLink

  init(_ paths: [String], pace: ReplayLink.Pace) { link = ReplayLink(paths: paths, pace: pace) }

  /// Serves until the time is over or a signal comes.
  func run(
    at path: String, for time: Int64?, isJSON: Bool
  ) throws(CommandFailure) -> ExitCode {
    do throws(LinkError) { try link.open() } catch { throw CommandFailure("\(error)", .noInput) }
    let pty: Pty
    do throws(PtyError) { pty = try Pty(link: path) } catch {
      throw CommandFailure("\(error)", .cannotCreate)
    }
    let signals = try Console.endings()
    Console.complain("cellbus: \(link.name) speaks on \(path)")
    let end = time.map { MonotonicClock.now() + $0 } ?? .never
    do throws(LinkError) {
      while signals.next() == nil, MonotonicClock.now() < end {
        let wait = min(1000, max(1, end - MonotonicClock.now()))
        let descriptors = [pty.descriptor, link.descriptor, signals.descriptor].compactMap { $0 }
        guard try link.waitReadable(descriptors, milliseconds: wait) else { continue }
        try carry(pty)
      }
    } catch .vanished {
      Console.complain("cellbus: \(link.name): at its end")
    } catch {
      throw CommandFailure("\(error)", .unavailable)
    }
    let unit = link.unit
    Console.print(isJSON ? json(unit) : text(unit), terminator: isJSON ? "\n" : "")
    return .ok
  }

  /// Carries bytes both ways.
  private func carry(_ pty: Pty) throws(LinkError) {
    var asked: [UInt8] = []
    // The near end is kept open here, so that only a fault of the system is refused.
    if let count = try? pty.receive(into: &asked), count > 0 { try link.send(asked) }
    var told: [UInt8] = []
    while try link.receive(into: &told) > 0 {}
    // What nobody reads is lost, as on a wire.
    if !told.isEmpty { _ = try? pty.send(told) }
  }

  private func text(_ unit: RecordedUnit?) -> String {
    let answered = unit?.answered ?? 0
    var text = "\(answered) \(answered == 1 ? "question" : "questions") answered\n"
    for question in unit?.unanswered ?? [] {
      text += "not in the recording, \(question.count) times: \(hex(question.bytes))\n"
    }
    return text
  }

  private func json(_ unit: RecordedUnit?) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("answered", unit?.answered ?? 0)
      writer.array("not_recorded") { writer in
        for question in unit?.unanswered ?? [] {
          writer.object { writer in
            writer.field("request_hex", hex(question.bytes))
            writer.field("count", question.count)
          }
        }
      }
    }
    return writer.text
  }
}
