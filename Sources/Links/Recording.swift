// SPDX-License-Identifier: Apache-2.0
import Wire

/// A whole recording as questions and their answers.
package struct Recording: Sendable {
  /// Bytes that came, and how long after the question, in microseconds.
  package struct Piece: Sendable, Equatable {
    /// Microseconds after the question, or after the beginning where nothing was asked before.
    package var delay: Int64
    /// The bytes.
    package var bytes: [UInt8]
  }

  /// A question and what came before the next.
  package struct Exchange: Sendable, Equatable {
    /// Where the question stands: the line's number in its file.
    package var line: Int
    /// What was asked.
    package var request: [UInt8]
    /// What came.
    package var pieces: [Piece] = []
  }

  /// Questions come in pieces where they were only listened to; pieces at most so many microseconds
  /// apart, with no answer between, are one question.
  package static let joins: Int64 = 20_000

  /// The language that was spoken, where the recording says so.
  package private(set) var dialect: String?
  /// What came before the first question.
  package private(set) var before: [Piece] = []
  /// The exchanges in their order.
  package private(set) var exchanges: [Exchange] = []
  /// Lines that are missing.
  package private(set) var lost: UInt64 = 0
  /// Lines that are none of a recording.
  package private(set) var unknown = 0
  private var start: Int64?
  private var last: Int64 = 0

  /// Nothing recorded.
  package init() {}

  /// A recording from its files, in the order of their time.
  package init(_ paths: [String]) throws(LinkError) {
    var reader = TrafficReader(paths)
    while let item = try reader.next() { add(item) }
  }

  /// Adds a line.
  package mutating func add(_ item: TrafficReader.Item) {
    switch item.content {
    case .header(let header): dialect = dialect ?? header.dialect
    case .line(let line): add(line, item.number)
    case .remark: break
    case .unknown: unknown += 1
    }
  }

  private mutating func add(_ line: TrafficLine, _ number: Int) {
    let from = start ?? line.monotonic
    start = from
    switch line.event {
    case .sent(let bytes):
      if let open = exchanges.last, open.pieces.isEmpty, line.monotonic - last <= Self.joins,
        line.monotonic >= last
      {
        exchanges[exchanges.count - 1].request += bytes
      } else {
        exchanges.append(Exchange(line: number, request: bytes))
      }
      start = line.monotonic
      last = line.monotonic
    case .received(let bytes):
      let piece = Piece(delay: max(0, line.monotonic - from), bytes: bytes)
      if exchanges.isEmpty {
        before.append(piece)
      } else {
        exchanges[exchanges.count - 1].pieces.append(piece)
      }
    case .opened, .closed: break
    case .lost(let count): lost += count
    }
  }
}
