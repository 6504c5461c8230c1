// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

/// The least that any program can need: a thread that waits on one pty for as many bytes as a live block
/// has and at once writes as many as a frame has to another.
final class Echo {
  private static let question = [UInt8](repeating: 0x55, count: 113)
  private static let answer = [UInt8](repeating: 0x56, count: 22)

  /// When `step` has something to do.
  private(set) var due = Tick.never
  private let input: Pty
  private let output: Pty
  private let thread: DedicatedThread
  private var sentAt: Int64?
  private var received: [UInt8] = []

  init() throws(SystemError) {
    do throws(PtyError) {
      input = try Pty()
      output = try Pty()
    } catch {
      guard case .system(_, let error) = error else { throw SystemError(17) }
      throw error
    }
    thread = try Self.start(input.path, output.path)
  }

  deinit {
    input.close()
    output.close()
    thread.join()
  }

  /// What to watch for answers.
  var answers: Int32 { output.descriptor ?? -1 }

  /// Sends all but the last byte of a question.
  func send() {
    received.removeAll()
    _ = try? input.send(Array(Self.question.dropLast()))
    due = MonotonicClock.now() + 5
  }

  /// Sends the last byte when it is time.
  func step(at now: Tick) {
    guard now >= due else { return }
    due = .never
    sentAt = MonotonicClock.nanoseconds()
    _ = try? input.send([0x55])
  }

  /// Takes what was answered: microseconds since the last byte of the question, once.
  func receive() -> Double? {
    guard let count = try? output.receive(into: &received), count > 0 else { return nil }
    let now = MonotonicClock.nanoseconds()
    guard let sent = sentAt else { return nil }
    sentAt = nil
    return Double(now - sent) / 1000
  }

  private static func start(_ from: String, _ to: String) throws(SystemError) -> DedicatedThread {
    try DedicatedThread(name: "echo") { serve(from, to) }
  }

  /// Until the lines hang up.
  private static func serve(_ from: String, _ to: String) {
    // As the gateway's control thread does.
    Urgency.claim()
    let input = SerialLink(path: from, baud: 115_200)
    let output = SerialLink(path: to, baud: 115_200)
    do {
      try input.open()
      try output.open()
      var bytes: [UInt8] = []
      while let descriptor = input.descriptor {
        _ = try waitReadable([descriptor], milliseconds: -1)
        _ = try input.receive(into: &bytes)
        guard bytes.count >= Self.question.count else { continue }
        bytes.removeAll(keepingCapacity: true)
        try output.send(Self.answer)
      }
    } catch {
      // The other end has gone: there is nobody left to tell.
    }
  }
}
