// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import TestKit
import Testing
import Wire

@Suite struct TrafficTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func line(_ event: TrafficLine.Event) -> TrafficLine {
    TrafficLine(
      wall: 1_700_000_000_123_456, monotonic: 8_123_463_333, wire: "ttyUSB0", event)
  }

  @Test func linesComeAndGo() throws {
    let lines: [(TrafficLine.Event, String)] = [
      (.sent([0xAA, 0x03, 0x00]), "> AA0300"), (.received([0x0A]), "< 0A"), (.opened, "! opened"),
      (.closed, "! closed"), (.lost(17), "! lost 17"),
    ]
    for (event, text) in lines {
      var bytes: [UInt8] = []
      line(event).append(to: &bytes)
      let whole = "(1700000000.123456) ttyUSB0 \(text) @8123.463333"
      #expect(String(decoding: bytes, as: UTF8.self) == whole + "\n")
      #expect(TrafficLine(text: whole.utf8) == line(event))
      #expect(TrafficLine(text: (whole + "\r").utf8) == line(event))
    }
  }

  @Test(arguments: [
    "", "(1.5) tty > AA", "(1.5) tty > A @1.5", "(1.5) tty > @1.5", "(1.5) tty > AA BB @1.5",
    "(1.5) tty ? AA @1.5", "(1.5) tty ! lost @1.5", "(1.5) tty ! lost x @1.5", "1.5 tty > AA @1.5",
    "(1.5) tty ! gone @1.5", "(1.5) tty > AA @", "(1.5) tty > AA 1.5", "(1.5 tty > AA @1.5",
    "(1.5) tty > AA @1.5 x", "() tty > AA @1.5",
  ]) func otherTextIsNoLine(_ text: String) { #expect(TrafficLine(text: text.utf8) == nil) }

  @Test func headersComeAndGo() throws {
    for link in ["/dev/ttyUSB0", "/dev/my port\n100%", "tcp://host:1"] {
      for dialect in ["tinybms", nil] {
        let header = TrafficHeader(link: link, dialect: dialect, wall: 1_500_000, monotonic: 2)
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        #expect(bytes.count { $0 == 10 } == 1)
        #expect(TrafficHeader(text: Array(bytes.dropLast())) == header)
      }
    }
    let later = "# cellbus traffic 2 link=x colour=red wall=1.0 monotonic=2.0"
    #expect(TrafficHeader(text: Array(later.utf8))?.version == 2)
    for text in [
      "", "# cellbus traffic", "# cellbus traffic x link=a wall=1.0 monotonic=1.0",
      "# cellbus traffic 1 wall=1.0 monotonic=1.0", "# cellbus traffic 1 link=a monotonic=1.0",
    ] { #expect(TrafficHeader(text: Array(text.utf8)) == nil, "\(text)") }
  }

  @Test func randomTextNeverTraps() {
    let seed: UInt64 = 0x7AFF
    var random = SplitMix64(seed: seed)
    let alphabet = Array("(0123456789.) @!<>lost AFtty=%# cellbus traffic 1".utf8)
    for _ in 0..<50_000 {
      let length = Int.random(in: 0...70, using: &random)
      let text = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      _ = TrafficLine(text: text)
      _ = TrafficHeader(text: Array("# cellbus traffic 1".utf8) + text)
    }
  }

  /// What a reader finds in the files, in their order.
  private func contents(_ paths: [String]) throws -> [TrafficReader.Content] {
    var reader = TrafficReader(paths)
    var contents: [TrafficReader.Content] = []
    while let item = try reader.next() { contents.append(item.content) }
    return contents
  }

  private func events(_ paths: [String]) throws -> [TrafficLine.Event] {
    try contents(paths).compactMap { if case .line(let line) = $0 { line.event } else { nil } }
  }

  @Test func aWireIsRecordedAsItWas() throws {
    let pty = try Pty(link: scratch("tty"))
    let log = try TrafficLog(
      path: scratch("log"), link: scratch("tty"), dialect: "tinybms", milliseconds: 1)
    let link = LoggedByteLink(SerialLink(path: scratch("tty"), baud: 115_200), log: log)
    try link.open()
    try link.open()
    try link.send([1, 2])
    try pty.send([3])
    var got: [UInt8] = [9]
    while got.count < 2 { _ = try link.receive(into: &got) }
    link.close()
    link.close()
    #expect(throws: LinkError.closed(path: link.name)) { try link.send([5]) }
    try link.open()
    pty.close()
    #expect(throws: LinkError.vanished(path: link.name)) { try link.receive(into: &got) }
    #expect(log.close())
    #expect(
      try events([scratch("log")])
        == [.opened, .sent([1, 2]), .received([3]), .closed, .opened, .closed])
    guard case .header(let header) = try contents([scratch("log")])[0] else {
      Issue.record("a recording begins with its header")
      return
    }
    #expect(header.link == scratch("tty"))
    #expect(header.dialect == "tinybms")
  }

  @Test func timesAreThoseOfBothClocks() throws {
    let before = (WallClock.microseconds(), MonotonicClock.nanoseconds() / 1000)
    let log = try TrafficLog(path: scratch("log"), link: "/dev/my tty", dialect: nil)
    log.record(.sent([1]))
    let after = (WallClock.microseconds(), MonotonicClock.nanoseconds() / 1000)
    #expect(log.close())
    for content in try contents([scratch("log")]) {
      guard case .line(let line) = content else { continue }
      #expect((before.0...after.0).contains(line.wall))
      #expect((before.1...after.1).contains(line.monotonic))
      #expect(line.wire == "mytty")
    }
  }

  @Test func recordingBeginsAndEndsWhileTheWireIsOpen() throws {
    let pty = try Pty(link: scratch("tty"))
    let link = LoggedByteLink(SerialLink(path: scratch("tty"), baud: 115_200), log: nil)
    try link.open()
    try link.send([1])
    link.log = try TrafficLog(
      path: scratch("log"), link: link.name, dialect: nil, milliseconds: 60_000)
    try link.send([2])
    link.log = nil
    try link.send([3])
    #expect(waitUntil { (try? events([scratch("log")])) == [.sent([2])] })
    #expect(link.counters.opens == 1)
    withExtendedLifetime(pty) {}
  }

  @Test func aHoleStandsInTheFile() throws {
    let log = try TrafficLog(
      path: scratch("log"), link: "tty", dialect: nil, capacity: 4, milliseconds: 60_000)
    for number in 0..<10_000 { log.record(.sent([UInt8(number & 0xFF)])) }
    #expect(log.close())
    var lost: UInt64 = 0
    var there: UInt64 = 0
    for event in try events([scratch("log")]) {
      if case .lost(let count) = event { lost += count } else { there += 1 }
    }
    #expect(lost > 0)
    #expect(lost + there == 10_000)
    #expect(log.lost == lost)
  }

  @Test func filesPutAsideReadOn() throws {
    var rotation = Rotation()
    rotation.largest = 300
    rotation.kept = 100
    let log = try TrafficLog(
      path: scratch("log"), link: "tty", dialect: nil, rotation: rotation, milliseconds: 1)
    for number: UInt8 in 0..<20 {
      log.record(.sent([number]))
      #expect(waitUntil { log.written == UInt64(number) + 1 })
    }
    #expect(log.close())
    var paths = [scratch("log")]
    while unsafe access(scratch("log.\(paths.count)"), F_OK) == 0 {
      paths.append(scratch("log.\(paths.count)"))
    }
    #expect(paths.count > 3)
    #expect(try events(paths.reversed()) == (0..<20).map { .sent([$0]) })
    for path in paths {
      guard case .header = try contents([path])[0] else {
        Issue.record("\(path) begins without a header")
        return
      }
    }
  }
}
