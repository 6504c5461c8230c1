// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import History

@Suite struct CrashTests {
  private func copy(_ source: Folder) throws -> Folder {
    let target = try Folder()
    for ending in ["", "-wal"] {
      let path = source.path("history.db" + ending)
      guard FileManager.default.fileExists(atPath: path) else { continue }
      try FileManager.default.copyItem(
        atPath: path, toPath: target.path("history.db" + ending))
    }
    return target
  }

  /// What a kill at any moment leaves is what the kernel was given until then.
  @Test(arguments: UInt64(1)...6)
  func `a kill between statements loses nothing and doubles nothing`(seed: UInt64) throws {
    var random = Seeded(seed)
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 400, seed: seed)
    var done = 0
    while done < records.count {
      let count = min(Int.random(in: 1...9, using: &random), records.count - done)
      let now = records[done + count - 1].moment
      if Int.random(in: 0..<6, using: &random) == 0 {
        // Killed in the middle: statements have run, the commit has not.
        var next = store.tails
        try store.connection.run("BEGIN IMMEDIATE")
        _ = try store.extend(&next, by: Array(records[done..<done + count]))
        try store.packComplete(&next, at: now)
        let killed = try copy(folder)
        try store.connection.run("ROLLBACK")
        let survivor = try HistoryStore(path: killed.path(), at: now)
        #expect(try survivor.all() == Array(records[..<done]), "seed \(seed)")
      }
      try store.append(Array(records[done..<done + count]), at: now)
      done += count
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
      let killed = try copy(folder)
      let survivor = try HistoryStore(path: killed.path(), at: now, boot: 1)
      #expect(survivor.setAside == nil)
      #expect(try survivor.all() == Array(records[..<done]), "seed \(seed)")
      // The sender begins again from the first record: nothing is doubled.
      try survivor.append(Array(records[..<done]), at: now)
      #expect(try survivor.all() == Array(records[..<done]), "seed \(seed)")
    }
  }

  /// A write that a loss of power cut short at any byte of the log.
  @Test(arguments: UInt64(11)...14)
  func `a torn commit is there as a whole or not at all`(seed: UInt64) throws {
    var random = Seeded(seed)
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 200, seed: seed)
    var outcomes: Set<Int> = []
    for start in stride(from: 0, to: records.count, by: 10) {
      let before = try copy(folder)
      try store.append(Array(records[start..<start + 10]), at: records[start + 9].moment)
      let old = try Data(contentsOf: URL(filePath: before.path("history.db-wal")))
      let new = try Data(contentsOf: URL(filePath: folder.path("history.db-wal")))
      for _ in 0..<3 {
        let cut = Int.random(in: min(old.count, new.count)...new.count, using: &random)
        let torn = try copy(before)
        try new.prefix(cut).write(to: URL(filePath: torn.path("history.db-wal")))
        let survivor = try HistoryStore(path: torn.path(), at: records[start + 9].moment)
        let count = try survivor.all().count
        #expect(survivor.setAside == nil)
        #expect(count == start || count == start + 10, "seed \(seed), cut at \(cut)")
        #expect(try survivor.all() == Array(records[..<count]), "seed \(seed), cut at \(cut)")
        outcomes.insert(count - start)
      }
    }
    #expect(outcomes.contains(0))
  }
}
