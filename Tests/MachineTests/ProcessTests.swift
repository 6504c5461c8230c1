// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import TestKit
import Testing

@Suite struct ProcessTests {
  @Test func programIsFedAndHeard() throws {
    let program = try Program.run(["sh", "-c", "cat; echo wrong >&2; exit 3"], input: "right\n")
    #expect(program.exit == .status(3))
    #expect(program.output == "right\n")
    #expect(program.error == "wrong\n")
  }

  @Test func muchInputAndOutputDoNotBlock() throws {
    let text = String(repeating: "0123456789abcdef\n", count: 60_000)
    let program = try Program.run(["cat"], input: text)
    #expect(program.exit == .status(0))
    #expect(program.output.utf8.count == text.utf8.count)
  }

  @Test func unknownProgramIsAnError() {
    #expect(throws: SystemError(ENOENT)) { try ChildProcess(["/no/such/program"]) }
    #expect(throws: SystemError(EINVAL)) { try ChildProcess([]) }
  }

  @Test func signalEndsIt() throws {
    let child = try ChildProcess(["sleep", "600"])
    #expect(child.wait(milliseconds: 1) == nil)
    child.kill()
    #expect(child.wait(milliseconds: 10_000) == .signal(SIGTERM))
    #expect(child.wait(milliseconds: 0) == .signal(SIGTERM))
    child.kill()
  }

  @Test func blockedSignalsAreNotInherited() throws {
    let thread = try DedicatedThread(name: "blocks") {
      // Blocks SIGTERM here; the program must still end by it.
      guard let signals = try? Signals() else { return }
      let child = try? ChildProcess(["sleep", "600"])
      child?.kill()
      #expect(child?.wait(milliseconds: 10_000) == .signal(SIGTERM))
      #expect(signals.next() == nil)
    }
    thread.join()
  }

  @Test func ownerKeepsNoOrphans() throws {
    var child: ChildProcess? = try ChildProcess(["sleep", "600"])
    let id = try #require(child?.id)
    child = nil
    #expect(kill(id, 0) == -1)
  }

  @Test func streamsGoToFiles() throws {
    let scratch = try Scratch()
    try scratch.write("in", to: "in")
    let child = try ChildProcess(
      ["sh", "-c", "cat; echo $NAME >&2; pwd >&2"],
      environment: ["NAME=value", "PATH=/usr/bin:/bin"],
      directory: scratch.path, input: .file(scratch("in")), output: .file(scratch("out")),
      error: .file(scratch("err")))
    #expect(child.wait(milliseconds: 10_000) == .status(0))
    #expect(try Repository.text(scratch("out")) == "in")
    #expect(try Repository.text(scratch("err")) == "value\n\(scratch.path)\n")
  }

  @Test func descriptorsAreNotInherited() throws {
    let file = try Descriptor.open("/dev/null", O_RDONLY)
    let child = try ChildProcess(["cat"], input: .pipe, output: .pipe)
    let (waker, pty) = (try Waker(), try Pty())
    let numbers: [Int32?] = [
      file.number, waker.descriptor, pty.descriptor, child.descriptor,
      child.descriptor(of: .output),
    ]
    for number in numbers { #expect(fcntl(try #require(number), F_GETFD) == FD_CLOEXEC) }
  }
}
