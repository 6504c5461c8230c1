// SPDX-License-Identifier: Apache-2.0
import Quantities

/// The committed records of one battery and one boot that are not yet packed into blocks.
struct Tail {
  /// A battery and a boot.
  struct Stream: Hashable {
    var battery: Int
    var boot: Int64
  }

  /// Some records that lie in one row.
  struct Chunk {
    /// The row; `nil` until it is written.
    var id: Int64?
    /// The records, in the order in which they came.
    var records: [Record]
    /// Whether further records go to another row.
    var isFull = false
  }

  /// The bytes beyond which a row takes no more: a row and its page's own needs fit one page.
  static let chunkBytes = 720

  /// The highest sequence that is packed; what comes at or before it is taken for a repetition.
  var packed: Int64
  /// The rows.
  var chunks: [Chunk] = []
  /// The sequences in the rows.
  private(set) var sequences: Set<Int64> = []

  /// A tail without rows.
  init(packed: Int64) { self.packed = packed }

  /// Whether a record of this sequence has been stored.
  func holds(_ sequence: Int64) -> Bool { sequence <= packed || sequences.contains(sequence) }

  /// Adds a record to the row that takes more, or to a new one.
  ///
  /// - Returns: The place of the row among `chunks`.
  mutating func add(_ record: Record) -> Int {
    sequences.insert(record.sequence)
    let last = chunks.count - 1
    if last >= 0, !chunks[last].isFull, chunks[last].records.count < 256 {
      chunks[last].records.append(record)
      return last
    }
    chunks.append(Chunk(records: [record]))
    return last + 1
  }

  /// Adds a row that was read from the file.
  mutating func add(_ chunk: Chunk) {
    for record in chunk.records { sequences.insert(record.sequence) }
    chunks.append(chunk)
  }

  /// Forgets the records up to a sequence, which are packed now; rows without records stay, empty.
  mutating func drop(upTo sequence: Int64) {
    packed = max(packed, sequence)
    sequences = sequences.filter { $0 > sequence }
    for index in chunks.indices { chunks[index].records.removeAll { $0.sequence <= sequence } }
  }

  /// The runs of records that are complete: in the order of the log, each within one wall minute.
  ///
  /// A minute is complete once a later one has begun and `grace` milliseconds have passed, because
  /// the records just before an event come late; or when nothing came for a minute; or when
  /// `isEnded`.
  func complete(at now: Tick, grace: Int64, isEnded: Bool) -> [[Record]] {
    var newest: Moment?
    for chunk in chunks {
      for record in chunk.records where record.moment.monotonic >= newest?.monotonic ?? Tick(.min) {
        newest = record.moment
      }
    }
    guard let newest, let first = chunks.first?.records.first else { return [] }
    let isOver = isEnded || now - newest.monotonic >= 60_000 + grace
    // The usual case, told without sorting: one minute, not over.
    if !isOver && first.moment.minute == newest.minute { return [] }
    var runs = runs
    while let last = runs.last?.last, !isOver {
      let isOpen =
        last.moment.minute == newest.minute || newest.monotonic - last.moment.monotonic < grace
      guard isOpen else { break }
      runs.removeLast()
    }
    return runs
  }

  /// All records in the order of the log, cut where the wall minute changes.
  var runs: [[Record]] {
    Tail.runs(of: chunks.flatMap(\.records).sorted { $0.sequence < $1.sequence })
  }

  /// Records in the order of the log, cut where the wall minute changes.
  static func runs(of records: [Record]) -> [[Record]] {
    var runs: [[Record]] = []
    for record in records {
      if let last = runs.last?.last, last.moment.minute == record.moment.minute,
        runs[runs.count - 1].count < Block.capacity
      {
        runs[runs.count - 1].append(record)
      } else {
        runs.append([record])
      }
    }
    return runs
  }
}
