// SPDX-License-Identifier: Apache-2.0

/// The battery's side of a recording: to a question that was recorded it gives the answer that was
/// recorded, without input or output; it is fed bytes and time.
///
/// A question that comes again gets the next of its answers; after the last, the first. What came
/// before any question is told by itself. A question that was never recorded gets no answer.
package struct RecordedUnit: Sendable {
  /// What to do next.
  package enum Step: Equatable, Sendable {
    /// These bytes are heard.
    case send([UInt8])
    /// Nothing before this moment, in microseconds; `nil` until something is asked.
    case wait(until: Int64?)
  }

  /// How many questions were answered.
  package private(set) var answered = 0
  /// Questions that are not in the recording, each once, with how often they came.
  package private(set) var unanswered: [(bytes: [UInt8], count: Int)] = []

  private let recording: Recording
  /// How many times as fast as it was; 0 gives all at once.
  private let speed: Int64
  /// The answers of each question, and how many were given.
  ///
  /// Each question goes on by itself: who asks one of them more often does not lose answers of the others.
  private var requests: [[UInt8]: (exchanges: [Int], given: Int)]
  private var asked: [UInt8] = []
  private var askedAt: Int64 = 0
  private var pieces: ArraySlice<Recording.Piece>
  private var since: Int64

  /// A silence after which bytes that are the beginning of no question count as one, in
  /// microseconds.
  private static let patience: Int64 = 50_000

  /// The unit of a recording, which begins to speak at a moment in microseconds.
  package init(_ recording: Recording, speed: Int64, at now: Int64) {
    self.recording = recording
    self.speed = speed
    requests = [:]
    for (index, exchange) in recording.exchanges.enumerated() {
      requests[exchange.request, default: ([], 0)].exchanges.append(index)
    }
    pieces = recording.before[...]
    since = now
  }

  /// Whether nothing is left to be told, and nothing can be asked.
  package var isOver: Bool { requests.isEmpty && pieces.isEmpty }

  /// Takes bytes that were sent to the unit, in any portions.
  package mutating func received(_ bytes: [UInt8], at now: Int64) {
    asked += bytes
    askedAt = now
    while !asked.isEmpty {
      if let request = longest() {
        answer(request, at: now)
        asked.removeFirst(request.count)
        continue
      }
      if requests.keys.contains(where: { $0.starts(with: asked) }) { return }
      giveUp()
    }
  }

  /// What to do now; to be called again until it says to wait.
  package mutating func next(at now: Int64) -> Step {
    if !asked.isEmpty, now - askedAt >= Self.patience { giveUp() }
    let limit = asked.isEmpty ? nil : askedAt + Self.patience
    guard let piece = pieces.first else { return .wait(until: limit) }
    let due = since + (speed == 0 ? 0 : piece.delay / speed)
    guard now >= due else { return .wait(until: min(due, limit ?? due)) }
    pieces.removeFirst()
    return .send(piece.bytes)
  }

  /// The longest question with which the bytes begin.
  private func longest() -> [UInt8]? {
    requests.keys.filter { asked.starts(with: $0) }.max { $0.count < $1.count }
  }

  private mutating func answer(_ request: [UInt8], at now: Int64) {
    guard var known = requests[request] else { return }
    let index = known.exchanges[known.given % known.exchanges.count]
    known.given += 1
    requests[request] = known
    answered += 1
    pieces = recording.exchanges[index].pieces[...]
    since = now
  }

  /// What was asked is in no recording; where a known question begins in it, that is kept.
  private mutating func giveUp() {
    var count = 1
    while count < asked.count {
      let rest = asked[count...]
      if requests.keys.contains(where: { $0.starts(with: rest) || rest.starts(with: $0) }) { break }
      count += 1
    }
    let bytes = Array(asked[..<count])
    asked.removeFirst(count)
    if let index = unanswered.firstIndex(where: { $0.bytes == bytes }) {
      unanswered[index].count += 1
    } else if unanswered.count < 100 {
      unanswered.append((bytes, 1))
    }
  }
}
