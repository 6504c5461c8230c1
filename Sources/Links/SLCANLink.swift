// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A CAN bus behind a serial adapter that speaks the LAWICEL text (SLCAN).
package final class SLCANLink: FrameLink {
  /// Bits a second on the bus, not on the serial line.
  package let bitsPerSecond: UInt32
  package private(set) var counters = LinkCounters()
  private let line: any ByteLink
  private var codec = SLCAN()
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var position = 0
  /// Answers to the opening commands that are still to come; a refusal among them is no fault,
  /// because many adapters refuse to close what is closed.
  private var pendingAnswers = 0

  /// A bus over `line`, which this link opens and closes.
  package init(over line: any ByteLink, bitsPerSecond: UInt32 = 500_000) {
    self.line = line
    self.bitsPerSecond = bitsPerSecond
  }

  package var name: String { line.name }
  package var descriptor: Int32? { line.descriptor }
  package var health: CANHealth? { nil }
  package var hasUnsent: Bool { line.hasUnsent }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    guard let speed = SLCAN.Speed(bitsPerSecond: bitsPerSecond) else {
      throw .unsupported(
        path: name, what: "run the bus at \(bitsPerSecond) bit/s; 500000 and 250000 are usual")
    }
    codec.reset()
    input.removeAll(keepingCapacity: true)
    position = 0
    do throws(LinkError) {
      try line.open()
      let commands = SLCAN.opening(speed)
      try line.send(commands)
      pendingAnswers = commands.count { $0 == 0x0D }
    } catch {
      line.close()
      throw failed(error)
    }
    counters.opens += 1
    count()
  }

  package func receive() throws(LinkError) -> CANFrame? {
    // A bounded number of refills: noise without end must not hold the caller.
    for _ in 0..<16 {
      while position < input.count {
        let event = codec.feed(input[position])
        position += 1
        if let frame = frame(event) { return frame }
      }
      input.removeAll(keepingCapacity: true)
      position = 0
      do throws(LinkError) {
        let got = try line.receive(into: &input)
        count()
        if got == 0 { return nil }
      } catch { throw failed(error) }
    }
    return nil
  }

  package func send(_ frame: CANFrame) throws(LinkError) {
    output.removeAll(keepingCapacity: true)
    SLCAN.append(frame, to: &output)
    do throws(LinkError) {
      try line.send(output)
    } catch { throw failed(error) }
    counters.framesOut += 1
    count()
  }

  package func close() {
    guard descriptor != nil else { return }
    // As a courtesy: an adapter left open goes on listening to the bus, which does no harm.
    try? line.send(SLCAN.closing)
    line.close()
    count()
  }

  private func frame(_ event: SLCAN.Event?) -> CANFrame? {
    switch event {
    case .frame(let frame):
      counters.framesIn += 1
      return frame
    case .accepted, .refused:
      if pendingAnswers > 0 {
        pendingAnswers -= 1
      } else if event == .refused {
        counters.errors += 1
      }
    case .noise: counters.errors += 1
    case .other, nil: break
    }
    return nil
  }

  private func failed(_ error: LinkError) -> LinkError {
    counters.errors += 1
    count()
    return error
  }

  private func count() {
    counters.bytesIn = line.counters.bytesIn
    counters.bytesOut = line.counters.bytesOut
  }
}
