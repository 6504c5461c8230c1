// SPDX-License-Identifier: Apache-2.0
import CLinux
import Machine
import Synchronization

/// The addresses of a host, looked up on a thread of its own: a name server may take as long as it
/// likes, the control thread does not wait for it.
final class HostLookup: Sendable {
  /// The most addresses of one host that are tried.
  static let most = 8

  private struct State {
    var isRunning = false
    var newest: [clinux_address] = []
  }

  private let host: String
  private let port: UInt16
  private let state = Mutex(State())
  /// Used when a lookup has ended, whatever came of it.
  let waker: Waker

  init(host: String, port: UInt16) throws(SystemError) {
    self.host = host
    self.port = port
    waker = try Waker()
  }

  /// Whether a lookup is under way.
  var isRunning: Bool { state.withLock { $0.isRunning } }

  /// What the last successful lookup found; a name server that is down does not make it forgotten.
  var newest: [clinux_address] { state.withLock { $0.newest } }

  /// Looks the host up, unless that is under way already.
  func start() throws(SystemError) {
    let isNew = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isNew else { return }
    waker.clear()
    do throws(SystemError) {
      _ = try DedicatedThread(name: "name lookup") { [self] in
        let found = Self.resolve(host, port, isLiteral: false)
        state.withLock { state in
          if !found.isEmpty { state.newest = found }
          state.isRunning = false
        }
        waker.wake()
      }
    } catch {
      state.withLock { $0.isRunning = false }
      throw error
    }
  }

  /// The address that a host is, where it is one and no name; never waits.
  static func literal(_ host: String, _ port: UInt16) -> [clinux_address] {
    resolve(host, port, isLiteral: true)
  }

  private static func resolve(_ host: String, _ port: UInt16, isLiteral: Bool) -> [clinux_address] {
    var found = [clinux_address](repeating: clinux_address(), count: most)
    let count = unsafe clinux_tcp_resolve(host, port, isLiteral ? 1 : 0, &found, Int32(most))
    return Array(found.prefix(Int(max(0, count))))
  }
}
