// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A CAN bus as a line of bytes: each frame is a `CANRecord` of 13 bytes, so that a conversation on a
/// bus is one like any other.
package final class CANRecordLink: ByteLink {
  /// The most frames of one call of `receive`.
  private static let most = 1024

  /// What is received; all frames when empty.
  package let filters: [CANFilter]
  private let bus: any FrameLink
  /// Frames of a message whose first the bus has taken.
  private var unsent: [CANFrame] = []
  /// The frame that was sent last, while it may still come back from an adapter that echoes.
  private var echo: CANFrame?

  /// A line over `bus`, which this link opens and closes.
  package init(over bus: any FrameLink, filters: [CANFilter] = []) {
    self.bus = bus
    self.filters = filters
  }

  package var name: String { bus.name }
  package var descriptor: Int32? { bus.descriptor }
  package var isOpen: Bool { bus.isOpen }
  package var isReady: Bool { bus.isOpen }
  package var counters: LinkCounters { bus.counters }
  package var health: CANHealth? { bus.health }
  /// What a full bus left over is no reason to watch it: it would be told of room without end while
  /// nobody acknowledges.
  package var hasUnsent: Bool { bus.hasUnsent }

  package func open() throws(LinkError) {
    guard !bus.isOpen else { return }
    unsent.removeAll()
    echo = nil
    try bus.open()
  }

  package func close() {
    bus.close()
    unsent.removeAll()
  }

  /// Appends the records of the frames that are there now and pass the filters.
  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    try flush()
    let start = buffer.count
    for _ in 0..<Self.most {
      guard let frame = try bus.receive() else { break }
      if frame == echo {
        echo = nil
        continue
      }
      guard filters.isEmpty || filters.contains(where: { $0.accepts(frame) }) else { continue }
      CANRecord.append(frame, to: &buffer)
    }
    return buffer.count - start
  }

  /// Sends a message of one or more whole records.
  package func send(_ bytes: [UInt8]) throws(LinkError) {
    guard bus.isOpen else { throw .closed(path: name) }
    try flush()
    guard unsent.isEmpty else { throw .congested(path: name) }
    let frames = try records(of: bytes)
    for (index, frame) in frames.enumerated() {
      do throws(LinkError) {
        try bus.send(frame)
        echo = frame
      } catch .congested(let path) {
        guard index > 0 else { throw .congested(path: path) }
        unsent = Array(frames[index...])
        return
      }
    }
  }

  /// Sends on what an earlier message left over.
  private func flush() throws(LinkError) {
    while let frame = unsent.first {
      do throws(LinkError) {
        try bus.send(frame)
      } catch .congested {
        return
      }
      echo = frame
      unsent.removeFirst()
    }
  }

  private func records(of bytes: [UInt8]) throws(LinkError) -> [CANFrame] {
    var frames: [CANFrame] = []
    for start in stride(from: 0, to: bytes.count, by: CANRecord.length) {
      guard let frame = CANRecord.frame(bytes.span, at: start) else {
        throw .unsupported(path: name, what: "carry bytes that are no CAN frames")
      }
      frames.append(frame)
    }
    return frames
  }
}
