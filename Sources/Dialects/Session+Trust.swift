// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// What is believed, and the bytes of what is not.

/// The bytes of the question under way and of what came in answer.
struct Evidence: Sendable {
  /// What was asked, by all requests of the poll so far.
  private(set) var asked: [UInt8] = []
  /// What came since.
  private(set) var heard: [UInt8] = []
  /// Where in `heard` the answer to the last request begins.
  private(set) var start = 0
  /// How many bytes came in answer to the last request, kept or not.
  private(set) var count = 0
  /// How many of the bytes that came so far are those of the last request itself; -1 once they are not.
  private var echoed = 0
  private var question: [UInt8] = []
  /// The last good answer to each poll's first request.
  var good: [[UInt8]] = []

  /// A request goes out; it goes on from those before where it is of the same poll.
  mutating func ask(_ bytes: [UInt8], goesOn: Bool) {
    if !goesOn {
      asked.removeAll(keepingCapacity: true)
      heard.removeAll(keepingCapacity: true)
    }
    if asked.count < Rejection.longestRequest { asked += bytes }
    start = heard.count
    count = 0
    echoed = 0
    question = bytes
  }

  /// Bytes came; whether the request itself is now complete among them.
  mutating func hear(_ bytes: borrowing Span<UInt8>) -> Bool {
    var isEcho = false
    for index in 0..<bytes.count {
      if heard.count < Rejection.longestReply { heard.append(bytes[index]) }
      guard echoed >= 0, echoed < question.count else { continue }
      echoed = bytes[index] == question[echoed] ? echoed + 1 : -1
      if echoed == question.count { isEcho = true }
    }
    count += bytes.count
    return isEcho
  }
}

extension Session {
  /// Keeps what came for the case that it is not believed.
  mutating func hear(_ bytes: borrowing Span<UInt8>) {
    if job == nil { statistics.unasked += bytes.count }
    if evidence.hear(bytes), job != nil { statistics.echoes += 1 }
  }

  /// What becomes of a whole reading: it is told where it is believed.
  ///
  /// Where it is not, it is asked for
  /// again at once, as often as the gate has patience; an impossible one is a fault besides.
  mutating func judged(_ reading: Reading, of job: Job?, isLive: Bool, at now: Tick) -> Step? {
    guard gate != nil else { return .reading(reading, isLive: isLive) }
    var reading = reading
    var question = dialect.polls.count
    if case .poll(let index) = job?.source { question = index }
    while disbelieved.count <= question { disbelieved.append(0) }
    let found = gate?.clean(&reading)
    noteSensors(reading, isStripped: found?.isStripped == true, at: now)
    let impossible = found?.objection
    guard
      let objection = impossible
        ?? gate?.judge(reading, on: question, isLive: isLive, at: now)
    else {
      disbelieved[question] = 0
      return .reading(reading, isLive: isLive)
    }
    reject(objection, at: now)
    disbelieved[question] += 1
    if disbelieved[question] <= Gate.patience, case .poll(let index) = job?.source {
      // Before all that is due by the clock.
      due[index] = Tick(.min)
    }
    guard let impossible else { return nil }
    statistics.implausible += 1
    return .fault(.garbled(.implausible(impossible.what)))
  }

  /// Says once that a sensor stands for none.
  private mutating func noteSensors(_ reading: Reading, isStripped: Bool, at now: Tick) {
    guard reading.temperatures.count > 0, isStripped != self.isStripped else { return }
    self.isStripped = isStripped
    if isStripped { reject(Objection(.sentinel, "a sensor tells that it is none"), at: now) }
  }

  /// Counts what was withheld, with all that was asked and came for it.
  private mutating func reject(_ objection: Objection, at now: Tick) {
    rejections.note(
      Rejection(objection, at: now, request: evidence.asked, reply: evidence.heard))
  }

  /// Counts a frame at the head that was not believed.
  mutating func reject(_ objection: Objection, _ job: Job, _ length: Int, at now: Tick) {
    let frame = buffer.span.copy(head, head + min(length, Rejection.longestReply))
    var good: [UInt8] = []
    if case .poll(let index) = job.source, job.part == 0, index < evidence.good.count {
      good = evidence.good[index]
    }
    rejections.note(
      Rejection(objection, at: now, request: job.request.bytes, reply: frame, good: good))
  }

  /// Keeps the frame at the head as a good one.
  mutating func keepGood(_ job: Job, _ length: Int) {
    guard gate != nil, job.part == 0, case .poll(let index) = job.source else { return }
    while evidence.good.count <= index { evidence.good.append([]) }
    evidence.good[index].removeAll(keepingCapacity: true)
    for place in head..<head + min(length, Rejection.longestReply) {
      evidence.good[index].append(buffer[place])
    }
  }

  /// Counts what came in answer to the request under way and never became one.
  mutating func rejectUnfinished(at now: Tick) {
    guard let job, job.doubt == nil, evidence.count > 0 else { return }
    let isBegun = head < buffer.count || job.hasPart
    if isBegun { statistics.incomplete += 1 } else { statistics.babble += 1 }
    let reply = evidence.heard[min(evidence.start, evidence.heard.count)...]
    let objection =
      isBegun
      ? Objection(.cut, "the answer ended too early")
      : Objection(.babble, "what came is no answer in this language")
    rejections.note(
      Rejection(objection, at: now, request: job.request.bytes, reply: Array(reply)))
  }
}
