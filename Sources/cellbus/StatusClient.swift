// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Machine
import Quantities
import Text

/// Hears what a gateway says of itself on its Unix socket.
struct StatusClient: ~Copyable {
  private let path: String
  private let every: Int64
  private let wantsRejected: Bool
  private var socket: Descriptor?
  private var buffer: [UInt8] = []
  private var nextTry = Tick(.min)
  /// Why there is no connection; `nil` while there is one.
  private(set) var fault: String?

  init(path: String, every: Int64, wantsRejected: Bool = false) {
    self.path = path
    self.wantsRejected = wantsRejected
    self.every = every
  }

  /// What to wait on; `nil` without a connection.
  private(set) var descriptor: Int32?

  /// The whole lines that came since the last call.
  ///
  /// Connects when there is no connection, at most twice
  /// a second.
  mutating func lines(at now: Tick) -> [[UInt8]] {
    connect(at: now)
    var failure: String?
    switch socket {
    case nil: return []
    case .some(let socket):
      do throws(SystemError) {
        guard try waitReadable([socket.number], milliseconds: 0) else { return [] }
        let count = try socket.read(into: &buffer, limit: 1 << 20)
        if count == 0 { failure = "the gateway has ended the connection" }
      } catch {
        failure = "\(error)"
      }
    }
    if let failure {
      lose(failure, at: now)
      return []
    }
    var lines: [[UInt8]] = []
    var start = 0
    while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(Array(buffer[start..<end]))
      start = end + 1
    }
    buffer.removeFirst(start)
    return lines
  }

  private mutating func connect(at now: Tick) {
    guard descriptor == nil, now >= nextTry else { return }
    nextTry = now + 500
    do throws(SystemError) {
      let fresh = try UnixSocket.connect(path)
      try fresh.writeAll(Array("{\"every_ms\":\(every),\"rejected\":\(wantsRejected)}\n".utf8).span)
      descriptor = fresh.number
      socket = consume fresh
      buffer = []
      fault = nil
    } catch {
      fault = "\(path): \(error)"
    }
  }

  private mutating func lose(_ why: String, at now: Tick) {
    socket = nil
    descriptor = nil
    fault = "\(path): \(why)"
    nextTry = now + 500
  }

  /// The socket that a command line names: `--socket`, or the one of the settings of `--config`.
  static func path(_ parsed: Parsed) throws(CommandFailure) -> String {
    if let path = parsed.text(ifPresent: "socket") { return path }
    let config = try parsed.text("config")
    let (settings, _) = SettingsFile.read(try Console.read(config))
    guard let path = settings.status.socket else {
      throw CommandFailure(
        "\(config): status.socket is null: this gateway cannot be watched", .noInput)
    }
    return path
  }

  /// The options by which a command finds a running gateway.
  static let options: [Option] = [
    Option(
      "config", short: "c", "FILE", "the settings of the gateway to watch", default: "cellbus.json5"
    ),
    Option("socket", "PATH", "its status socket, instead of the one in the settings"),
  ]
}
