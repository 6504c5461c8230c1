// SPDX-License-Identifier: Apache-2.0
import Machine
import Quantities
import Simulation
import Synchronization

/// A simulated battery behind a serial server or a Modbus gateway, on a thread of its own, with the
/// faults that networks have.
final class TCPBattery: Sendable {
  /// How the server behaves.
  struct Ways: Sendable {
    /// Whether it listens; when it does not, its connections are gone, too.
    var isListening = true
    /// Whether it hangs up on whoever calls.
    var isTaken = false
    /// Whether the battery says nothing while the connection stays.
    var isSilent = false
    /// Whether other bytes come in place of the battery's.
    var isGarbage = false
    /// Milliseconds between two bytes.
    var pause: Int64 = 0
    /// So many bytes of what comes next, and then a reset; once.
    var cut: Int?
    /// Ends the thread.
    var isOver = false
  }

  /// What both threads see.
  private final class Shared: Sendable {
    let ways = Mutex(Ways())
    let calls = Atomic<Int>(0)
  }

  let port: UInt16
  private let shared = Shared()
  private let thread: DedicatedThread

  /// How often somebody has connected.
  var connections: Int { shared.calls.load(ordering: .relaxed) }

  init(isModbus: Bool) throws(SystemError) {
    let listener = try TCPListener()
    let port = listener.port
    self.port = port
    let shared = shared
    let first = Mutex<TCPListener?>(consume listener)
    thread = try DedicatedThread(name: "tcp battery") {
      var server = Server(port: port, isModbus: isModbus)
      server.listener = first.withLock { $0.take() }
      while true {
        let ways = shared.ways.withLock { ways in
          defer { ways.cut = nil }
          return ways
        }
        if ways.isOver { return }
        if server.turn(ways) { shared.calls.add(1, ordering: .relaxed) }
      }
    }
  }

  /// Behaves otherwise from now on.
  func change(_ body: (inout Ways) -> Void) { shared.ways.withLock { body(&$0) } }

  func close() {
    change { $0.isOver = true }
    thread.join()
  }
}

/// The server on its thread.
private struct Server: ~Copyable {
  let port: UInt16
  var listener: TCPListener?
  private var client: Descriptor?
  private var rig: Rig
  private var gateway: SimulatedModbusGateway?
  private var cut: Int?
  private var random = SeededRandom(seed: 7)

  init(port: UInt16, isModbus: Bool) {
    self.port = port
    rig = Rig(.demo, seed: 1, at: MonotonicClock.now())
    if isModbus { gateway = SimulatedModbusGateway() }
  }

  /// Does what can be done now, and waits a little.
  ///
  /// - Returns: whether somebody has connected.
  mutating func turn(_ ways: TCPBattery.Ways) -> Bool {
    if let count = ways.cut { cut = count }
    listen(ways.isListening)
    let isNew = welcome(ways)
    hear(ways)
    speak(ways)
    var watched: [Int32] = []
    if let number = listener?.descriptor { watched.append(number) }
    if let number = client?.number { watched.append(number) }
    _ = try? waitReadable(watched, milliseconds: 1)
    return isNew
  }

  private mutating func listen(_ wanted: Bool) {
    if !wanted {
      listener = nil
      hangUp()
    } else if listener == nil {
      listener = try? TCPListener(port: port)
    }
  }

  private mutating func hangUp() {
    client = nil
    gateway?.left(0)
  }

  private mutating func welcome(_ ways: TCPBattery.Ways) -> Bool {
    guard let fresh = listener?.accept() else { return false }
    hangUp()
    if !ways.isTaken { client = consume fresh }
    return true
  }

  private mutating func hear(_ ways: TCPBattery.Ways) {
    // Who called before the server was taken is not heard either.
    if ways.isTaken { return hangUp() }
    var bytes: [UInt8] = []
    guard let number = client?.number else { return }
    do throws(SystemError) {
      guard let count = try readAvailable(number, into: &bytes) else { return }
      if count == 0 { return hangUp() }
    } catch { return hangUp() }
    guard !ways.isSilent else { return }
    if gateway == nil {
      rig.serialReceived(bytes.span, at: MonotonicClock.now())
    } else {
      gateway?.received(bytes.span, from: 0)
    }
  }

  private mutating func speak(_ ways: TCPBattery.Ways) {
    let now = MonotonicClock.now()
    pass(now)
    while case .send(let bytes) = rig.serialNext(at: now) {
      if gateway == nil { send(bytes, ways) } else { gateway?.lineReceived(bytes.span) }
    }
    let replies = pass(now)
    for bytes in replies { send(bytes, ways) }
  }

  /// Lets the gateway do what it can.
  @discardableResult
  private mutating func pass(_ now: Tick) -> [[UInt8]] {
    var replies: [[UInt8]] = []
    while let step = gateway?.next(at: now) {
      switch step {
      case .line(let bytes): rig.serialReceived(bytes.span, at: now)
      case .reply(_, let bytes): replies.append(bytes)
      case .hangUp: hangUp()
      case .wait: return replies
      }
    }
    return replies
  }

  private mutating func send(_ bytes: [UInt8], _ ways: TCPBattery.Ways) {
    var bytes = bytes
    if ways.isGarbage { bytes = bytes.map { _ in UInt8(truncatingIfNeeded: random.below(256)) } }
    if let count = cut {
      cut = nil
      write(Array(bytes.prefix(count)))
      let old = client.take()
      old?.reset()
      return
    }
    guard ways.pause > 0 else { return write(bytes) }
    for byte in bytes {
      write([byte])
      _ = try? waitReadable([], milliseconds: Int32(ways.pause))
    }
  }

  private mutating func write(_ bytes: [UInt8]) {
    guard let number = client?.number else { return }
    _ = try? writeAvailable(number, bytes.span)
  }
}
