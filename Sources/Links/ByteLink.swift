// SPDX-License-Identifier: Apache-2.0

/// A line that carries bytes both ways, such as a serial port or a connection.
///
/// No call ever waits. It belongs to one thread. When it throws `vanished` it has closed itself;
/// `open` may be tried again at any time.
package protocol ByteLink: AnyObject {
  /// What people call it: "/dev/ttyUSB0".
  var name: String { get }

  /// What a reactor watches; `nil` when closed.
  var descriptor: Int32? { get }

  /// Whether it is open.
  var isOpen: Bool { get }

  /// Whether it carries: it is open, and whatever stands at its far end has been reached.
  ///
  /// A serial port is ready once it is open. A connection is not, and connects while `receive` is
  /// called, which until then answers 0; `send` throws `congested`.
  var isReady: Bool { get }

  /// What it has carried.
  var counters: LinkCounters { get }

  /// What the controller of a CAN bus has told; `nil` where there is no such bus, or none that tells.
  var health: CANHealth? { get }

  /// Whether a reactor should watch for room to write too: a message was taken whose end is not out
  /// yet.
  var hasUnsent: Bool { get }

  /// Opens the line and claims it for this link alone, or begins to; does nothing when it is open.
  ///
  /// What can only be found out by waiting is told by `receive`.
  func open() throws(LinkError)

  /// Appends what is there now; a bounded amount, so that a line that never ends cannot hold its
  /// reader.
  ///
  /// - Returns: How many bytes came; 0 when nothing is there now.
  func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int

  /// Sends a message; it is taken whole, or not at all and the call throws (`congested`).
  func send(_ bytes: [UInt8]) throws(LinkError)

  /// Closes; may be called again.
  func close()
}

extension ByteLink {
  package var health: CANHealth? { nil }
  package var hasUnsent: Bool { false }
  package var isOpen: Bool { descriptor != nil }
}
