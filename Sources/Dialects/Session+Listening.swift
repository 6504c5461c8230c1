// SPDX-License-Identifier: Apache-2.0

import Quantities

// A line on which another host asks: its questions are heard beside the answers.

extension Session {
  /// A conversation that somebody else leads on a line where both sides are heard: nothing is ever sent,
  /// and an answer is understood where its question is one of the dialect's own.
  public init(listening dialect: Dialect, rates: PollRates = PollRates()) {
    self.init(following: dialect)
    self.rates = rates
    ear = Ear(dialect)
  }

  /// Takes the next piece of what was heard; whether there was one.
  mutating func hearNext(at now: Tick) -> Bool {
    ear?.release(at: now)
    guard let piece = ear?.next() else { return false }
    switch piece {
    case .question(let bytes): sent(bytes, at: now)
    case .others(let bytes): take(bytes.span, at: now)
    }
    return true
  }
}

/// Tells the questions of another host from everything else on a line.
struct Ear: Sendable {
  /// A part of what was heard.
  enum Piece: Sendable {
    /// One of the dialect's questions.
    case question([UInt8])
    /// Anything else.
    case others([UInt8])
  }

  /// Milliseconds without a byte after which what began like a question is none.
  static let patience: Int64 = 20

  private let questions: [[UInt8]]
  private var pieces: [Piece] = []
  /// What may be the beginning of a question.
  private var held: [UInt8] = []
  private var heldUntil = Tick.never

  init(_ dialect: Dialect) {
    var questions: [[UInt8]] = []
    if let wake = dialect.wake { questions.append(wake.bytes) }
    for poll in dialect.polls { for request in poll.requests { questions.append(request.bytes) } }
    self.questions = questions
  }

  /// When to look again though nothing comes.
  var due: Tick { heldUntil }

  /// Takes bytes from the line.
  mutating func hear(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    for index in 0..<bytes.count { held.append(bytes[index]) }
    var start = 0
    var place = 0
    while place < held.count {
      if let question = question(at: place) {
        keep(start, place)
        pieces.append(.question(question))
        place += question.count
        start = place
      } else if mayBegin(at: place) {
        break
      } else {
        place += 1
      }
    }
    keep(start, place)
    held.removeSubrange(0..<place)
    heldUntil = held.isEmpty ? .never : now + Self.patience
  }

  /// Gives up on what began like a question and did not go on.
  mutating func release(at now: Tick) {
    guard now >= heldUntil else { return }
    pieces.append(.others(held))
    held = []
    heldUntil = .never
  }

  /// The next piece, taken out.
  mutating func next() -> Piece? { pieces.isEmpty ? nil : pieces.removeFirst() }

  /// Forgets what was heard.
  mutating func forget() {
    pieces = []
    held = []
    heldUntil = .never
  }

  private mutating func keep(_ start: Int, _ end: Int) {
    if start < end { pieces.append(.others(Array(held[start..<end]))) }
  }

  /// The question that stands whole at a place.
  private func question(at place: Int) -> [UInt8]? {
    for question in questions where place + question.count <= held.count {
      if !question.isEmpty, matches(question, at: place, question.count) { return question }
    }
    return nil
  }

  /// Whether the bytes from a place to the end are the beginning of a question.
  private func mayBegin(at place: Int) -> Bool {
    let count = held.count - place
    for question in questions where question.count > count {
      if matches(question, at: place, count) { return true }
    }
    return false
  }

  private func matches(_ question: [UInt8], at place: Int, _ count: Int) -> Bool {
    for index in 0..<count where held[place + index] != question[index] { return false }
    return true
  }
}
