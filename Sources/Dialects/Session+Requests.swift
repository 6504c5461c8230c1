// SPDX-License-Identifier: Apache-2.0

import Quantities
import Wire

// Which request is next, and what becomes of it.

extension Session {
  /// The request to send now; `nil` when nothing is due.
  func choose(at now: Tick) -> Job? {
    var next: Job?
    if let chain {
      next = Job(
        request: dialect.polls[chain.poll].requests[chain.part], source: .poll(chain.poll),
        sentAt: now, part: chain.part)
    } else if let request = queue.first {
      next = Job(request: request, source: .queue, sentAt: now)
    } else if let index = choosePoll(at: now) {
      next = Job(request: dialect.polls[index].request, source: .poll(index), sentAt: now)
    }
    guard next != nil, let wake = dialect.wake else { return next }
    let isDrowsy = lastReply.map { now - $0 > Self.wakefulness } ?? true
    return needsWake || isDrowsy ? Job(request: wake, source: .wake, sentAt: now) : next
  }

  /// The poll to send now: the live one first, but one other that is due may go after each.
  private func choosePoll(at now: Tick) -> Int? {
    var live: Int?
    var other: Int?
    for (index, poll) in dialect.polls.enumerated() where due[index] <= now {
      if poll.pace == .live {
        if live == nil { live = index }
      } else if let best = other {
        if due[index] < due[best] { other = index }
      } else {
        other = index
      }
    }
    if lastWasLive, let other { return other }
    return live ?? other
  }

  mutating func send(_ job: Job, at now: Tick) -> Step {
    var job = job
    job.sentAt = now
    job.doubt = nil
    job.hasPart = false
    isGathering = job.part > 0
    if isGathering { gathered = answered }
    job.frames.removeAll(keepingCapacity: true)
    // What lies here now came before the question.
    skipAll()
    evidence.ask(job.request.bytes, goesOn: job.part > 0 && job.attempt == 1)
    if job.source == .queue, job.attempt == 1 { queue.removeFirst() }
    statistics.requests += 1
    if job.request.isAnswered {
      activity = .awaiting(until: now + job.request.timeout + linkDelay)
      self.job = job
    } else {
      settle(job, at: now)
    }
    return .send(job.request.bytes)
  }

  mutating func timedOut(at now: Tick) {
    rejectUnfinished(at: now)
    skipAll()
    if let job, job.doubt == nil {
      statistics.timeouts += 1
      if job.source == .wake, job.attempt == 1, lastReply == nil, !toldAsleep {
        pending = .asleep
        toldAsleep = true
      }
    }
    activity = .quieting(until: now + Self.quietTime, limit: now + Self.longestQuieting)
  }

  /// Sends the request under way again; gives it up after its last try.
  mutating func tryAgain(at now: Tick) -> Step? {
    activity = .idle
    guard var job else { return nil }
    if job.attempt < job.request.tries {
      job.attempt += 1
      return send(job, at: now)
    }
    self.job = nil
    chain = nil
    needsWake = true
    if case .poll(let index) = job.source, dialect.polls[index].isOptional, job.doubt == nil {
      due[index] = .never
      statistics.declined += job.attempt
      return nil
    }
    statistics.consecutiveFailures += 1
    switch job.source {
    case .wake: notBefore = now + min(rates.livePeriod, Self.longestPause)
    case .poll(let index): postpone(index, at: now)
    // A write that was not acknowledged may have been carried out all the same.
    case .queue: notBefore = now + job.request.pauseAfter
    case .heard: break
    }
    return .fault(job.doubt.map(Fault.garbled) ?? .silent(request: job.request.tag))
  }

  mutating func finish(_ job: Job, at now: Tick) {
    statistics.replies += 1
    statistics.consecutiveFailures = 0
    statistics.latency.count(now - job.sentAt)
    lastReply = now
    settle(job, at: now)
    takeWanted(at: now)
  }

  mutating func refused(_ job: Job, _ command: UInt8, _ code: UInt8, at now: Tick) -> Step? {
    statistics.refusals += 1
    statistics.latency.count(now - job.sentAt)
    lastReply = now
    if job.attempt < job.request.tries, dialect.transientCodes.contains(code) {
      activity = .quieting(until: now + Self.quietTime, limit: now + Self.longestQuieting)
      return nil
    }
    statistics.replies += 1
    statistics.consecutiveFailures = 0
    settle(job, at: now)
    if case .poll(let index) = job.source, dialect.polls[index].isOptional {
      // It is not there, as with one that nobody answers.
      due[index] = .never
      return nil
    }
    return .fault(.refused(command: command, code: code))
  }

  /// The request under way has had its answer.
  private mutating func settle(_ job: Job, at now: Tick) {
    self.job = nil
    isGathering = false
    activity = .idle
    notBefore = now + job.request.pauseAfter
    pauseEnds = notBefore
    switch job.source {
    case .wake:
      needsWake = false
      if job.attempt > 1 { statistics.wakeUps += 1 }
      return
    case .queue:
      if job.request.pauseAfter > 0 {
        for (index, poll) in dialect.polls.enumerated() where poll.afterWrites {
          due[index] = min(due[index], now)
        }
      }
    case .poll(let index):
      chain = nil
      // A poll is due again its period after it was due, which its first request tells.
      if job.part == 0 {
        lastWasLive = dialect.polls[index].pace == .live
        reschedule(index, at: now)
      }
    case .heard: break
    }
    // Sent more than once, answered once: a second answer may still come.
    if job.attempt > 1 { needsWake = true }
  }

  private mutating func reschedule(_ index: Int, at now: Tick) {
    due[index] =
      period(of: dialect.polls[index]).map { following(due[index], every: $0, at: now) } ?? .never
  }

  /// The next of the moments `period` apart; moments missed are not made up for.
  private func following(_ last: Tick, every period: Int64, at now: Tick) -> Tick {
    guard last.milliseconds != .min else { return now + period }
    let next = last + period
    return next > now ? next : now + period
  }

  /// A poll that was given up comes again soon; the live one at once.
  private mutating func postpone(_ index: Int, at now: Tick) {
    lastWasLive = dialect.polls[index].pace == .live
    switch dialect.polls[index].pace {
    case .live: due[index] = now
    case .every(let period): due[index] = now + min(period, 5000)
    case .once: due[index] = now + 5000
    }
  }

  /// Puts off what need not be asked while live values come unasked; what was never answered is still
  /// asked.
  mutating func putOffStandby(at now: Tick) {
    for (index, poll) in dialect.polls.enumerated() where poll.isStandby && due[index] > Tick(.min)
    {
      if let period = period(of: poll) { due[index] = now + period }
    }
  }

  /// Makes the polls due that reading the last frame asked for.
  mutating func takeWanted(at now: Tick) {
    var wanted = facts.takeWanted()
    while wanted != 0 {
      let index = wanted.trailingZeroBitCount
      wanted &= wanted - 1
      if index < due.count { due[index] = min(due[index], now) }
    }
  }
}
