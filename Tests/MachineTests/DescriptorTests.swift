// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import TestKit
import Testing

@Suite struct DescriptorTests {
  @Test func ownerCloses() throws {
    let number: Int32
    do {
      let file = try Descriptor.open("/dev/null", O_RDONLY)
      // A high number, so that no other test opens it in between.
      number = fcntl(file.number, F_DUPFD_CLOEXEC, 900)
      let owner = Descriptor(owning: number)
      #expect(fcntl(owner.number, F_GETFD) == FD_CLOEXEC)
    }
    #expect(fcntl(number, F_GETFD) == -1)
  }

  @Test func releasedStaysOpen() throws {
    let number = try Descriptor.open("/dev/null", O_RDONLY).release()
    #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
    close(number)
  }

  @Test func errorsHaveNamesAndWords() {
    #expect(throws: SystemError(ENOENT)) {
      _ = try Descriptor.open("/no/such/file", O_RDONLY).release()
    }
    #expect(SystemError(EACCES).name == "EACCES")
    #expect(SystemError(EACCES).message == "permission denied")
    #expect(SystemError(EIO).message == "input/output error")
    #expect("\(SystemError(ENOSPC))" == "no space left on device (ENOSPC)")
    #expect(SystemError(4_000).name == "E4000")
  }

  @Test func readingIsBoundedAndTellsTheEnd() throws {
    let scratch = try Scratch()
    let text = String(repeating: "x", count: 5_000)
    let file = try Descriptor.open(scratch.write(text, to: "file"), O_RDONLY)
    var bytes: [UInt8] = []
    #expect(try file.read(into: &bytes) == 4_096)
    #expect(try file.read(into: &bytes) == 904)
    #expect(try file.read(into: &bytes) == 0)
    #expect(bytes.count == 5_000)
  }
}
