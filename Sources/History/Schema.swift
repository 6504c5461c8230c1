// SPDX-License-Identifier: Apache-2.0

/// The tables of a history and how older forms become this one.
enum Schema {
  /// What `file` and SQLite know the file by: the letters "CELB".
  static let applicationID: Int64 = 0x4345_4C42
  /// The form that this program writes.
  static var version: Int64 { Int64(steps.count) }

  /// The way from each form to the next; a published step is never changed, a new one is added.
  private static let steps: [String] = [first]

  private static let first = """
    -- The names of batteries. 0 stands for the gateway itself and has no row.
    CREATE TABLE battery(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    -- Runs of the gateway with both clocks (ms) at their start.
    CREATE TABLE boot(
      id INTEGER PRIMARY KEY, wall INTEGER NOT NULL, monotonic INTEGER NOT NULL) STRICT;
    -- Committed records whose minute is still open, a few to a row.
    CREATE TABLE tail(
      id INTEGER PRIMARY KEY, battery INTEGER NOT NULL, boot INTEGER NOT NULL,
      payload BLOB NOT NULL) STRICT;
    -- A minute of one battery: sequences and wall times (ms) of its first and last record.
    CREATE TABLE block(
      id INTEGER PRIMARY KEY, battery INTEGER NOT NULL, boot INTEGER NOT NULL,
      first INTEGER NOT NULL, last INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
      count INTEGER NOT NULL, payload BLOB NOT NULL, UNIQUE(battery, boot, first)) STRICT;
    CREATE INDEX block_start ON block(battery, start, count);
    -- Summaries; span and start (since 1970, UTC) in seconds, numbers in steps of the scale.
    CREATE TABLE rollup(
      span INTEGER NOT NULL, battery INTEGER NOT NULL, start INTEGER NOT NULL,
      point INTEGER NOT NULL, count INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
      sum INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY(span, battery, start, point)) STRICT, WITHOUT ROWID;
    -- The newest value of each point that has been packed, so that counters survive everything.
    CREATE TABLE latest(
      battery INTEGER NOT NULL, point INTEGER NOT NULL, value INTEGER NOT NULL,
      boot INTEGER NOT NULL, sequence INTEGER NOT NULL, wall INTEGER NOT NULL,
      PRIMARY KEY(battery, point)) STRICT, WITHOUT ROWID;
    -- What happened; battery 0 is the gateway.
    CREATE TABLE event(
      id INTEGER PRIMARY KEY, wall INTEGER NOT NULL, monotonic INTEGER NOT NULL,
      battery INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      kind TEXT NOT NULL, code INTEGER NOT NULL, previous INTEGER, note TEXT NOT NULL,
      UNIQUE(battery, boot, sequence, kind, code)) STRICT;
    CREATE INDEX event_wall ON event(wall);
    -- How far each sink has taken over each battery's records.
    CREATE TABLE cursor(
      sink TEXT NOT NULL, battery INTEGER NOT NULL, boot INTEGER NOT NULL,
      sequence INTEGER NOT NULL, PRIMARY KEY(sink, battery)) STRICT, WITHOUT ROWID;
    -- Bytes handed to the system, and bytes that it had to put on the disk for them, by day (UTC).
    CREATE TABLE wear(
      day INTEGER PRIMARY KEY, written INTEGER NOT NULL, stored INTEGER NOT NULL) STRICT;
    """

  /// Makes a new file a history and an older history one of today's form.
  static func prepare(_ connection: Connection) throws(HistoryError) {
    let path = connection.path
    let tables = try connection.number("SELECT count(*) FROM sqlite_schema") ?? 0
    let application = try connection.number("PRAGMA application_id") ?? 0
    guard application == applicationID || (tables == 0 && application == 0) else {
      throw .foreign(path: path)
    }
    let found = try connection.number("PRAGMA user_version") ?? 0
    guard found <= version else { throw .newer(path: path, found: found, known: version) }
    if tables == 0 {
      // Small pages: each commit writes whole pages, and one small page is what a second needs.
      try connection.run("PRAGMA page_size=1024")
    }
    try connection.run("PRAGMA journal_mode=WAL")
    try connection.run(
      """
      PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;
      PRAGMA journal_size_limit=8388608; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2000
      """)
    guard found < version else { return }
    try connection.transaction { () throws(HistoryError) in
      for step in steps[Int(found)...] { try connection.run(step) }
      try connection.run("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(version)")
    }
  }

  /// Whether a file that is only read is a history that this program knows.
  static func check(_ connection: Connection) throws(HistoryError) {
    guard try connection.number("PRAGMA application_id") == applicationID else {
      throw .foreign(path: connection.path)
    }
    let found = try connection.number("PRAGMA user_version") ?? 0
    guard found <= version else {
      throw .newer(path: connection.path, found: found, known: version)
    }
  }
}
