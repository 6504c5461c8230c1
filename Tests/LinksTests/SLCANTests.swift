// SPDX-License-Identifier: Apache-2.0
import Links
import Machine
import TestKit
import Testing
import Wire

@Suite struct SLCANTests {
  @Test(arguments: [
    (CANFrame(id: 0x351, [0x14, 0x02, 0xFF]), "t35131402FF\r"),
    (CANFrame(id: 0, []), "t0000\r"),
    (CANFrame(id: 0x7FF, [UInt8](repeating: 0xA5, count: 8)), "t7FF8A5A5A5A5A5A5A5A5\r"),
    (CANFrame(id: 0x1FFF_FFFF, isExtended: true, [1]), "T1FFFFFFF101\r"),
    (CANFrame(id: 0x351, isExtended: true, []), "T000003510\r"),
  ]) func linesOfTheManual(_ frame: CANFrame, _ line: String) {
    #expect(String(decoding: SLCAN.encode(frame), as: UTF8.self) == line)
    var codec = SLCAN()
    #expect(codec.feed(Array(line.utf8).span) == [frame])
    #expect(codec.feed(Array(line.lowercasedType.utf8).span) == [frame])
  }

  @Test(arguments: [
    "", "z", "Z", "r1230", "R000001230", "V1013", "NA123", "F00",  // answers, not frames
    "t", "t35", "t351", "t3511", "t35111", "t351114F", "t35191122",
    "t351811223344556677",  // lengths
    "t8000", "T200000000", "t35x0", "t3511G0", " t3510", "xt3510", "t3510 ", "t35100",  // digits
    "t351911223344556677889", "T0000035112", "t3510123x",
  ]) func otherLinesAreNoFrames(_ line: String) {
    var codec = SLCAN()
    #expect(codec.feed(Array("\(line)\r".utf8).span) == [])
    // And they do not spoil the next.
    #expect(codec.feed(Array("t3510\r".utf8).span) == [CANFrame(id: 0x351, [])])
  }

  @Test func timeStampsAndLineFeedsAreAllowed() {
    var codec = SLCAN()
    #expect(codec.feed(Array("t35111112AB\r\nt3510\r\n".utf8).span).count == 2)
  }

  @Test func answersAreTold() {
    var codec = SLCAN()
    let events = Array("\rz\rZ\r\u{7}t351\u{7}t3510\rr3510\rqqq\r".utf8).compactMap {
      codec.feed($0)
    }
    #expect(
      events == [
        .accepted, .accepted, .accepted, .refused, .refused, .frame(CANFrame(id: 0x351, [])),
        .other,
        .noise,
      ])
  }

  @Test func tenThousandFramesComeThroughNoise() {
    let seed: UInt64 = 0x51CA7
    var random = SplitMix64(seed: seed)
    var text: [UInt8] = []
    var frames: [CANFrame] = []
    for _ in 0..<10_000 {
      let isExtended = random.oneIn(2)
      let id = UInt32.random(in: 0...(isExtended ? 0x1FFF_FFFF : 0x7FF), using: &random)
      let payload = random.bytes(Int.random(in: 0...8, using: &random))
      frames.append(CANFrame(id: id, isExtended: isExtended, payload))
      if random.oneIn(4) { text += noise(&random) }
      SLCAN.append(frames[frames.count - 1], to: &text)
    }
    var codec = SLCAN()
    var got: [CANFrame] = []
    for piece in random.pieces(of: text, most: 50) { got += codec.feed(piece.span) }
    #expect(got == frames, "seed \(seed)")
  }

  /// A line that cannot be a frame, because its first character is that of none.
  private func noise(_ random: inout SplitMix64) -> [UInt8] {
    let first: UInt8 = [0x7A, 0x5A, 0x72, 0x00, 0xFF, 0x21].randomElement(using: &random) ?? 0
    let length = random.oneIn(20) ? 1_000 : Int.random(in: 0...40, using: &random)
    let rest = random.bytes(length).map { $0 == 0x0D || $0 == 0x07 ? 0x20 : $0 }
    return [first] + rest + [random.oneIn(5) ? 0x07 : 0x0D]
  }

  @Test func flippedBitsNeverTrap() {
    let seed: UInt64 = 0xF11B
    var random = SplitMix64(seed: seed)
    var codec = SLCAN()
    for round in 0..<20_000 {
      var line = SLCAN.encode(
        CANFrame(id: UInt32(round), isExtended: round % 2 == 0, random.bytes(8)))
      for _ in 0...2 {
        let place = Int.random(in: 0..<line.count, using: &random)
        line[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      for frame in codec.feed(line.span) {
        #expect(frame.count <= 8 && frame.id <= 0x1FFF_FFFF, "seed \(seed)")
      }
    }
    codec.reset()
    for byte in random.bytes(200_000) { _ = codec.feed(byte) }
  }

  @Test(arguments: SLCAN.Speed.allCases) func speedsAreNumbered(_ speed: SLCAN.Speed) {
    #expect(SLCAN.Speed(bitsPerSecond: speed.bitsPerSecond) == speed)
    let text = String(decoding: SLCAN.opening(speed), as: UTF8.self)
    #expect(text == "\r\rC\rS\(speed.rawValue)\rO\r")
  }

  @Test func openingAndClosingAreTold() throws {
    let pty = try Pty()
    let link = SLCANLink(over: SerialLink(path: pty.path, baud: 115_200), bitsPerSecond: 250_000)
    try link.open()
    // Refuses to close what is closed: no fault.
    try pty.send(Array("\r\r\u{7}\r\rt3510\r".utf8))
    #expect(try link.next() == CANFrame(id: 0x351, []))
    #expect(link.counters.errors == 0)
    try pty.send(Array("\u{7}t3520\r".utf8))
    #expect(try link.next() == CANFrame(id: 0x352, []))
    #expect(link.counters.errors == 1)
    link.close()
    var text: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try pty.receive(into: &text)
        return text.count >= 11
      })
    #expect(String(decoding: text, as: UTF8.self) == "\r\rC\rS5\rO\rC\r")
  }

  @Test func oddBusSpeedIsNamed() throws {
    let pty = try Pty()
    let link = SLCANLink(over: SerialLink(path: pty.path, baud: 115_200), bitsPerSecond: 333_333)
    let error = #expect(throws: LinkError.self) { try link.open() }
    #expect(error?.description.contains("333333 bit/s") == true)
    #expect(link.descriptor == nil)
  }

  @Test func halfAFrameOfTheLastConnectionIsForgotten() throws {
    let bench = try SLCANBench()
    try bench.link.open()
    try bench.pty.send(Array("t3512".utf8))
    _ = try bench.link.receive()
    bench.link.close()
    try bench.link.open()
    try bench.pty.send(Array("1122\rt3510\r".utf8))
    guard case .frames(let frames) = bench.link else { return }
    #expect(try frames.next() == CANFrame(id: 0x351, []))
  }
}

extension String {
  /// The same line with its digits in lower case, and its first letter as it is.
  fileprivate var lowercasedType: String { prefix(1) + dropFirst().lowercased() }
}

extension FrameLink {
  /// The next frame, waited for.
  func next() throws -> CANFrame? {
    while true {
      if let frame = try receive() { return frame }
      guard let number = descriptor, try waitReadable([number], milliseconds: 10_000) else {
        return nil
      }
    }
  }
}
