// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities
import Wire

/// The conversation with one battery, without input or output: it is fed bytes and time, and
/// answers with what to do next.
///
/// One request is in flight at a time. A frame becomes a reading only when its shape answers that
/// request, its checksum holds and its content is believable. Wherever a late or doubled answer
/// could be taken for the answer to another request, the session first sends the dialect's harmless
/// `wake` request: a serial device answers in order, so that everything before the answer to that
/// one is old.
public struct Session: Sendable {
  /// The most bytes that wait to be understood; what comes beyond pushes out the oldest.
  public static let bufferCapacity = 1024
  /// Milliseconds without a byte after which a line is taken to be quiet.
  public static let quietTime: Int64 = 50
  /// Milliseconds after which a line that never falls quiet is sent to all the same.
  public static let longestQuieting: Int64 = 250
  /// Milliseconds without an answer after which the device may have fallen asleep.
  public static let wakefulness: Int64 = 8000
  /// Milliseconds without a further frame after which an answer in parts is given up.
  public static let partTime: Int64 = 150
  /// The longest pause, in milliseconds, between two calls to a device that does not answer.
  public static let longestPause: Int64 = 1000

  /// The language that is spoken.
  public let dialect: Dialect
  /// How fast it is asked; may be changed at any time.
  public var rates: PollRates
  /// Milliseconds that the link may add to each answer: none on a wire, more through a network.
  public var linkDelay: Int64 = 0
  /// Whether other batteries answer on the line, too: then it asks one thing in each turn, and what
  /// nobody asked for is nobody's.
  public var sharesLine = false
  /// Whether it may begin to ask; each turn on a shared line begins by setting this.
  public var mayAsk = true
  /// Until when the line is to be left alone after the newest answer.
  public internal(set) var pauseEnds = Tick(.min)
  /// What was counted so far.
  public internal(set) var statistics = SessionStatistics()
  /// What was not believed.
  public internal(set) var rejections = Rejections()
  /// What a reading must pass before it is told; `nil` tells every one.
  public var gate: Gate?
  /// How many readings in a row were not believed, by poll; broadcasts come last.
  var disbelieved: [Int] = []
  /// Whether a sensor of the last reading with sensors stood for none.
  var isStripped = false
  /// The bytes under way, so that what is not believed can be shown.
  var evidence = Evidence()
  /// What the conversation has learnt.
  public internal(set) var facts = Facts()

  var buffer: [UInt8] = []
  /// Where the bytes not yet understood begin in `buffer`.
  var head = 0
  /// When each poll of the plan is due; `.never` once done.
  var due: [Tick]
  var queue: [Request] = []
  var job: Job?
  var activity = Activity.idle
  /// No request is sent before this moment.
  var notBefore = Tick(.min)
  /// Whether the device must be called, or the place in the conversation found again, first.
  var needsWake = true
  var lastReply: Tick?
  var lastWasLive = false
  /// The next request of a poll that has several, of which the ones before are answered.
  var chain: Chain?
  /// What those answers said.
  var answered = Reading()
  /// What those answers and the frames of the unfinished one have said; the same for broadcasts.
  var gathered = Reading()
  /// Whether `gathered` is what the next frame goes on from.
  var isGathering = false
  var pending: Fault?
  /// Whether it was told, since the link was opened, that the device may be asleep.
  var toldAsleep = false
  /// What is kept while others lead the conversation; `nil` while it leads itself.
  var following: Following?

  /// What tells questions from answers; `nil` where it is told what was asked, or asks itself.
  var ear: Ear?

  /// The visit under way; `nil` between two, and where the battery is not visited but polled.
  var visit: Visit?
  /// When the next visit begins, where the battery is visited.
  public internal(set) var nextVisit = Tick(.min)

  /// A request under way.
  struct Job {
    enum Source: Equatable { case wake, poll(Int), queue, heard }
    var request: Request
    var source: Source
    var attempt = 1
    var sentAt: Tick
    /// Why the last frame that looked like the answer was not believed.
    var doubt: WireError?
    /// Which request of its poll it is.
    var part = 0
    /// Whether a frame of its answer has come.
    var hasPart = false
    /// The frames of its unfinished answer, where somebody waits for them.
    var frames: [UInt8] = []
  }

  /// A poll under way of whose requests some are answered.
  struct Chain {
    var poll: Int
    var part: Int
  }

  /// What the session is doing.
  enum Activity {
    case idle
    case awaiting(until: Tick)
    /// Waiting for the line to fall quiet before the request is sent again or given up.
    case quieting(until: Tick, limit: Tick)
  }

  /// A conversation that begins with a call to wake the battery.
  public init(_ dialect: Dialect, rates: PollRates = PollRates()) {
    self.dialect = dialect
    self.rates = rates
    gate = Gate(dialect.trust)
    due = .init(repeating: Tick(.min), count: dialect.polls.count)
    buffer.reserveCapacity(Self.bufferCapacity)
  }

  /// Takes bytes that the link delivered, in any portions.
  public mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    guard bytes.count > 0 else { return }
    guard ear != nil else { return take(bytes, at: now) }
    ear?.hear(bytes, at: now)
  }

  /// Takes bytes that may belong to an answer.
  mutating func take(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    hear(bytes)
    switch activity {
    case .quieting(_, let limit):
      statistics.skippedBytes += bytes.count
      following?.hear(bytes, strayFrom: 0)
      activity = .quieting(until: now + Self.quietTime, limit: limit)
      return
    case .awaiting(let until):
      if let job, job.doubt != nil {
        let last = job.sentAt + job.request.timeout + linkDelay
        activity = .awaiting(until: min(max(until, now + Self.quietTime), max(last, until)))
      }
    case .idle: break
    }
    append(bytes)
  }

  /// What to do now; to be called again after each step until it says to wait.
  public mutating func next(at now: Tick) -> Step {
    while true {
      let step = proceed(at: now)
      guard case .wait(let until) = step, let ear else { return step }
      guard hearNext(at: now) else { return .wait(until: min(until, ear.due)) }
    }
  }

  private mutating func proceed(at now: Tick) -> Step {
    while true {
      if let fault = pending {
        pending = nil
        return .fault(fault)
      }
      if let step = understand(at: now) { return step }
      switch activity {
      case .idle:
        if let rest = restUntil(at: now) { return .wait(until: rest) }
        if following != nil { return .wait(until: .never) }
        guard now >= notBefore else { return .wait(until: notBefore) }
        guard mayAsk || chain != nil else { return .wait(until: .never) }
        guard let job = choose(at: now) else {
          if endVisit() { continue }
          return .wait(until: due.min() ?? .never)
        }
        if sharesLine { mayAsk = false }
        return send(job, at: now)
      case .awaiting(let until):
        guard now >= until else { return .wait(until: until) }
        timedOut(at: now)
      case .quieting(let until, let limit):
        let end = min(until, limit)
        guard now >= end else { return .wait(until: end) }
        if awaitsRepetition { return .wait(until: .never) }
        if let step = tryAgain(at: now) { return step }
      }
    }
  }

  /// Tells that the link was opened, or opened again: half-received bytes and all that was learnt
  /// are forgotten, since another battery may be there now, and the battery is called first.
  public mutating func linkOpened(at now: Tick) {
    if let job, job.source == .queue { pending = .silent(request: job.request.tag) }
    skipAll()
    ear?.forget()
    job = nil
    chain = nil
    isGathering = false
    activity = .idle
    facts = Facts()
    gate?.forget()
    evidence = Evidence()
    needsWake = true
    lastReply = nil
    toldAsleep = false
    notBefore = Tick(.min)
    visit = nil
    nextVisit = Tick(.min)
    for index in due.indices { due[index] = Tick(.min) }
  }

  /// Sends a request once, before the next poll; its checked answer comes as `.answered`, the lack
  /// of one as `.fault`.
  public mutating func enqueue(_ request: Request) { queue.append(request) }
}
