// SPDX-License-Identifier: Apache-2.0
import Quantities

/// The durable log of one gateway: the only writer of its file.
///
/// Whatever `append` has returned for is on the disk: a kill or a loss of power after that takes
/// nothing away. For one thread at a time; it never waits for anything but the disk.
package final class HistoryStore {
  /// What may be chosen.
  package struct Settings: Sendable {
    /// How long a minute waits for late records after its end, in milliseconds.
    package var grace: Int64 = 15_000
    /// What is kept for how long.
    package var retention = Retention()

    /// The usual choices: 15 s, and all that 1 GiB has room for.
    package init() {}
  }

  /// A damaged file that made room for a new one.
  package struct SetAside: Hashable, Sendable {
    /// Where it lies now.
    package let path: String
    /// What was wrong with it.
    package let reason: String
  }

  /// Reads what this store has written.
  package let reader: HistoryReader
  /// The run of the gateway that writes; records carry it.
  package let boot: Int64
  /// The damaged file that was found at this path; `nil` when all was well.
  package let setAside: SetAside?
  /// Records that were refused because they are stored already.
  package private(set) var repeated = 0

  let settings: Settings
  let connection: Connection
  var tails: [Tail.Stream: Tail] = [:]
  var wear = Wear()
  private let lock: FileLock

  /// Opens the history at `path`, or begins one, and packs what the last run left open.
  ///
  /// A new run of the gateway begins, unless `boot` names one that is under way. A file that is
  /// known to be damaged (`isDamaged`) is set aside unseen.
  package init(
    path: String, at now: Moment, settings: Settings = Settings(), boot: Int64? = nil,
    isDamaged: Bool = false
  ) throws(HistoryError) {
    self.settings = settings
    let before = Wear.now()
    lock = try FileLock.take(beside: path)
    let opened = try HistoryStore.open(path, at: now, isDamaged: isDamaged)
    connection = opened.connection
    setAside = opened.setAside
    reader = HistoryReader(opened.connection)
    let last = try connection.number("SELECT max(id) FROM boot") ?? 0
    // Seconds since 1970, so that runs differ from those in a history that is no longer there.
    let started = boot ?? max(last + 1, now.wall / 1000)
    self.boot = started
    try connection.transaction { () throws(HistoryError) in try begin(started, at: now) }
    if let before, let after = Wear.now() { wear += after - before }
  }

  /// Packs what was left open and notes that this run begins.
  private func begin(_ boot: Int64, at now: Moment) throws(HistoryError) {
    let damaged = try loadTails()
    for stream in tails.keys.sorted(by: { $0.boot < $1.boot }) {
      guard let tail = tails[stream] else { continue }
      try pack(tail.runs)
    }
    try connection.run("DELETE FROM tail")
    tails = [:]
    try connection.run(
      "INSERT OR IGNORE INTO boot VALUES (?, ?, ?)", .integer(boot), .integer(now.wall),
      .integer(now.monotonic.milliseconds))
    var events = [Event(.started, boot: boot, sequence: 0, at: now)]
    if let setAside {
      events.append(Event(.setAside, boot: boot, sequence: 0, at: now, note: setAside.path))
    }
    if damaged > 0 {
      events.append(Event(.damaged, boot: boot, sequence: 0, at: now, code: Int64(damaged)))
    }
    try insert(events)
  }

  /// The number of a battery, which it is given when the history does not know it yet.
  package func battery(named name: String) throws(HistoryError) -> Int {
    if let known = try reader.battery(named: name) { return known }
    return try metered { () throws(HistoryError) in
      try connection.run("INSERT INTO battery(name) VALUES (?)", .text(name))
      return Int(connection.lastRow)
    }
  }

  /// Stores records and events, all of them or, when it throws, none.
  ///
  /// Records of one battery may come out of order within the open minute; those that are stored
  /// already are passed over. Answers how many were new.
  @discardableResult
  package func append(
    _ records: [Record], events: [Event] = [], at now: Moment
  ) throws(HistoryError) -> Int {
    var next = tails
    var added = 0
    try metered { () throws(HistoryError) in
      try connection.transaction { () throws(HistoryError) in
        added = try extend(&next, by: records)
        try insert(events)
        try packComplete(&next, at: now)
      }
    }
    // Memory follows the file only once the file has it.
    tails = next
    repeated += records.count - added
    return added
  }

  /// Moves a sink's cursor forward, never back, and answers whether it moved.
  @discardableResult
  package func advance(
    _ sink: String, battery: Int, to position: Position
  ) throws(HistoryError) -> Bool {
    try metered { () throws(HistoryError) in
      try connection.run(
        """
        INSERT INTO cursor VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET boot = excluded.boot, sequence = excluded.sequence
        WHERE (excluded.boot, excluded.sequence) > (boot, sequence)
        """, .text(sink), .integer(battery), .integer(position.boot), .integer(position.sequence))
      return connection.changes > 0
    }
  }

  /// Notes an end on purpose; what is in the open minute is packed by the next run.
  package func close(at now: Moment) throws(HistoryError) {
    try metered { () throws(HistoryError) in
      try insert([Event(.stopped, boot: boot, sequence: 0, at: now)])
      // What SQLite would else do after the last count: the log goes into the file.
      try connection.run("PRAGMA wal_checkpoint(PASSIVE)")
    }
    try noteWear(at: now)
  }

  /// What there is, with the wear of today until now.
  package func statistics(at now: Moment) throws(HistoryError) -> HistoryStatistics {
    var statistics = try reader.statistics(at: now.wall)
    guard Wear.now() != nil else { return statistics }
    statistics.writtenToday = (statistics.writtenToday ?? 0) + wear.written
    statistics.storedToday = (statistics.storedToday ?? 0) + wear.stored
    return statistics
  }

  /// Counts what this thread writes during `body`.
  func metered<Result>(
    _ body: () throws(HistoryError) -> Result
  ) throws(HistoryError) -> Result {
    let before = Wear.now()
    defer {
      if let before, let after = Wear.now() { wear += after - before }
    }
    return try body()
  }
}
