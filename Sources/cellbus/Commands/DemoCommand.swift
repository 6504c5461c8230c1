// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Quantities
import Text

/// `cellbus demo`: the main job on a simulated battery, with nothing to connect.
enum DemoCommand {
  static let command = Command(
    "demo", "run the gateway on a simulated battery and watch it",
    discussion: """
      Starts three programs as they would run in a house: a simulated TinyBMS with its charger and GX, the \
      gateway between them, and the live view. The battery's time runs faster than real time, so that a \
      charge, its taper, balancing, a trip and the recovery pass in about a minute.

      Everything it makes stands in one directory: the settings, the CAN log, the history and the logs.
      """,
    options: [
      Option(
        "seconds", "N", "end by itself after so many seconds, with a summary", .integer(3...86_400)),
      Option("dir", "PATH", "where everything is put", default: "build/demo"),
      Option(
        "speed", "N", "seconds of the battery's time in a real second", .integer(1...600),
        default: "60"),
      Option(
        "scenario", "NAME", "what happens; see cellbus simulate tinybms --help", default: "demo"),
      Option(
        "seed", "N", "the same seed makes the same battery", .integer(0...Int64.max), default: "1"),
    ],
    examples: [
      Command.Example("cellbus demo", "watch until q is pressed"),
      Command.Example(
        "cellbus demo --seconds 20", "for scripts: ends by itself, exit status 0 when all went well"
      ),
    ],
    exitCodes: [.ok, .failed, .usage, .cannotCreate, .internalFault],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let speed = try parsed.number("speed")
    let stage = try DemoStage(directory: try parsed.text("dir"), speed: speed)
    let limit = parsed.number(ifPresent: "seconds").map { $0 * 1000 }
    let programs: (simulator: ChildProcess, gateway: ChildProcess)
    do throws(SystemError) {
      // Before the children: the signals of this program's end are its own to handle.
      let program = try executable()
      let home = absolute(stage.directory) ?? stage.directory
      let simulator = try ChildProcess(
        [
          program, "simulate", "tinybms", "--pty", "tty-tinybms", "--can", "tty-can", "--json",
          "--scenario",
          parsed.text(ifPresent: "scenario") ?? "demo", "--speed", String(speed), "--seed",
          String(parsed.number(ifPresent: "seed") ?? 1),
        ], directory: home, output: .file(home + "/truth.jsonl"),
        error: .file(home + "/simulator.log"))
      _ = waitUntil(5000) { stage.exists("tty-tinybms") && stage.exists("tty-can") }
      let gateway = try ChildProcess(
        [program, "gateway", "--config", "cellbus.json5"], directory: home,
        output: .file(home + "/gateway.out"), error: .file(home + "/gateway.log"))
      programs = (simulator, gateway)
    } catch {
      throw CommandFailure("the demo's programs cannot be started: \(error)", .internalFault)
    }
    _ = waitUntil(5000) { stage.exists("cellbus.sock") }
    let isScreen = Console.isTerminal(STDOUT_FILENO)
    if !isScreen {
      Console.print(
        "everything stands in \(stage.directory); the battery runs \(speed) times as fast as real time"
      )
    }
    _ = try MonitorCommand.watch(
      stage.path("cellbus.sock"), every: isScreen ? 250 : 1000, limit: limit,
      as: isScreen ? .screen : .lines)
    // Stopped for good, as a person does it: the inverter is told once more, not to charge.
    programs.gateway.kill(SIGINT)
    let gateway = programs.gateway.wait(milliseconds: 5000)
    programs.simulator.kill(SIGTERM)
    let simulator = programs.simulator.wait(milliseconds: 5000)
    return stage.summarise(gateway: gateway == .status(0), simulator: simulator == .status(0))
  }

  /// This very program.
  private static func executable() throws(SystemError) -> String {
    guard let path = absolute("/proc/self/exe") else { throw SystemError(errno) }
    return path
  }

  /// A path without links and relative parts; `nil` when nothing is there.
  static func absolute(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  private static func waitUntil(_ milliseconds: Int64, _ condition: () -> Bool) -> Bool {
    let end = MonotonicClock.now() + milliseconds
    while !condition() {
      guard MonotonicClock.now() < end else { return false }
      usleep(20_000)
    }
    return true
  }
}
