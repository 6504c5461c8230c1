// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import TestKit
import Testing

@Suite struct PtyTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func everyByteArrivesUnchanged() throws {
    let pty = try Pty()
    let program = try Descriptor.open(pty.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    let all = (0...255).map { UInt8($0) }
    #expect(try pty.send(all) == 256)
    var got: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try program.read(into: &got); return got.count >= 256
      })
    #expect(got == all)
    _ = try program.write(all.span)
    var back: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try pty.receive(into: &back); return back.count >= 256
      })
    #expect(back == all)
    #expect(try pty.receive(into: &back) == 0)
  }

  @Test func programsMayComeAndGo() throws {
    let pty = try Pty()
    var bytes: [UInt8] = []
    for round: UInt8 in 1...3 {
      let program = try Descriptor.open(pty.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
      _ = try program.write([round].span)
    }
    #expect(
      try waitUntil {
        _ = try pty.receive(into: &bytes); return bytes.count >= 3
      })
    #expect(bytes == [1, 2, 3])
  }

  @Test func linkLeadsToTheTerminalAndGoesWithIt() throws {
    let pty = try Pty(link: scratch("tty"))
    #expect(try exists("tty"))
    let program = try Descriptor.open(scratch("tty"), O_RDWR | O_NOCTTY | O_NONBLOCK)
    #expect(isatty(program.number) == 1)
    pty.close()
    pty.close()
    #expect(try !exists("tty"))
    #expect(pty.descriptor == nil)
    #expect(throws: SystemError(EBADF)) { try pty.send([1]) }
  }

  @Test func linkIsRepointedAndTheOldOwnerLeavesItAlone() throws {
    let old = try Pty(link: scratch("tty"))
    let new = try Pty(link: scratch("tty"))
    old.close()
    #expect(try exists("tty"))
    new.close()
    #expect(try !exists("tty"))
  }

  @Test func nothingButALinkIsReplaced() throws {
    try scratch.write("precious", to: "file")
    #expect(throws: PtyError.occupied(path: scratch("file"))) { try Pty(link: scratch("file")) }
    #expect(try Repository.text(scratch("file")) == "precious")
    #expect(throws: PtyError.system(path: scratch("no/tty"), SystemError(ENOENT))) {
      try Pty(link: scratch("no/tty"))
    }
  }

  private func exists(_ name: String) throws -> Bool {
    try Program.run(["test", "-e", scratch(name)]).exit == .status(0)
  }
}
