// SPDX-License-Identifier: Apache-2.0

extension HistoryStore {
  private static let day: Int64 = 86_400

  /// Removes some of what is too old or too much, after `count` minutes have come in; what is freed
  /// is used again.
  ///
  /// At most eight pieces go for one minute, so that no commit takes long. A piece is 64 blocks or
  /// 512 summaries: more than a minute of many batteries brings in, so what is too much shrinks.
  func thin(at now: Moment, after count: Int) throws(HistoryError) {
    let batteries = try reader.batteries().map(\.number)
    let second = now.wall.dividedDown(by: 1000)
    let isSteady = try isClockSteady(batteries, at: second)
    for _ in 0..<(8 + count / 32) {
      if isSteady, try removeOld(batteries, at: second) { continue }
      guard try bytesInUse > settings.retention.maximumBytes else { return }
      guard try removeExcess(batteries, at: second) else { return }
    }
  }

  /// Removes one piece of what has passed its age; false where there is none.
  private func removeOld(_ batteries: [Int], at second: Int64) throws(HistoryError) -> Bool {
    for layer in Retention.Layer.allCases {
      guard let days = settings.retention.days(layer) else { continue }
      let limit = second - days * HistoryStore.day
      for battery in batteries {
        if try remove(layer, battery, before: limit) { return true }
      }
    }
    return false
  }

  /// Whether a battery was also heard the day before, by today's clock.
  ///
  /// A clock that leaps ahead must not make everything old: nothing goes for its age until the clock
  /// has stood so for a day.
  private func isClockSteady(_ batteries: [Int], at second: Int64) throws(HistoryError) -> Bool {
    guard settings.retention.days(.records) != nil else { return false }
    let yesterday = (second.dividedDown(by: HistoryStore.day) - 1) * HistoryStore.day
    for battery in batteries {
      let heard = try connection.number(
        "SELECT 1 FROM rollup WHERE span = 86400 AND battery = ? AND start = ? LIMIT 1",
        .integer(battery), .integer(yesterday))
      if heard != nil { return true }
    }
    return false
  }

  /// Removes one piece of what there is no room for; false where nothing is left to go.
  ///
  /// What is finest and oldest goes first; the last month of records, the last year of minutes and
  /// the last ten years of hours only when nothing else is left. Days are kept for ever.
  private func removeExcess(_ batteries: [Int], at second: Int64) throws(HistoryError) -> Bool {
    if try removeEvents() { return true }
    for isSparing in [true, false] {
      for layer in Retention.Layer.allCases {
        let limit = isSparing ? second - layer.spared * HistoryStore.day : .max
        if layer == .records {
          if try removeOldestBlocks(before: limit) { return true }
          continue
        }
        // The battery with the oldest piece first, so that all reach back equally far.
        var oldest: (battery: Int, start: Int64)?
        for battery in batteries {
          guard let start = try first(layer.span ?? 0, battery), start < oldest?.start ?? limit
          else { continue }
          oldest = (battery, start)
        }
        if let oldest, try remove(layer, oldest.battery, before: limit) { return true }
      }
    }
    return false
  }

  /// Removes one piece of a layer that began before a time in seconds; false where there is none.
  private func remove(
    _ layer: Retention.Layer, _ battery: Int, before second: Int64
  ) throws(HistoryError) -> Bool {
    guard let span = layer.span else {
      try connection.run(
        """
        DELETE FROM block WHERE id IN (
          SELECT id FROM block WHERE battery = ? AND start < ? ORDER BY start LIMIT 64)
        """, .integer(battery), .integer(second * 1000))
      return connection.changes > 0
    }
    guard let start = try first(span, battery), start < second else { return false }
    // Far more rows than one start has, so that something goes, and always whole starts.
    let end = try connection.number(
      "SELECT start FROM rollup WHERE span = ? AND battery = ? ORDER BY start LIMIT 1 OFFSET 512",
      .integer(span), .integer(battery))
    try connection.run(
      "DELETE FROM rollup WHERE span = ? AND battery = ? AND start < ?", .integer(span),
      .integer(battery), .integer(min(second, end ?? second)))
    return true
  }

  /// Removes the blocks that were stored first, of whatever battery, if they began before a time.
  private func removeOldestBlocks(before second: Int64) throws(HistoryError) -> Bool {
    let wall = second == .max ? second : second * 1000
    try connection.run(
      "DELETE FROM block WHERE id IN (SELECT id FROM block ORDER BY id LIMIT 64) AND start < ?",
      .integer(wall))
    return connection.changes > 0
  }

  /// Removes some of the oldest events when they take more than an eighth of the room.
  ///
  /// An alarm that flaps for weeks must not push out the measured values.
  private func removeEvents() throws(HistoryError) -> Bool {
    guard let first = try connection.number("SELECT min(id) FROM event"),
      let last = try connection.number("SELECT max(id) FROM event")
    else { return false }
    // An event and its places in two indexes take about 128 bytes.
    guard (last - first + 1) * 128 > settings.retention.maximumBytes / 8 else { return false }
    try connection.run("DELETE FROM event WHERE id < ?", .integer(first + 512))
    return true
  }

  /// The start of the first summary of a span, in seconds.
  private func first(_ span: Int64, _ battery: Int) throws(HistoryError) -> Int64? {
    try connection.number(
      "SELECT min(start) FROM rollup WHERE span = ? AND battery = ?", .integer(span),
      .integer(battery))
  }

  /// Bytes of the pages that hold something.
  var bytesInUse: Int64 {
    get throws(HistoryError) {
      let pages = try connection.number("PRAGMA page_count") ?? 0
      let free = try connection.number("PRAGMA freelist_count") ?? 0
      return (pages - free) * (try connection.number("PRAGMA page_size") ?? 0)
    }
  }
}
