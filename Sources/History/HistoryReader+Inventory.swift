// SPDX-License-Identifier: Apache-2.0

/// What a history holds of one battery, resolution by resolution.
package struct Inventory: Sendable {
  /// One resolution of one battery.
  package struct Shelf: Hashable, Sendable {
    /// How finely it tells.
    package let resolution: Resolution
    /// Wall time of its first record or span, in milliseconds since 1970.
    package let from: Int64
    /// Wall time of its last record, or the end of its last span.
    package let to: Int64
    /// How many records there are; `nil` for summaries, which are not counted.
    package let records: Int64?
  }

  /// The battery's number.
  package let battery: Int
  /// The battery's name.
  package let name: String
  /// What there is, the finest first; what there is nothing of is left out.
  package let shelves: [Shelf]
}

/// About how many bytes of a history each resolution takes.
package struct Holdings: Hashable, Sendable {
  /// Packed records, from a sample of their blocks.
  package var records: Int64 = 0
  /// Summaries of a minute: what nothing else accounts for.
  package var minutes: Int64 = 0
  /// Summaries of an hour.
  package var hours: Int64 = 0
  /// Summaries of days.
  package var days: Int64 = 0
  /// Events.
  package var events: Int64 = 0
  /// Pages that were freed and will be used again.
  package var free: Int64 = 0
}

extension HistoryReader {
  /// What there is of each battery.
  package func inventory() throws(HistoryError) -> [Inventory] {
    try unchanging { () throws(HistoryError) in
      var all: [Inventory] = []
      for (number, name) in try batteries() {
        var shelves: [Inventory.Shelf] = []
        if let (from, to) = try records(of: number) {
          let packed = try connection.number(
            "SELECT sum(count) FROM block WHERE battery = ?", .integer(number))
          let count = (packed ?? 0) + Int64(try tail(battery: number).count)
          shelves.append(.init(resolution: .raw, from: from, to: to, records: count))
        }
        for resolution in [Resolution.minute, .hour, .days(1)] {
          guard let span = resolution.seconds,
            let first = try edge("min", number, span: span),
            let last = try edge("max", number, span: span)
          else { continue }
          shelves.append(
            .init(resolution: resolution, from: first, to: last + span * 1000, records: nil))
        }
        all.append(Inventory(battery: number, name: name, shelves: shelves))
      }
      return all
    }
  }

  /// Wall times of a battery's first and last record.
  private func records(of battery: Int) throws(HistoryError) -> (from: Int64, to: Int64)? {
    let open = try tail(battery: battery)
    let times = open.map(\.moment.wall)
    let first = try connection.number(
      "SELECT min(start) FROM block WHERE battery = ?", .integer(battery))
    let last = try connection.number(
      "SELECT end FROM block WHERE battery = ? ORDER BY start DESC LIMIT 1", .integer(battery))
    guard let from = ([first].compactMap { $0 } + times).min(),
      let to = ([last].compactMap { $0 } + times).max()
    else { return nil }
    return (from, to)
  }

  /// About how many bytes each resolution takes.
  package func holdings() throws(HistoryError) -> Holdings {
    try unchanging { () throws(HistoryError) in
      var holdings = Holdings()
      let page = try connection.number("PRAGMA page_size") ?? 0
      let pages = try connection.number("PRAGMA page_count") ?? 0
      holdings.free = try (connection.number("PRAGMA freelist_count") ?? 0) * page
      // A block and its places in two indexes take some 80 bytes more than what is packed.
      let blocks = try connection.number("SELECT count(*) FROM block") ?? 0
      holdings.records = blocks * (try packedBytesOfOne() + 80)
      let hours = try connection.number("SELECT count(*) FROM rollup WHERE span = 3600")
      let days = try connection.number("SELECT count(*) FROM rollup WHERE span = 86400")
      holdings.hours = (hours ?? 0) * 32
      holdings.days = (days ?? 0) * 32
      holdings.events = try (connection.number("SELECT count(*) FROM event") ?? 0) * 128
      let rest = pages * page - holdings.free - holdings.records - holdings.hours - holdings.days
      holdings.minutes = max(0, rest - holdings.events)
      return holdings
    }
  }

  /// The mean size of a packed block, from at most 256 of them.
  func packedBytesOfOne() throws(HistoryError) -> Int64 {
    guard let first = try connection.number("SELECT min(id) FROM block"),
      let last = try connection.number("SELECT max(id) FROM block")
    else { return 0 }
    var total: Int64 = 0
    var count: Int64 = 0
    for place in stride(from: first, through: last, by: Int64.Stride(max(1, (last - first) / 255)))
    {
      let sql = "SELECT length(payload) FROM block WHERE id >= ? LIMIT 1"
      guard let length = try connection.number(sql, .integer(place)) else { continue }
      total += length
      count += 1
    }
    return count > 0 ? total / count : 0
  }

  /// Wall time of the last that is known of a battery, in milliseconds since 1970; `nil` without
  /// anything.
  package func newest(battery: Int) throws(HistoryError) -> Int64? {
    try unchanging { () throws(HistoryError) in
      if let record = try records(of: battery)?.to { return record }
      let end = try newest(battery)
      return end == .min ? nil : end - 1
    }
  }
}
