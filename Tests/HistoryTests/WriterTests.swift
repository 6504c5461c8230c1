// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Machine
import Quantities
import Synchronization
import Testing

@testable import History

@Suite(.timeLimit(.minutes(1))) struct WriterTests {
  /// A wall clock that the test sets.
  private final class Clock: Sendable {
    let offset = Atomic<Int64>(0)
    var moment: @Sendable () -> Moment {
      { [self] in
        let now = MonotonicClock.now()
        let shift = offset.load(ordering: .relaxed)
        return Moment(now, wall: epoch + now.milliseconds + shift)
      }
    }
  }

  private func settings(_ folder: Folder, _ clock: Clock = Clock()) -> HistoryWriter.Settings {
    var settings = HistoryWriter.Settings(path: folder.path(), batteries: ["house", "boat"])
    settings.commitInterval = 10
    settings.clock = clock.moment
    return settings
  }

  @Test func `what is flushed is on the disk, at the stored rate`() throws {
    let folder = try Folder()
    let writer = try HistoryWriter(settings(folder))
    let records = house(seconds: 400, seed: 1, battery: 0, interval: 250)
    for record in records { #expect(writer.offer(record)) }
    for record in house(seconds: 10, seed: 2, battery: 1) { writer.offer(record) }
    #expect(writer.flush(timeoutMilliseconds: 20_000))
    let reader = try HistoryReader(path: folder.path())
    let stored = try reader.all(battery: 1)
    #expect(stored.count == 100)
    #expect(Set(stored.map(\.boot)) == [writer.status.boot])
    #expect(try reader.all(battery: 2).count == 10)
    #expect(try reader.batteries().map(\.name) == ["house", "boat"])
    let status = writer.status
    #expect(status.stored == 110 && status.dropped == 0 && status.error == nil)
    #expect(writer.stop(timeoutMilliseconds: 20_000))
    #expect(try reader.events().first?.kind == .stopped)
    #expect(!writer.offer(records[0]))
  }

  @Test func `a stop stores what was offered before it`() throws {
    let folder = try Folder()
    var settings = settings(folder)
    settings.commitInterval = 60_000
    let writer = try HistoryWriter(settings)
    for record in house(seconds: 30, seed: 1, battery: 0) { writer.offer(record) }
    #expect(writer.stop(timeoutMilliseconds: 20_000))
    #expect(try HistoryReader(path: folder.path()).all().count == 30)
  }

  @Test func `the next run finds the counters of the last`() throws {
    let folder = try Folder()
    let first = try HistoryWriter(settings(folder))
    #expect(first.waitUntilOpen(timeoutMilliseconds: 20_000))
    #expect(first.latest(.energyDischarged, battery: 0) == nil)
    let records = house(seconds: 20, seed: 1, battery: 0)
    for record in records { first.offer(record) }
    #expect(first.flush(timeoutMilliseconds: 20_000))
    #expect(first.stop(timeoutMilliseconds: 20_000))
    let second = try HistoryWriter(settings(folder))
    #expect(second.waitUntilOpen(timeoutMilliseconds: 20_000))
    #expect(
      second.latest(.energyDischarged, battery: 0) == records.last?[.energyDischarged])
    #expect(second.latest(.energyDischarged, battery: 1) == nil)
    #expect(second.latest(.energyDischarged, battery: 7) == nil)
    #expect(second.stop(timeoutMilliseconds: 20_000))
  }

  @Test func `while storing fails the newest wait, and the loss is noted`() throws {
    let folder = try Folder()
    let missing = folder.url.appending(path: "card")
    var settings = settings(folder)
    settings.path = missing.appending(path: "history.db").path
    settings.capacity = 50
    let writer = try HistoryWriter(settings)
    for record in house(seconds: 200, seed: 1, battery: 0) { #expect(writer.offer(record)) }
    #expect(!writer.flush(timeoutMilliseconds: 20_000))
    // The flush before ended with a failure; the next one finds the waiting records cut.
    #expect(!writer.flush(timeoutMilliseconds: 20_000))
    #expect(writer.status.error?.isTransient == true)
    #expect(writer.status.pending == 50)
    #expect(writer.status.dropped == 150)
    // The card is put in again.
    try FileManager.default.createDirectory(at: missing, withIntermediateDirectories: true)
    while !writer.flush(timeoutMilliseconds: 20_000) {}
    #expect(writer.status.error == nil)
    let reader = try HistoryReader(path: settings.path)
    #expect(try reader.all().map(\.sequence) == Array(150..<200))
    #expect(try reader.events().first { $0.kind == .dropped }?.code == 150)
    #expect(writer.stop(timeoutMilliseconds: 20_000))
  }

  @Test func `alarms become events and a set clock is noted`() throws {
    let folder = try Folder()
    let clock = Clock()
    let writer = try HistoryWriter(settings(folder, clock))
    var records = house(seconds: 5, seed: 1, battery: 1)
    records[3].reading.alarms = .of(.shortCircuit)
    for record in records[..<4] { writer.offer(record) }
    #expect(writer.flush(timeoutMilliseconds: 20_000))
    clock.offset.store(7_200_000, ordering: .relaxed)
    #expect(writer.flush(timeoutMilliseconds: 20_000))
    #expect(writer.flush(timeoutMilliseconds: 20_000))
    let events = try HistoryReader(path: folder.path()).events()
    let raised = events.first { $0.kind == .alarmRaised }
    #expect(raised?.battery == 2 && raised?.sequence == 3)
    let set = events.filter { $0.kind == .clockSet }
    #expect(set.count == 1 && set.allSatisfy { abs($0.code - 7_200_000) < 60_000 })
    #expect(writer.stop(timeoutMilliseconds: 20_000))
  }

  /// The lock is between processes, so another process has to hold it.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func `a second gateway on the same file waits until the first is gone`() throws {
    let folder = try Folder()
    let other = Process()
    other.executableURL = URL(filePath: "/usr/bin/python3")
    let script = """
      import fcntl, sys
      file = open(sys.argv[1], "w")
      fcntl.lockf(file, fcntl.LOCK_EX)
      print("locked", flush=True)
      sys.stdin.read()
      """
    other.arguments = ["-c", script, folder.path("history.db.lock")]
    let (input, output) = (Pipe(), Pipe())
    other.standardInput = input
    other.standardOutput = output
    try other.run()
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    let writer = try HistoryWriter(settings(folder))
    for record in house(seconds: 5, seed: 1, battery: 0) { writer.offer(record) }
    #expect(!writer.flush(timeoutMilliseconds: 20_000))
    #expect(writer.status.error == .inUse(path: folder.path()))
    #expect(!folder.names.contains("history.db"))
    try input.fileHandleForWriting.close()
    other.waitUntilExit()
    while !writer.flush(timeoutMilliseconds: 20_000) {}
    #expect(try HistoryReader(path: folder.path()).all().count == 5)
    #expect(writer.stop(timeoutMilliseconds: 20_000))
  }
}
