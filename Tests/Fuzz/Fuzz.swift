// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Glibc

// The door of libFuzzer: one input, one dialect, which `CELLBUS_DIALECT` names.

/// The dialect that is tried, chosen once.
let dialect: Dialect = {
  let name = unsafe getenv("CELLBUS_DIALECT").map { unsafe String(cString: $0) } ?? ""
  guard let dialect = Dialect.named(name) else {
    say("there is no dialect \"\(name)\"; CELLBUS_DIALECT must name one of `cellbus dialects`")
    exit(2)
  }
  return dialect
}()

/// Tries one input: as what came in answer to each request, and as a script of a conversation.
@c(LLVMFuzzerTestOneInput)
public func tryInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = input.first else { return 0 }
  let rest = Array(input.dropFirst())
  // The lowest bit chooses, so that no run pays for both.
  if first & 1 == 0 {
    FrameTrial(dialect, rest).run()
  } else {
    var trial = ConversationTrial(dialect, first, rest)
    trial.run()
  }
  return 0
}

/// Ends the run with a sentence when something does not hold that must.
func hold(_ isSo: Bool, _ law: @autoclosure () -> String) {
  guard !isSo else { return }
  say("\(dialect.name): \(law())")
  abort()
}

/// Writes a line where libFuzzer writes its own.
private func say(_ line: String) {
  for byte in "fuzz: \(line)\n".utf8 {
    var byte = byte
    _ = unsafe write(2, &byte, 1)
  }
}
