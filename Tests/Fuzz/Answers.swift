// SPDX-License-Identifier: Apache-2.0

import Glibc
import Wire

/// The exchanges of a dialect's fixtures: two lines of hexadecimal digits each in the file that
/// `CELLBUS_ANSWERS` names, the request (empty where nobody asked) and the answer.
struct Answers {
  /// Those of the dialect that is tried.
  static let known = Answers()

  private var all: [(request: [UInt8], answer: [UInt8])] = []

  private init() {
    guard let name = unsafe getenv("CELLBUS_ANSWERS"), let file = unsafe fopen(name, "r") else {
      return
    }
    defer { unsafe fclose(file) }
    var line: [UInt8] = []
    var request: [UInt8]?
    while case let byte = unsafe fgetc(file), byte != EOF {
      if byte != 10 {
        line.append(UInt8(truncatingIfNeeded: byte))
        continue
      }
      let bytes = Hex.bytes(line) ?? []
      line = []
      if let asked = request {
        all.append((asked, bytes))
        request = nil
      } else {
        request = bytes
      }
    }
  }

  /// An answer to these bytes: to these exactly where there is one, otherwise any of them.
  func to(_ request: [UInt8], turn: Int) -> [UInt8] {
    let exact = all.filter { $0.request == request }
    let choice = exact.isEmpty ? all : exact
    return choice.isEmpty ? [] : choice[turn % choice.count].answer
  }
}
