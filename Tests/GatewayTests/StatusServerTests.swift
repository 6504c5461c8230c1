// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
@testable import Gateway
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing
import Text

@Suite("The status socket")
struct StatusServerTests {
  /// A view of one battery whose last live frame came at a moment.
  private func view(liveAt: Tick) -> GatewayView {
    var reading = Reading()
    reading[.voltage] = 54_210
    var snapshot = Snapshot()
    snapshot.take(reading, at: liveAt, isLive: true)
    let battery = GatewayView.BatteryView(
      name: "house", dialect: "tinybms", link: "tty", linkFault: nil, counters: LinkCounters(),
      statistics: SessionStatistics(), snapshot: snapshot, status: nil, freshness: .fresh,
      bounds: .init(period: 250), limits: nil,
      silence: nil,
      liveReadings: 1)
    return GatewayView(
      at: liveAt, wall: WallClock.now(), uptime: 0, batteries: [battery], inverters: [],
      history: nil)
  }

  /// The next whole line from a connection.
  private func line(_ socket: borrowing Descriptor, _ buffer: inout [UInt8]) throws -> JSONValue {
    for _ in 0..<100 {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        return try JSON5Reader.read(line, as: .json)
      }
      guard try waitReadable([socket.number], milliseconds: 5000) else { break }
      _ = try socket.read(into: &buffer)
    }
    Issue.record("no line came")
    return .null
  }

  private func withServer(_ body: (StatusServer, String) throws -> Void) throws {
    // A write to a client that has gone must be an error, as it is in the gateway, and not a signal.
    _ = try Signals([])
    let scratch = try Scratch()
    let path = scratch("s.sock")
    let server = try StatusServer(path: path)
    try body(server, path)
    server.close()
    #expect(unsafe access(path, F_OK) != 0, "the socket is left behind")
  }

  @Test("A client hears the newest view, with its age")
  func view() throws {
    try withServer { server, path in
      server.mailbox.post(view(liveAt: MonotonicClock.now()))
      let socket = try UnixSocket.connect(path)
      try socket.writeAll(Array("{\"every_ms\":50}\n".utf8).span)
      var buffer: [UInt8] = []
      var heard = try line(socket, &buffer)
      if heard["batteries"]?.array?.isEmpty == true { heard = try line(socket, &buffer) }
      #expect(heard["batteries"]?[0]?["reading"]?["voltage_v"]?.decimal(places: 3) == 54_210)
      #expect(heard["batteries"]?[0]?["freshness"]?.string == "fresh")
    }
  }

  @Test("Links tell reconnects, how long answers take, and the state of a bus")
  func links() throws {
    var links = LinkCounters()
    links.opens = 3
    var shown = view(liveAt: Tick(0))
    shown.batteries[0].counters = links
    var talk = Session(.tinyBMS)
    talk.linkOpened(at: Tick(0))
    if case .send = talk.next(at: Tick(0)) {
      talk.received(TinyBMS.Reply.status(0x97).encode().span, at: Tick(6))
    }
    _ = talk.next(at: Tick(6))
    shown.batteries[0].statistics = talk.statistics
    shown.inverters = [
      GatewayView.InverterView(
        name: "gx", battery: "house", link: "can0", linkFault: nil, counters: LinkCounters(),
        health: CANHealth(), heardAt: nil, isVictron: false),
      GatewayView.InverterView(
        name: "file", battery: "house", link: "file", linkFault: nil, counters: LinkCounters(),
        health: nil, heardAt: nil, isVictron: false),
    ]
    var writer = JSONWriter()
    shown.write(to: &writer)
    let json = try JSON5Reader.read(Array(writer.text.utf8), as: .json)
    let link = json["batteries"]?[0]?["link"]
    #expect(link?["opens"]?.int64 == 3 && link?["reconnects"]?.int64 == 2)
    #expect(link?["round_trip_ms"]?.int64 == 6)
    #expect(link?["latency"]?["highest_ms"]?.int64 == 6)
    #expect(link?["latency"]?["mean_ms"]?.decimal(places: 1) == 60)
    let classes = link?["latency"]?["classes"]?.array ?? []
    #expect(classes.map { $0["below_ms"]?.int64 } == [1, 2, 4, 8])
    #expect(classes.map { $0["answers"]?.int64 } == [0, 0, 0, 1])
    let bus = json["inverters"]?[0]?["link"]?["bus"]
    #expect(bus?["state"]?.string == "active" && bus?["bus_off"]?.int64 == 0)
    #expect(json["inverters"]?[1]?["link"]?["bus"] == nil)
  }

  @Test("A view that nobody renews grows old: stale is never shown as fresh")
  func ageing() throws {
    try withServer { server, path in
      server.mailbox.post(view(liveAt: MonotonicClock.now() + -15_000))
      let socket = try UnixSocket.connect(path)
      var buffer: [UInt8] = []
      var heard = try line(socket, &buffer)
      if heard["batteries"]?.array?.isEmpty == true { heard = try line(socket, &buffer) }
      #expect(heard["batteries"]?[0]?["freshness"]?.string == "stale")
    }
  }

  @Test(
    "Hostile clients cost others nothing: floods, garbage, silence, and more than there is room for"
  )
  func hostile() throws {
    try withServer { server, path in
      server.mailbox.post(view(liveAt: MonotonicClock.now()))
      let flood = try UnixSocket.connect(path)
      _ = fcntlNonBlocking(flood.number)
      // More than one line's room without a line end: the server hangs up.
      for _ in 0..<64 { _ = try? flood.write([UInt8](repeating: 0x41, count: 4096).span) }
      let garbage = try UnixSocket.connect(path)
      try garbage.writeAll(Array("not json\n{\"every_ms\":\"x\"}\n{\"every_ms\":-5}\n".utf8).span)
      var crowd: [Int32] = []
      for _ in 0..<40 { crowd.append(try UnixSocket.connect(path).release()) }
      for socket in crowd { close(socket) }
      // A place becomes free as soon as the server has seen that the crowd has gone.
      let isServed = try waitUntil {
        let socket = try UnixSocket.connect(path)
        var buffer: [UInt8] = []
        guard try waitReadable([socket.number], milliseconds: 1000) else { return false }
        return (try socket.read(into: &buffer) ?? 0) > 0
      }
      #expect(isServed)
    }
  }

  private func fcntlNonBlocking(_ descriptor: Int32) -> Int32 {
    fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  @Test("A second gateway on the same path is refused; an abandoned socket is replaced")
  func paths() throws {
    try withServer { _, path in
      #expect(throws: SystemError(EADDRINUSE)) { try StatusServer(path: path) }
    }
    let scratch = try Scratch()
    let path = scratch("old.sock")
    do { _ = try UnixSocket.listen(path) }
    let server = try StatusServer(path: path)
    server.close()
  }
}
