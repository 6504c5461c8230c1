// SPDX-License-Identifier: Apache-2.0
import Gateway
import Glibc
import Machine
import TestKit
import Testing

/// A pseudo-terminal stands for the device; under another name it is absent, and comes.
@Suite("The machine's own watchdog")
struct PettingTests {
  private func bytes(_ pty: Pty, into heard: inout [UInt8]) { _ = try? pty.receive(into: &heard) }

  @Test("Armed after the first cycle, petted while cycles are completed, disarmed at the end")
  func pets() throws {
    let scratch = try Scratch()
    let pty = try Pty(link: scratch("watchdog"))
    let log = try Log(level: .error, isJournal: false)
    let pulse = Pulse()
    let petting = try Petting(path: scratch("watchdog"), timeout: 30, pulse: pulse, log: log)
    var heard: [UInt8] = []
    usleep(300_000)
    bytes(pty, into: &heard)
    #expect(heard.isEmpty && petting.fault == nil, "nothing was completed yet")
    // A device that does not tell its time-out is petted each second.
    let isPetted = waitUntil {
      pulse.beat()
      bytes(pty, into: &heard)
      return heard.count >= 2
    }
    #expect(isPetted && heard.allSatisfy { $0 == 0 })
    // One may be on its way for what was completed before; then there is none.
    usleep(1_500_000)
    bytes(pty, into: &heard)
    let count = heard.count
    usleep(1_500_000)
    bytes(pty, into: &heard)
    #expect(heard.count == count, "petted although nothing was completed")
    petting.close()
    #expect(
      waitUntil {
        bytes(pty, into: &heard); return heard.last == UInt8(ascii: "V")
      })
    log.close()
  }

  @Test("A device that is absent is said, tried again and found; one that goes is found again")
  func absent() throws {
    let scratch = try Scratch()
    let log = try Log(level: .error, isJournal: false)
    let pulse = Pulse()
    let petting = try Petting(path: scratch("watchdog"), timeout: 30, pulse: pulse, log: log)
    usleep(500_000)
    #expect(petting.fault == nil, "it is not even looked for before the first cycle")
    pulse.beat()
    #expect(waitUntil { petting.fault?.contains("no such file") == true })
    var pty: Pty? = try Pty(link: scratch("watchdog"))
    let isFound = waitUntil {
      pulse.beat()
      return petting.fault == nil
    }
    #expect(isFound)
    pty?.close()
    pty = nil
    let isGone = waitUntil {
      pulse.beat()
      return petting.fault != nil
    }
    #expect(isGone)
    petting.close()
    log.close()
  }
}
