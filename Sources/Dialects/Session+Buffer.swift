// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// From received bytes to steps.

extension Session {
  mutating func append(_ bytes: borrowing Span<UInt8>) {
    let capacity = Self.bufferCapacity
    if head > 0, buffer.count + bytes.count > capacity {
      buffer.removeSubrange(0..<head)
      head = 0
    }
    let excess = buffer.count + bytes.count - capacity
    var start = 0
    if excess > 0 {
      // An answer that never ends: the oldest bytes go.
      let old = min(excess, buffer.count)
      note(old)
      statistics.skippedBytes += excess
      buffer.removeSubrange(0..<old)
      start = excess - old
    }
    following?.hear(bytes, strayFrom: 0, until: start)
    for index in start..<bytes.count { buffer.append(bytes[index]) }
  }

  mutating func forget() {
    buffer.removeAll(keepingCapacity: true)
    head = 0
  }

  /// Passes over all that waits to be understood.
  mutating func skipAll() {
    note(buffer.count - head)
    statistics.skippedBytes += buffer.count - head
    forget()
  }

  mutating func skip(_ count: Int) {
    note(count)
    statistics.skippedBytes += count
    advance(count)
  }

  mutating func advance(_ count: Int) {
    head += count
    if head >= buffer.count { forget() }
  }

  /// Works through the bytes received until they say something or no more can be told from them.
  @inline(__always)
  mutating func understand(at now: Tick) -> Step? {
    while head < buffer.count {
      let available = buffer.count - head
      var found = Scan.skip(available)
      if case .quieting = activity {
      } else {
        found = dialect.scan(buffer.span.extracting(head..<buffer.count), job?.request)
      }
      switch found {
      case .incomplete:
        guard available >= Self.bufferCapacity else { return nil }
        skip(1)
      case .skip(let count): skip(min(max(1, count), available))
      case .frame(let length):
        guard length <= available else { return nil }
        if let step = takeFrame(length, at: now) { return step }
      case .broadcast(let length):
        guard length <= available else { return nil }
        guard !sharesLine else {
          skip(length)
          continue
        }
        if let step = takeBroadcast(length, at: now) { return step }
      }
    }
    return nil
  }

  private mutating func takeBroadcast(_ length: Int, at now: Tick) -> Step? {
    // An answer that is being gathered is no broadcast, and the other way round.
    let goesOn = job == nil && isGathering
    var reading = goesOn ? gathered : Reading()
    guard readFrame(length, answering: nil, into: &reading, isFirst: !goesOn, at: now) == nil
    else {
      skip(length)
      return nil
    }
    advance(length)
    if facts.isLive {
      lastReply = now
      putOffStandby(at: now)
    }
    takeWanted(at: now)
    statistics.broadcasts += 1
    if job == nil {
      isGathering = facts.isPartial
      if isGathering { gathered = reading }
    }
    guard !facts.isPartial, reading.saysAnything else { return nil }
    return judged(reading, of: nil, isLive: facts.isLive, at: now)
  }

  @inline(__always)
  private mutating func takeFrame(_ length: Int, at now: Tick) -> Step? {
    guard let job else {
      skip(length)
      return nil
    }
    var reading = isGathering ? gathered : Reading()
    let failure = readFrame(
      length, answering: job.request, into: &reading, isFirst: !job.hasPart, at: now)
    switch failure {
    case nil where facts.isPartial, .notAReading? where facts.isPartial:
      gather(reading, length, at: now)
      return nil
    case nil where job.source != .queue && reading.saysAnything:
      keepGood(job, length)
      advance(length)
      finish(job, at: now)
      if goesOn(job, reading) { return nil }
      return judged(reading, of: job, isLive: isLive(job), at: now)
    case nil, .notAReading?:
      let bytes =
        job.source == .wake ? nil : job.frames + buffer.span.copy(head, head + length)
      advance(length)
      finish(job, at: now)
      if goesOn(job, reading) { return nil }
      return bytes.map { .answered(job.request, $0) }
    case .refused(let command, let code):
      advance(length)
      return refused(job, command, code, at: now)
    case .implausible(let what):
      statistics.implausible += 1
      reject(Objection(.range, what), job, length, at: now)
      skip(length)
      doubt(.implausible(what), at: now)
      return nil
    case .badChecksum(let found, let computed):
      statistics.badChecksums += 1
      reject(Objection(.checksum, "its checksum does not hold"), job, length, at: now)
      skip(1)
      doubt(.badChecksum(found: found, computed: computed), at: now)
      return nil
    case .some(let error):
      reject(Objection(.shape, "it is no answer to what was asked"), job, length, at: now)
      skip(1)
      doubt(error, at: now)
      return nil
    }
  }

  /// Keeps a frame that is a part of an answer and waits for the next.
  private mutating func gather(_ reading: Reading, _ length: Int, at now: Tick) {
    if job?.source == .queue {
      let frame = buffer.span.copy(head, head + length)
      job?.frames += frame
    }
    job?.hasPart = true
    gathered = reading
    isGathering = true
    advance(length)
    activity = .awaiting(until: now + Self.partTime)
  }

  /// Whether the poll of an answered request has a further one, which then comes next.
  private mutating func goesOn(_ job: Job, _ reading: Reading) -> Bool {
    guard case .poll(let index) = job.source, job.part + 1 < dialect.polls[index].requests.count
    else { return false }
    chain = Chain(poll: index, part: job.part + 1)
    answered = reading
    return true
  }

  /// Reads the frame at the head; what it teaches is kept only when it is believed.
  private mutating func readFrame(
    _ length: Int, answering request: Request?, into reading: inout Reading, isFirst: Bool,
    at now: Tick
  ) -> WireError? {
    var lesson = facts
    lesson.now = now
    lesson.isFirst = isFirst
    lesson.isPartial = false
    lesson.isLive = false
    do throws(WireError) {
      try dialect.read(
        buffer.span.extracting(head..<head + length), request, &lesson, &reading)
    } catch {
      guard error == .notAReading else { return error }
      facts = lesson
      return error
    }
    facts = lesson
    return nil
  }

  /// Whether the answer to a request carries the values that limits are decided from.
  private func isLive(_ job: Job) -> Bool {
    guard case .poll(let index) = job.source else { return false }
    return dialect.polls[index].isLive
  }

  /// A frame looked like the answer and was not believed: the true one may still follow, but not
  /// for long.
  private mutating func doubt(_ error: WireError, at now: Tick) {
    job?.doubt = error
    if case .awaiting(let until) = activity {
      activity = .awaiting(until: min(until, now + Self.quietTime))
    }
  }
}

extension Reading {
  /// Whether anything at all is told, who the battery is and its cutoffs included.
  var saysAnything: Bool { hasValues || cutoffs != Cutoffs() || identity != Identity() }
}
