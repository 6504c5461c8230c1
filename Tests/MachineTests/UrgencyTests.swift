// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import TestKit
import Testing

@Suite struct UrgencyTests {
  @Test func claimTellsTheTruthAndEndsWithItsThread() throws {
    let answers = try BoundedQueue<Bool>(capacity: 4)
    let thread = try DedicatedThread(name: "urgent") {
      let isPermitted = Urgency.claim()
      answers.tryPush(Urgency.isClaimed == isPermitted)
      let child = try? DedicatedThread(name: "child") { answers.tryPush(!Urgency.isClaimed) }
      child?.join()
      Urgency.release()
      answers.tryPush(!Urgency.isClaimed)
    }
    thread.join()
    // Told truly, not inherited, given back; and other threads never had it.
    #expect(answers.popAll(waitMilliseconds: 0) == [true, true, true])
    #expect(!Urgency.isClaimed)
  }

  @Test func programsDoNotInheritIt() throws {
    let answers = try BoundedQueue<String>(capacity: 1)
    let thread = try DedicatedThread(name: "urgent") {
      Urgency.claim()
      guard
        let process = try? ChildProcess(["cat", "/proc/self/stat"], output: .pipe),
        process.wait(milliseconds: 5000) == .status(0)
      else { return }
      var output: [UInt8] = []
      _ = try? process.read(.output, into: &output)
      let fields = String(decoding: output, as: UTF8.self).split(separator: " ")
      // proc(5): field 41 is the scheduling policy.
      if fields.count > 40 { answers.tryPush(String(fields[40])) }
    }
    thread.join()
    #expect(answers.popAll(waitMilliseconds: 0) == ["0"])
  }
}
