// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Machine
import Quantities
import Text

/// `cellbus monitor`: the live view of a running gateway.
enum MonitorCommand {
  static let command = Command(
    "monitor", "show a running gateway live",
    discussion: """
      Cells as bars, limits with their reasons, alarms and the health of every link. Tab shows the next \
      bank or battery, q ends. The view goes on by itself when the gateway is started again.
      """,
    options: StatusClient.options + [
      Option("every", "TIME", "how often to draw", .duration(50...60_000), default: "250ms"),
      Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
      Option(flag: "json", "print one JSON object a line instead"),
      Option(flag: "once", "print the view once and end"),
    ],
    examples: [
      Command.Example("cellbus monitor", "watch the gateway of ./cellbus.json5"),
      Command.Example("cellbus monitor --json --every 5s", "feed another program"),
    ],
    exitCodes: [.ok, .usage, .noInput, .unavailable],
    run: { parsed throws(CommandFailure) in
      let once = parsed.flag("once")
      return try watch(
        try StatusClient.path(parsed), every: try parsed.number("every"),
        limit: parsed.number(ifPresent: "for"),
        as: parsed.flag("json") ? .json(once: once) : once ? .text : .screen)
    })

  /// How the view is shown.
  enum Form {
    /// On the whole terminal, again and again.
    case screen
    /// Once, as lines.
    case text
    /// One line for people, again and again.
    case lines
    /// One JSON object a line, once or again and again.
    case json(once: Bool)
  }

  /// Watches the gateway on a socket until the user, the time or the form ends it.
  static func watch(_ path: String, every: Int64, limit: Int64?, as form: Form)
    throws(CommandFailure) -> ExitCode
  {
    do throws(SystemError) {
      let signals = try Signals([.interrupt, .terminate, .hangup, .resize])
      var watch = Watch(
        client: StatusClient(path: path, every: every), signals: signals, limit: limit)
      switch form {
      case .screen: return try watch.draw()
      case .text:
        return try watch.first {
          StatusScreen(width: Console.size.columns, height: 200, style: Console.style).lines($0)
            .joined(separator: "\n")
        }
      case .lines: return try watch.narrate()
      case .json(true): return try watch.first { $0.text() }
      case .json(false): return try watch.relay()
      }
    } catch {
      throw CommandFailure("\(path): \(error)", .unavailable)
    }
  }
}

/// One watching of a gateway.
private struct Watch: ~Copyable {
  private var client: StatusClient
  private let signals: Signals
  private let end: Tick

  init(client: consuming StatusClient, signals: Signals, limit: Int64?) {
    self.client = client
    self.signals = signals
    end = limit.map { MonotonicClock.now() + $0 } ?? .never
  }

  /// Waits for something, at most a little.
  ///
  /// - Returns: `false` when it is time to end.
  private func wait(_ keyboard: Int32?) throws(SystemError) -> Bool {
    let now = MonotonicClock.now()
    guard now < end else { return false }
    let descriptors = [signals.descriptor, client.descriptor, keyboard].compactMap(\.self)
    _ = try waitReadable(descriptors, milliseconds: Int32(min(250, end - now)))
    while let signal = signals.next() {
      if signal != .resize { return false }
    }
    return true
  }

  mutating func draw() throws(SystemError) -> ExitCode {
    let terminal = Terminal()
    defer { terminal.restore() }
    var view = JSONValue.null
    var battery = 0
    var heard = MonotonicClock.now()
    while true {
      let now = MonotonicClock.now()
      if let line = client.lines(at: now).last, let newest = try? JSON5Reader.read(line, as: .json)
      {
        view = newest
        heard = now
      }
      let size = Console.size
      let screen = StatusScreen(width: size.columns, height: size.rows - 1, style: Console.style)
      var lines = screen.lines(view, battery: battery, silence: now - heard)
      if let fault = client.fault {
        lines = [screen.style.red(fault)] + lines.prefix(size.rows - 2)
      }
      terminal.draw(lines + [screen.style.dim("q ends")])
      guard try wait(terminal.descriptor) else { return .ok }
      while let key = terminal.key() {
        switch key {
        case UInt8(ascii: "q"), 3, 4: return .ok
        case UInt8(ascii: "\t"):
          battery = (battery + 1) % max(1, StatusScreen.shown(view).count)
        default: break
        }
      }
    }
  }

  mutating func first(_ text: (JSONValue) -> String) throws(SystemError) -> ExitCode {
    let patience = MonotonicClock.now() + 5000
    while MonotonicClock.now() < patience {
      for line in client.lines(at: MonotonicClock.now()) {
        guard let view = try? JSON5Reader.read(line, as: .json),
          view["batteries"]?.array?.isEmpty == false
        else { continue }
        Console.print(text(view))
        return .ok
      }
      guard try wait(nil) else { break }
    }
    Console.complain("cellbus: \(client.fault ?? "the gateway says nothing"); is it running?")
    return .unavailable
  }

  mutating func narrate() throws(SystemError) -> ExitCode {
    while true {
      for line in client.lines(at: MonotonicClock.now()) {
        guard let view = try? JSON5Reader.read(line, as: .json) else { continue }
        for battery in StatusScreen.shown(view) {
          Console.print(StatusScreen.line(of: battery))
        }
      }
      guard try wait(nil) else { return .ok }
    }
  }

  mutating func relay() throws(SystemError) -> ExitCode {
    var isHeard = false
    while true {
      for line in client.lines(at: MonotonicClock.now()) {
        isHeard = true
        Console.print(line + [UInt8(ascii: "\n")])
      }
      if !isHeard, let fault = client.fault {
        Console.complain("cellbus: \(fault); is the gateway running?")
        return .unavailable
      }
      guard try wait(nil) else { return .ok }
    }
  }
}
