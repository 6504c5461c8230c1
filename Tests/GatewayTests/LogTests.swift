// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import Quantities
import TestKit
import Testing

@testable import Gateway

@Suite struct LogTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func settings(_ change: (inout LogSettings) -> Void = { _ in }) -> LogSettings {
    var settings = LogSettings()
    settings.path = scratch("log")
    change(&settings)
    return settings
  }

  /// The lines of a file without their times.
  private func lines(_ name: String = "log") -> [String] {
    let text = (try? Repository.text(scratch(name))) ?? ""
    return text.split(separator: "\n").map { line in
      line.split(separator: " ", maxSplits: 1).last.map(String.init) ?? ""
    }
  }

  @Test func aLineTellsWhenHowSevereWhoAndWhat() {
    let line = LogLine(
      at: 1_700_000_000_123, level: .warning, part: "pack", text: "odd\n<3>forged: \u{1B}[2J")
    #expect(
      line.rendered(forJournal: false)
        == "2023-11-14T22:13:20.123Z warning pack: odd␊<3>forged: ␛[2J\n")
    #expect(line.rendered(forJournal: true) == "<4>pack: odd␊<3>forged: ␛[2J\n")
  }

  @Test(arguments: zip(LogLevel.allCases, ["<7>a: b\n", "<6>a: b\n", "<4>a: b\n", "<3>a: b\n"]))
  func theJournalIsToldThePriority(_ level: LogLevel, _ text: String) {
    let line = LogLine(at: 0, level: level, part: "a", text: "b")
    #expect(line.rendered(forJournal: true) == text)
  }

  @Test func eachPartHasItsLevel() throws {
    let log = try Log(
      settings {
        $0.level = .warning
        $0.parts = ["history": .debug, "gx": .error]
      })
    for part in ["history", "gx", "pack"] {
      for level in LogLevel.allCases { log.write(level, part, "x") }
    }
    log.close()
    #expect(
      lines() == [
        "debug history: x", "info history: x", "warning history: x", "error history: x",
        "error gx: x", "warning pack: x", "error pack: x",
      ])
  }

  @Test func levelsAndFileChangeWhileItRuns() throws {
    let log = try Log(settings())
    log.write(.debug, "a", "one")
    log.write(.info, "a", "two")
    #expect(waitUntil { lines().count == 1 })
    log.configure(
      settings {
        $0.level = .debug
        $0.path = scratch("other")
      })
    log.write(.debug, "a", "three")
    #expect(waitUntil { lines("other").count == 1 })
    log.configure(settings { $0.parts = ["a": .error] })
    log.write(.warning, "a", "four")
    log.write(.error, "a", "five")
    log.close()
    #expect(lines() == ["info a: two", "error a: five"])
    #expect(lines("other") == ["debug a: three"])
  }

  @Test func theFileIsPutAside() throws {
    let log = try Log(
      settings {
        $0.rotation.largest = 100
        $0.rotation.kept = 2
      })
    for number in 1...20 {
      log.write(.info, "a", "number \(number)")
      #expect(waitUntil { lines().last == "info a: number \(number)" })
    }
    log.close()
    // 38 or 39 bytes a line: two in a file.
    #expect(lines("log.2") + lines("log.1") + lines() == (15...20).map { "info a: number \($0)" })
    #expect(unsafe access(scratch("log.3"), F_OK) != 0)
  }

  @Test func aFullDiskIsCountedAndItsEndIsSaid() throws {
    #expect(unsafe symlink("/dev/full", scratch("log")) == 0)
    let log = try Log(settings())
    for number in 1...3 {
      log.write(.info, "a", "\(number)")
      usleep(20_000)
    }
    #expect(unsafe unlink(scratch("log")) == 0)
    log.write(.info, "a", "4")
    log.close()
    #expect(lines().first?.hasPrefix("warning log: written again; ") == true)
    #expect(lines().last == "info a: 4")
  }

  @Test func aFolderThatIsNotThereHoldsNothingUp() throws {
    let log = try Log(settings { $0.path = scratch("no/such/folder/log") })
    for number in 1...5000 { log.write(.info, "a", "\(number)") }
    log.close()
  }

  @Test func whatRepeatsIsCounted() {
    var repeats = LogRepeats()
    func line(_ text: String, _ part: String = "a") -> LogLine {
      LogLine(at: 0, level: .error, part: part, text: text)
    }
    #expect(repeats.due == .never)
    #expect(repeats.take(line("x"), at: Tick(0)) == [line("x")])
    #expect(repeats.take(line("x"), at: Tick(10)) == [])
    // Another part is another matter.
    #expect(repeats.take(line("x", "b"), at: Tick(20)) == [line("x", "b")])
    #expect(repeats.take(line("x"), at: Tick(30)) == [])
    #expect(repeats.due == Tick(60_000))
    #expect(repeats.flush(at: Tick(59_999)) == [])
    #expect(repeats.flush(at: Tick(60_000)) == [line("2 more times: x")])
    // It goes on: counted again.
    #expect(repeats.take(line("x"), at: Tick(60_010)) == [])
    #expect(repeats.take(line("y"), at: Tick(60_020)) == [line("1 more time: x"), line("y")])
    #expect(repeats.take(line("y"), at: Tick(60_030)) == [])
    #expect(repeats.flush(at: Tick(60_040), all: true) == [line("1 more time: y")])
    // Long after, it is said anew.
    #expect(repeats.take(line("y"), at: Tick(900_000)) == [line("y")])
  }

  @Test func theLastCountIsWrittenAtTheEnd() throws {
    let log = try Log(settings())
    for _ in 1...10 { log.write(.error, "control", "no luck") }
    log.close()
    #expect(lines() == ["error control: no luck", "error control: 9 more times: no luck"])
  }
}
