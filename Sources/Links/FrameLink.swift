// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A CAN bus, or something that stands for one.
///
/// No call ever waits. It belongs to one thread. When it throws `vanished` it has closed itself;
/// `open` may be tried again at any time. Frames sent here do not come back.
package protocol FrameLink: AnyObject {
  /// What people call it: "can0".
  var name: String { get }

  /// What a reactor watches; `nil` when closed, or when nothing can ever come.
  ///
  /// When it is readable, call `receive` until it answers `nil`: frames may be there already that
  /// the kernel no longer tells of.
  var descriptor: Int32? { get }

  /// Whether it is open.
  var isOpen: Bool { get }

  /// What it has carried.
  var counters: LinkCounters { get }

  /// What the controller has told of its bus; `nil` where there is none that tells.
  var health: CANHealth? { get }

  /// Whether a reactor should watch for room to write too: a frame was taken whose end is not out
  /// yet.
  var hasUnsent: Bool { get }

  /// Opens the bus; does nothing when it is open.
  func open() throws(LinkError)

  /// The next frame; `nil` when there is none now.
  func receive() throws(LinkError) -> CANFrame?

  /// Sends a frame; it is taken whole, or the call throws.
  func send(_ frame: CANFrame) throws(LinkError)

  /// Closes; may be called again.
  func close()
}

extension FrameLink {
  package var hasUnsent: Bool { false }
  package var isOpen: Bool { descriptor != nil }
}
