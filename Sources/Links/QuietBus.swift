// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A bus with nobody on it: takes every frame and hears none.
///
/// Behind a log it turns a gateway into a writer of a file.
package final class QuietBus: FrameLink {
  /// What people call it.
  package let name: String
  package private(set) var counters = LinkCounters()
  package var health: CANHealth? { nil }
  /// There is nothing to wait for.
  package var descriptor: Int32? { nil }
  /// Whether it is open.
  package private(set) var isOpen = false

  /// A bus that is not open yet.
  package init(name: String) { self.name = name }

  package func open() {
    guard !isOpen else { return }
    isOpen = true
    counters.opens += 1
  }

  package func receive() -> CANFrame? { nil }

  package func send(_ frame: CANFrame) throws(LinkError) {
    guard isOpen else { throw .closed(path: name) }
    counters.framesOut += 1
  }

  package func close() { isOpen = false }
}
