// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import History
import Inverters
import Machine
import Quantities
import Text
import Wire

/// The directory of a demo: what is put there before, and what is found there afterwards.
struct DemoStage {
  /// Where everything stands.
  let directory: String

  /// Makes the directory afresh and writes the settings.
  init(directory: String, speed: Int64) throws(CommandFailure) {
    self.directory = directory
    var path = ""
    for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
      path += path.isEmpty && part.isEmpty ? "/" : "\(part)/"
      if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
        throw CommandFailure("\(path): \(SystemError(errno))", .cannotCreate)
      }
    }
    for name in [
      "can.log", "history.db", "history.db-wal", "history.db-shm", "truth.jsonl", "gateway.log",
      "simulator.log", "gateway.out",
    ] {
      _ = unsafe unlink(self.path(name))
    }
    do throws(SystemError) {
      let file = try Descriptor.open(self.path("cellbus.json5"), O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(Array(Self.settings(speed: speed).utf8).span)
    } catch {
      throw CommandFailure("\(self.path("cellbus.json5")): \(error)", .cannotCreate)
    }
  }

  /// The path of a file in the directory.
  func path(_ name: String) -> String { "\(directory)/\(name)" }

  /// Whether a file is there.
  func exists(_ name: String) -> Bool { unsafe access(path(name), F_OK) == 0 }

  /// Settings for a battery whose time runs `speed` times as fast: every time of the charge control is
  /// shortened by as much, and every ramp is as much steeper.
  static func settings(speed: Int64) -> String {
    func seconds(_ real: Int64) -> String { Decimal.string(real * 1000 / speed, decimals: 3) }
    return """
      // Settings of the demo: one simulated TinyBMS drives one simulated Victron GX.
      // The battery lives \(speed) times as fast as real time, so the times of the charge control are
      // \(speed) times as short here as their defaults. A real battery needs none of these lines.
      {
        batteries: [
          {
            name: "demo",
            dialect: "tinybms",
            link: { serial: "tty-tinybms" },
            charging: {
              chemistry: "lfp",
              max_charge_current_a: 60,
              max_discharge_current_a: 100,
              entry_hold_s: \(seconds(10)), abandon_hold_s: \(seconds(300)),
              absorption_dwell_s: \(seconds(900)), tail_hold_s: \(seconds(1800)), absorption_longest_s: \(seconds(7200)),
              rebulk_hold_s: \(seconds(60)), rebulk_alone_hold_s: \(seconds(600)),
              imbalance_release_hold_s: \(seconds(300)), sustain_release_hold_s: \(seconds(300)),
              voltage_hold_s: \(seconds(60)), voltage_ramp_v: \(Decimal.string(speed, decimals: 3)),
              current_hold_s: \(seconds(30)), current_ramp_a: \(5 * speed),
            },
          },
        ],
        inverters: [{ name: "gx", battery: "demo", link: { slcan: "tty-can" }, traffic: "can.log" }],
        history: { file: "history.db" },
        status: { socket: "cellbus.sock" },
        log: { level: "info" },
      }

      """
  }

  /// Says what happened and whether it is what a demo must show.
  func summarise(gateway: Bool, simulator: Bool) -> ExitCode {
    let frames = readFrames()
    let events = readEvents()
    var isGood = gateway && simulator
    Console.print("")
    Console.print(Console.style.bold("What happened"))
    for event in events { Console.print("  \(event)") }
    if !gateway {
      Console.print("  the gateway did not end in good order; see \(path("gateway.log"))")
    }
    if !simulator {
      Console.print("  the simulator did not end in good order; see \(path("simulator.log"))")
    }
    let limits = frames.voltages
    if let lowest = limits.min(), let highest = limits.max() {
      Console.print(
        "  \(frames.count) frames of \(frames.ids.count) kinds; CVL from \(lowest.text(places: 1)) to \(highest.text(places: 1)) V"
      )
    } else {
      Console.print("  no limits were sent")
      isGood = false
    }
    let stored = readHistory()
    Console.print("  \(stored) readings in the history")
    if stored == 0 || frames.ids.count < 15 { isGood = false }
    Console.print(Console.style.bold("Where it lies"))
    Console.print("  CAN log   \(path("can.log"))      cellbus can decode \(path("can.log"))")
    Console.print(
      "  history   \(path("history.db"))   cellbus history --file \(path("history.db")) --point voltage_v"
    )
    Console.print("  settings  \(path("cellbus.json5"))")
    Console.print("  log       \(path("gateway.log"))")
    Console.print(isGood ? "The demo went well." : "The demo did not go well.")
    return isGood ? .ok : .failed
  }

  /// What the CAN log holds of the gateway's own frames.
  private func readFrames() -> (count: Int, ids: Set<UInt32>, voltages: [Voltage]) {
    var count = 0
    var ids: Set<UInt32> = []
    var voltages: [Voltage] = []
    try? Console.lines(of: path("can.log")) { line throws(CommandFailure) in
      guard let frame = CandumpLine(text: line)?.frame, !(0x305...0x307).contains(frame.id) else {
        return
      }
      count += 1
      ids.insert(frame.id)
      if frame.id == 0x351, let decivolts = frame.littleUInt16(at: 0) {
        voltages.append(.decivolts(decivolts))
      }
    }
    return (count, ids, voltages)
  }

  /// What the gateway logged of the battery.
  private func readEvents() -> [String] {
    var events: [String] = []
    try? Console.lines(of: path("gateway.log")) { line throws(CommandFailure) in
      let text = String(decoding: line, as: UTF8.self)
      if let place = text.firstRange(of: " demo: ") {
        events.append(String(text[place.upperBound...]))
      }
    }
    return events
  }

  private func readHistory() -> Int64 {
    (try? HistoryReader(path: path("history.db")).statistics(at: WallClock.now()).records) ?? 0
  }
}
