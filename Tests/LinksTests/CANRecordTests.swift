// SPDX-License-Identifier: Apache-2.0
import Links
import Machine
import TestKit
import Testing
import Wire

@Suite("A CAN bus as a line of bytes")
struct CANRecordTests {
  /// A bus in the test's hands.
  private final class Bench: FrameLink {
    let name = "bench"
    var counters = LinkCounters()
    var health: CANHealth? = CANHealth()
    var descriptor: Int32? { nil }
    var isOpen = false
    var incoming: [CANFrame] = []
    var sent: [CANFrame] = []
    /// How many more frames it takes.
    var room = Int.max

    func open() { isOpen = true }
    func close() { isOpen = false }
    func receive() throws(LinkError) -> CANFrame? {
      guard isOpen else { throw .closed(path: name) }
      return incoming.isEmpty ? nil : incoming.removeFirst()
    }
    func send(_ frame: CANFrame) throws(LinkError) {
      guard room > 0 else { throw .congested(path: name) }
      room -= 1
      sent.append(frame)
    }
  }

  private let frames = (1...3).map {
    CANFrame(id: 0x1890_0140 + UInt32($0), isExtended: true, [UInt8($0)])
  }

  @Test("Frames come as records, in their order, and only those that were asked for")
  func receives() throws {
    let bus = Bench()
    let link = CANRecordLink(
      over: bus, filters: [CANFilter(id: 0x1890_0142, mask: 0x1FFF_FFFE, isExtended: true)])
    try link.open()
    bus.incoming = [CANFrame(id: 0x142, [9])] + frames
    var bytes: [UInt8] = []
    #expect(try link.receive(into: &bytes) == 26)
    #expect(bytes == frames[1...].flatMap(CANRecord.bytes))
    #expect(try link.receive(into: &bytes) == 0)
  }

  @Test("What an adapter sends back of one's own is heard by nobody, once for each sending")
  func echo() throws {
    let bus = Bench()
    let link = CANRecordLink(over: bus)
    try link.open()
    try link.send(CANRecord.bytes(frames[0]))
    bus.incoming = [frames[0], frames[1], frames[0]]
    var bytes: [UInt8] = []
    _ = try link.receive(into: &bytes)
    #expect(bytes == CANRecord.bytes(frames[1]) + CANRecord.bytes(frames[0]))
  }

  @Test(
    "A message of several frames is taken whole or not at all, and its rest goes out before the next"
  )
  func messages() throws {
    let bus = Bench()
    let link = CANRecordLink(over: bus)
    try link.open()
    bus.room = 0
    let message = frames.flatMap(CANRecord.bytes)
    #expect(throws: LinkError.congested(path: "bench")) { try link.send(message) }
    #expect(bus.sent.isEmpty)
    bus.room = 1
    try link.send(message)
    #expect(bus.sent == [frames[0]])
    #expect(throws: LinkError.congested(path: "bench")) {
      try link.send(CANRecord.bytes(frames[0]))
    }
    bus.room = 2
    var bytes: [UInt8] = []
    _ = try link.receive(into: &bytes)
    #expect(bus.sent == frames)
    // What was left over of a bus that was closed is old.
    bus.room = 1
    try link.send(message)
    link.close()
    bus.room = .max
    try link.open()
    try link.send(CANRecord.bytes(frames[2]))
    #expect(bus.sent == frames + [frames[0], frames[2]])
  }

  @Test("Bytes that are no frames are refused; what the controller tells is passed on")
  func otherBytes() throws {
    let bus = Bench()
    let link = LoggedByteLink(CANRecordLink(over: bus), log: nil)
    #expect(throws: LinkError.closed(path: "bench")) { try link.send(CANRecord.bytes(frames[0])) }
    try link.open()
    let error = #expect(throws: LinkError.self) { try link.send([1, 2, 3]) }
    #expect(error?.kind.description == "unsupported")
    #expect(bus.sent.isEmpty)
    #expect(link.health == CANHealth())
  }
}
