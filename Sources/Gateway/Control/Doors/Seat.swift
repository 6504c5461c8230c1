// SPDX-License-Identifier: Apache-2.0

import Links

/// One battery's place on a line that several share: to its lane a link like any other.
final class Seat: ByteLink {
  let line: SharedLine
  let number: Int
  /// Whether it only hears, and hears everything.
  let isListening: Bool
  private(set) var isOpen = false
  private(set) var counters = LinkCounters()
  /// Tells the lane that something has come, or that the line is gone.
  var arrived: () -> Void = {}
  /// Tells the lane that it is its turn.
  var called: () -> Void = {}
  private var inbox: [UInt8] = []
  private var fault: LinkError?

  init(_ line: SharedLine, number: Int, isListening: Bool) {
    self.line = line
    self.number = number
    self.isListening = isListening
  }

  var name: String { line.link.name }
  /// The line itself is watched, by its owner.
  var descriptor: Int32? { nil }
  var isReady: Bool { isOpen && fault == nil && line.link.isReady }

  func open() throws(LinkError) {
    guard !isOpen else { return }
    inbox = []
    fault = nil
    do throws(LinkError) {
      try line.open(self)
    } catch {
      counters.errors += 1
      throw error
    }
    isOpen = true
    counters.opens += 1
  }

  func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    if !inbox.isEmpty {
      let count = inbox.count
      buffer += inbox
      inbox.removeAll(keepingCapacity: true)
      counters.bytesIn += UInt64(count)
      return count
    }
    if let fault {
      counters.errors += 1
      isOpen = false
      self.fault = nil
      throw fault
    }
    guard isOpen else { throw .closed(path: name) }
    return 0
  }

  func send(_ bytes: [UInt8]) throws(LinkError) {
    guard isOpen else { throw .closed(path: name) }
    try line.send(bytes, from: self)
    counters.bytesOut += UInt64(bytes.count)
  }

  func close() {
    inbox = []
    fault = nil
    guard isOpen else { return }
    isOpen = false
    line.leave(self)
  }

  /// Bytes that are for this battery.
  func take(_ bytes: [UInt8]) {
    inbox += bytes
    arrived()
  }

  /// The line is gone.
  func fail(_ error: LinkError) {
    fault = error
    arrived()
  }
}
