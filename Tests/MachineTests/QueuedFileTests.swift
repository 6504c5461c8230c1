// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import Synchronization
import TestKit
import Testing

@Suite struct QueuedFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let numbers = QueuedFile<Int>.Format(
    line: { number, text in text += Array("\(number)\n".utf8) },
    hole: { count, next, text in
      text += Array("-\(count) before \(next.map { "\($0)" } ?? "the end")\n".utf8)
    })

  private func file(
    _ path: String, capacity: Int = 100, milliseconds: Int = 1,
    tell: @escaping @Sendable (FileNews) -> Void = { _ in }
  ) throws -> QueuedFile<Int> {
    try QueuedFile(
      path: path, rotation: .none, name: "test", format: Self.numbers, capacity: capacity,
      milliseconds: milliseconds, tell: tell)
  }

  @Test func allThatWasAddedIsThere() throws {
    let file = try file(scratch("log"))
    for number in 1...50 { file.append(number) }
    #expect(file.close())
    #expect(file.close())
    let lines = try FixtureLine.load(scratch("log")).map(\.text)
    #expect(lines == (1...50).map { "\($0)" })
    #expect(file.written == 50)
    #expect(file.lost == 0)
  }

  /// Who reads the file sees where something is missing, and how much.
  @Test func whatFoundNoRoomIsAHole() throws {
    // The writer comes only when the half is there, or at the close.
    let file = try file(scratch("log"), capacity: 10, milliseconds: 60_000)
    for number in 1...100_000 { file.append(number) }
    #expect(file.close())
    var next = 1
    var missing = 0
    for line in try FixtureLine.load(scratch("log")).map(\.text) {
      if line.hasPrefix("-") {
        let words = line.dropFirst().split(separator: " ")
        let count = try #require(Int(words[0]))
        missing += count
        next += count
        #expect(words[2] == "the" || Int(words[2]) == next)
      } else {
        #expect(Int(line) == next)
        next += 1
      }
    }
    #expect(next == 100_001)
    #expect(missing > 0)
    #expect(file.lost == UInt64(missing))
    #expect(file.written == UInt64(100_000 - missing))
  }

  @Test func aFullDiskIsToldOnceAndItsEndToo() throws {
    #expect(unsafe symlink("/dev/full", scratch("log")) == 0)
    let told = Mutex<[FileNews]>([])
    let path = scratch("log")
    let file = try file(path) { news in told.withLock { $0.append(news) } }
    for number in 1...3 {
      file.append(number)
      #expect(waitUntil { file.errors == UInt64(number) })
    }
    #expect(file.fault == .failing(path: path, SystemError(ENOSPC)))
    #expect(unsafe unlink(path) == 0)
    file.append(4)
    #expect(waitUntil { file.written == 1 })
    #expect(file.fault == nil)
    #expect(file.close())
    #expect(
      told.withLock { $0 }
        == [.failing(path: path, SystemError(ENOSPC)), .healed(path: path, lost: 3)])
    #expect(try Repository.text(path) == "-3 before 4\n4\n")
    #expect(file.lost == 3)
  }

  @Test func lettingGoOfItWritesWhatWaits() throws {
    do {
      let file = try file(scratch("log"), milliseconds: 60_000)
      file.append(1)
    }
    #expect(waitUntil { (try? Repository.text(scratch("log"))) == "1\n" })
  }

  /// A disk that hangs is left behind: a pipe that nobody reads takes nothing.
  @Test func aDiskThatHangsIsNotWaitedForLong() throws {
    #expect(unsafe mkfifo(scratch("log"), 0o600) == 0)
    let file = try file(scratch("log"), capacity: 100_000)
    for number in 1...50_000 { file.append(number) }
    #expect(!file.close(milliseconds: 50))
    // The writer is let go again, so that the test ends.
    let reader = try Descriptor.open(scratch("log"), O_RDONLY | O_NONBLOCK)
    var bytes: [UInt8] = []
    #expect(
      try waitUntil {
        _ = try reader.read(into: &bytes, limit: 1 << 16)
        return file.close(milliseconds: 0)
      })
  }
}
