// SPDX-License-Identifier: Apache-2.0

/// How a command ended, as the number that its caller sees; the numbers are those of BSD's sysexits.
package enum ExitCode: Int32, CaseIterable, Sendable {
  /// All went well.
  case ok = 0
  /// What was checked is not as it should be, or nothing was found.
  case failed = 1
  /// The command line is wrong.
  case usage = 64
  /// The input is wrong.
  case badData = 65
  /// The input is missing or cannot be read.
  case noInput = 66
  /// A link, device or service does not answer.
  case unavailable = 69
  /// A fault of the program itself.
  case internalFault = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed on the way.
  case inputOutput = 74
  /// The system does not permit it.
  case denied = 77

  /// What it tells, for help texts.
  package var meaning: String {
    switch self {
    case .ok: "all went well"
    case .failed: "the answer is no: a check failed, or nothing was found"
    case .usage: "the command line is wrong"
    case .badData: "the input is wrong"
    case .noInput: "the input is missing or cannot be read"
    case .unavailable: "a link, device or service does not answer"
    case .internalFault: "a fault of the program itself"
    case .cannotCreate: "an output cannot be created"
    case .inputOutput: "reading or writing failed on the way"
    case .denied: "the system does not permit it"
    }
  }
}
