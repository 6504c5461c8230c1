// SPDX-License-Identifier: Apache-2.0
import Quantities

extension HistoryStore {
  /// Adds new records to the open minutes in the file and in `tails`.
  ///
  /// - Returns: How many were new.
  func extend(
    _ tails: inout [Tail.Stream: Tail], by records: [Record]
  ) throws(HistoryError) -> Int {
    var added = 0
    var touched: [Tail.Stream: Set<Int>] = [:]
    for record in records {
      let stream = Tail.Stream(battery: record.battery, boot: record.boot)
      var tail: Tail
      if let known = tails.removeValue(forKey: stream) {
        tail = known
      } else {
        tail = Tail(packed: try packed(stream))
      }
      if !tail.holds(record.sequence) {
        touched[stream, default: []].insert(tail.add(record))
        added += 1
      }
      tails[stream] = tail
    }
    for (stream, places) in touched {
      for place in places.sorted() { try write(place, of: stream, in: &tails) }
    }
    return added
  }

  /// The highest sequence in the blocks of a stream.
  private func packed(_ stream: Tail.Stream) throws(HistoryError) -> Int64 {
    // The block with the highest first sequence also has the highest last one.
    let sql = "SELECT last FROM block WHERE battery = ? AND boot = ? ORDER BY first DESC LIMIT 1"
    let last = try connection.number(sql, .integer(stream.battery), .integer(stream.boot))
    return last ?? .min
  }

  /// Writes a row of the tail as it is now, or removes it when it is empty.
  private func write(
    _ place: Int, of stream: Tail.Stream, in tails: inout [Tail.Stream: Tail]
  ) throws(HistoryError) {
    guard var chunk = tails[stream]?.chunks[place] else { return }
    let payload = try encode(chunk.records)
    chunk.isFull = payload.count > Tail.chunkBytes
    if let id = chunk.id {
      let sql = "UPDATE tail SET payload = ? WHERE id = ?"
      try connection.run(sql, .blob(payload), .integer(id))
    } else {
      try connection.run(
        "INSERT INTO tail(battery, boot, payload) VALUES (?, ?, ?)", .integer(stream.battery),
        .integer(stream.boot), .blob(payload))
      chunk.id = connection.lastRow
    }
    tails[stream]?.chunks[place] = chunk
  }

  /// Adds events that are not there yet.
  func insert(_ events: [Event]) throws(HistoryError) {
    for event in events {
      try connection.run(
        """
        INSERT OR IGNORE INTO event(
          wall, monotonic, battery, boot, sequence, kind, code, previous, note)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, .integer(event.moment.wall), .integer(event.moment.monotonic.milliseconds),
        .integer(event.battery), .integer(event.boot), .integer(event.sequence),
        .text(event.kind.rawValue), .integer(event.code), .optional(event.previous),
        .text(event.note))
    }
  }

  /// Reads what the last run left open.
  ///
  /// - Returns: How many rows could not be read.
  func loadTails() throws(HistoryError) -> Int {
    var damaged = 0
    var loaded: [Tail.Stream: Tail] = [:]
    try connection.rows("SELECT id, payload FROM tail ORDER BY id") {
      (row: borrowing Statement) throws(HistoryError) in
      guard let records = try? Block(row.blob(1)).records(), let first = records.first else {
        damaged += 1
        return true
      }
      let stream = Tail.Stream(battery: first.battery, boot: first.boot)
      var tail = loaded[stream] ?? Tail(packed: .min)
      tail.add(Tail.Chunk(id: row.integer(0), records: records))
      loaded[stream] = tail
      return true
    }
    tails = loaded
    return damaged
  }

  /// The bytes of a block.
  func encode(_ records: [Record]) throws(HistoryError) -> [UInt8] {
    do throws(BlockError) { return try Block.encode(records) } catch { throw .block(error) }
  }

  /// Packs the minutes that are complete, and with them everything that is done once a minute.
  func packComplete(
    _ tails: inout [Tail.Stream: Tail], at now: Moment
  ) throws(HistoryError) {
    var count = 0
    for stream in tails.keys.sorted(by: { ($0.battery, $0.boot) < ($1.battery, $1.boot) }) {
      guard var tail = tails[stream] else { continue }
      // A later run of the gateway ends the minutes of the one before.
      let isEnded = tails.keys.contains { $0.battery == stream.battery && $0.boot > stream.boot }
      let runs = tail.complete(at: now.monotonic, grace: settings.grace, isEnded: isEnded)
      guard let last = runs.last?.last?.sequence else { continue }
      count += runs.count
      try pack(runs)
      let before = tail.chunks
      tail.drop(upTo: last)
      tails[stream] = tail
      for (place, chunk) in tail.chunks.enumerated() {
        if chunk.records.isEmpty {
          if let id = chunk.id { try connection.run("DELETE FROM tail WHERE id = ?", .integer(id)) }
        } else if chunk.records.count < before[place].records.count {
          try write(place, of: stream, in: &tails)
        }
      }
      tails[stream]?.chunks.removeAll { $0.records.isEmpty }
    }
    guard count > 0 else { return }
    try thin(at: now, after: count)
    try noteWear(at: now)
  }

  /// Adds what was written since the last time to the day's count.
  func noteWear(at now: Moment) throws(HistoryError) {
    try connection.run(
      """
      INSERT INTO wear VALUES (?, ?, ?) ON CONFLICT DO UPDATE
      SET written = written + excluded.written, stored = stored + excluded.stored
      """, .integer(now.wall.dividedDown(by: 86_400_000)), .integer(wear.written),
      .integer(wear.stored))
    wear = Wear()
  }
}
