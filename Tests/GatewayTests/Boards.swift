// SPDX-License-Identifier: Apache-2.0
import Machine
import Synchronization
import TestKit
import Wire

/// Daly boards on one pseudo-terminal, on a thread of their own: on a serial line, or on a bus behind a
/// serial-line CAN adapter.
final class Boards: Sendable {
  /// The boards and how their line behaves.
  struct Ways: Sendable {
    var boards: [DalyBoard]
    /// Whether the line is a bus behind an adapter.
    var isBus = false
    /// Frames that others send on the bus; each goes out once.
    var strangers: [CANFrame] = []
    /// Whether the adapter sends back what it is given.
    var echoes = false
    /// Whether another host asks the boards, one after the other.
    var isLed = false
    /// Whether the cable is pulled.
    var isUnplugged = false
    /// Whether the line is there.
    fileprivate(set) var isReady = false
    /// All that was sent to the line.
    fileprivate(set) var heard: [UInt8] = []
    /// Ends the thread.
    fileprivate var isOver = false
  }

  private final class Shared: Sendable {
    let ways: Mutex<Ways>
    init(_ ways: Ways) { self.ways = Mutex(ways) }
  }

  let path: String
  private let shared: Shared
  private let thread: DedicatedThread

  init(_ boards: [DalyBoard], at path: String, isBus: Bool = false) throws(SystemError) {
    let shared = Shared(Ways(boards: boards, isBus: isBus))
    self.path = path
    self.shared = shared
    thread = try DedicatedThread(name: "boards") {
      var line = BoardLine(path: path)
      while !shared.ways.withLock({ $0.isOver }) {
        let came = line.receive()
        let answers = shared.ways.withLock { line.turn(&$0, came) }
        line.send(answers)
      }
    }
    _ = waitUntil { self.ways.isReady }
  }

  var ways: Ways { shared.ways.withLock { $0 } }

  /// Behaves otherwise from now on.
  func change(_ body: (inout Ways) -> Void) { shared.ways.withLock { body(&$0) } }

  func close() {
    change { $0.isOver = true }
    thread.join()
  }
}

/// The line on its thread.
private struct BoardLine {
  let path: String
  private var pty: Pty?
  private var codec = SLCAN()
  private var request: [UInt8] = []
  /// What the other host asks next.
  private var step = 0

  init(path: String) { self.path = path }

  /// What came within a moment.
  mutating func receive() -> [UInt8] {
    var bytes: [UInt8] = []
    let descriptors = [pty?.descriptor].compactMap(\.self)
    _ = try? waitReadable(descriptors, milliseconds: 2)
    _ = try? pty?.receive(into: &bytes)
    return bytes
  }

  mutating func send(_ bytes: [UInt8]) {
    if !bytes.isEmpty { _ = try? pty?.send(bytes) }
  }

  /// What is said to these bytes.
  mutating func turn(_ ways: inout Boards.Ways, _ came: [UInt8]) -> [UInt8] {
    if ways.isUnplugged {
      pty?.close()
      pty = nil
    } else if pty == nil {
      pty = try? Pty(link: path)
    }
    ways.isReady = pty != nil
    ways.heard += came
    return ways.isBus ? frames(&ways, came) : serial(&ways, came)
  }

  private mutating func serial(_ ways: inout Boards.Ways, _ came: [UInt8]) -> [UInt8] {
    request += came
    var said: [UInt8] = []
    if ways.isLed { said += lead(&ways) }
    while request.count >= 13 {
      let whole = request.prefix(13)
      request.removeFirst(13)
      for index in ways.boards.indices { said += ways.boards[index].answer(whole) }
    }
    return said
  }

  /// A question of another host, with its answer.
  private mutating func lead(_ ways: inout Boards.Ways) -> [UInt8] {
    let commands: [UInt8] = [0x94, 0x90, 0x93, 0x95, 0x96, 0x97, 0x98]
    let board = step / commands.count % ways.boards.count
    var question: [UInt8] = [0xA5, 0x3F + ways.boards[board].number]
    question += [commands[step % commands.count], 8, 0, 0, 0, 0, 0, 0, 0, 0]
    question.append(question.reduce(0, &+))
    step += 1
    return question + ways.boards[board].answer(question)
  }

  private mutating func frames(_ ways: inout Boards.Ways, _ came: [UInt8]) -> [UInt8] {
    var frames = ways.strangers
    ways.strangers = []
    for frame in codec.feed(came.span) {
      if ways.echoes { frames.append(frame) }
      for index in ways.boards.indices { frames += ways.boards[index].answer(frame) }
    }
    return frames.flatMap(SLCAN.encode)
  }
}
