// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Text

/// The two lines of a gateway under test, whose far ends are here: the battery's serial port and the CAN adapter's.
final class Stand {
  /// The battery's line.
  let serial: Pty
  /// The adapter's line.
  let bus: Pty
  /// Where the files of the program under test lie.
  let scratch: Scratch
  private(set) var process: ChildProcess?

  init() throws(CommandFailure) {
    scratch = try Scratch()
    do throws(PtyError) {
      serial = try Pty()
      bus = try Pty()
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
  }

  /// Starts `cellbus gateway`, which must lie beside this program: history, CAN log and status socket
  /// are on, everything else is as by default.
  ///
  /// It reads the batteries of `others` too, and drives one inverter, that of this stand.
  func startGateway(with others: [Stand] = []) throws(CommandFailure) {
    let program = Program.directory + "/cellbus"
    guard unsafe access(program, X_OK) == 0 else {
      throw CommandFailure(
        "\(program) is not there; build it first: swift build -c release --product cellbus",
        .noInput)
    }
    let batteries = ([self] + others).enumerated().map { index, stand in
      let name = index == 0 ? "bench" : "bench-\(index)"
      return
        "    { name: \"\(name)\", dialect: \"tinybms\", link: { serial: \"\(stand.serial.path)\" } },"
    }
    let settings = """
      {
        batteries: [
      \(batteries.joined(separator: "\n"))
        ],
        inverters: [
          { name: "gx", battery: "bench", link: { slcan: "\(bus.path)" }, log: "can.log" },
        ],
        history: { file: "history.db" },
        status: { socket: "status.sock" },
      }

      """
    do throws(SystemError) {
      let path = scratch.path("cellbus.json5")
      let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(Array(settings.utf8).span)
    } catch {
      throw CommandFailure("\(scratch.directory): \(error)", .cannotCreate)
    }
    try start([program, "gateway", "--config", "cellbus.json5"])
  }

  /// Starts a program in the folder; what it says goes to a file there.
  func start(_ arguments: [String]) throws(CommandFailure) {
    do throws(SystemError) {
      process = try ChildProcess(
        arguments, directory: scratch.directory, output: .discarded,
        error: .file(scratch.path("program.log")))
    } catch {
      throw CommandFailure("\(arguments[0]): \(error)", .failed)
    }
  }

  /// Whether the program still runs.
  var isRunning: Bool { process.map { $0.wait(milliseconds: 0) == nil } ?? false }

  /// Ends the program.
  func stop() {
    process?.kill()
    _ = process?.wait(milliseconds: 3000)
    process = nil
  }

  /// The last lines that the program said.
  var lastWords: String {
    var bytes: [UInt8] = []
    if let file = try? Descriptor.open(scratch.path("program.log"), O_RDONLY) {
      while let count = try? file.read(into: &bytes), count > 0 {}
    }
    let text = String(decoding: bytes.suffix(400), as: UTF8.self)
    return text.isEmpty ? "it said nothing" : "it said: \(text)"
  }
}
