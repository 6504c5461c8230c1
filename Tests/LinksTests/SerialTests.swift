// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import TestKit
import Testing

@Suite struct SerialTests {
  @Test(arguments: [300, 9_600, 115_200, 123_456, 250_000, 1_000_000, 2_000_001] as [UInt32])
  func anySpeedIsSet(_ baud: UInt32) throws {
    let pty = try Pty()
    let link = SerialLink(path: pty.path, baud: baud)
    try link.open()
    #expect(link.actualBaud == baud)
    link.close()
    #expect(link.actualBaud == nil)
  }

  @Test func noSpeedIsRefused() throws {
    let pty = try Pty()
    let link = SerialLink(path: pty.path, baud: 0)
    #expect(throws: LinkError.unsupported(path: pty.path, what: "carry 0 baud")) { try link.open() }
  }

  @Test func everyByteComesThroughUnchanged() throws {
    let pty = try Pty()
    let link = SerialLink(path: pty.path, baud: 9_600)
    try link.open()
    let all = (0...255).map { UInt8($0) }
    try pty.send(all)
    #expect(try AnyLink.bytes(link).collect(256) == all)
    try link.send(all)
    var back: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try pty.receive(into: &back)
        return back.count >= 256
      })
    #expect(back == all)
  }

  @Test func whatCameBeforeOpeningIsForgotten() throws {
    let pty = try Pty()
    try pty.send([1, 2, 3])
    let link = SerialLink(path: pty.path, baud: 9_600)
    try link.open()
    try pty.send([4])
    #expect(try AnyLink.bytes(link).collect(1) == [4])
  }

  @Test func oneReceiveIsBounded() throws {
    let pty = try Pty()
    let link = SerialLink(path: pty.path, baud: 9_600)
    try link.open()
    var sent = 0
    while sent < 6_000 {
      let count = try pty.send([UInt8](repeating: 0x55, count: 1_000))
      if count == 0 { break }
      sent += count
    }
    try #require(sent > 4_096)
    var bytes: [UInt8] = []
    var most = 0
    #expect(
      try waitUntil {
        most = max(most, try link.receive(into: &bytes))
        return bytes.count >= sent
      })
    #expect(most <= 4_096)
  }

  @Test func whatIsNoPortIsNamed() throws {
    let scratch = try Scratch()
    let file = try scratch.write("x", to: "file")
    #expect(throws: LinkError.absent(path: scratch("none"))) {
      try SerialLink(path: scratch("none"), baud: 9_600).open()
    }
    let error = #expect(throws: LinkError.self) { try SerialLink(path: file, baud: 9_600).open() }
    #expect(error?.kind.description == "unsupported")
    #expect(error?.description == "\(file): cannot be used as a serial port: it is not a terminal")
  }

  @Test func aPortWithoutRS485SaysSo() throws {
    let pty = try Pty()
    let link = SerialLink(path: pty.path, baud: 9_600, rs485: RS485())
    let error = #expect(throws: LinkError.self) { try link.open() }
    #expect(
      error?.description
        == "\(pty.path): cannot turn an RS485 transceiver round: its driver knows no RS485. Adapters "
        + "on USB turn themselves: leave the setting out")
    #expect(link.descriptor == nil && link.counters.opens == 0)
    // And leaves it to others.
    try SerialLink(path: pty.path, baud: 9_600).open()
  }

  @Test func messagesNameTheThingAndTheNextStep() {
    #expect(
      "\(LinkError.denied(path: "/dev/ttyUSB0"))"
        == "/dev/ttyUSB0: permission denied; add the user to the group dialout")
    #expect("\(LinkError.busy(path: "/dev/ttyUSB0"))" == "/dev/ttyUSB0: in use by another program")
    #expect(
      "\(LinkError.down(path: "can0"))"
        == "can0: the interface is down; run: ip link set can0 up type can bitrate 500000")
    #expect(
      "\(LinkError.system(path: "/dev/ttyS0", SystemError(ENOMEM)))"
        == "/dev/ttyS0: cannot allocate memory (ENOMEM)")
  }
}
