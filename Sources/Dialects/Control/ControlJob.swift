// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// How an order ended.
public struct ControlOutcome: Sendable {
  /// What went wrong on the way; `nil` where nothing did.
  public var failure: SettingsFailure?
  /// Whether anything may have reached the battery.
  public var wasSent = false
  /// Whether the battery acknowledged it.
  public var isAcknowledged = false
  /// Whether it was seen carried out.
  public var isConfirmed = false
  /// The last live reading after it; `nil` where none came.
  public var after: Reading?
  /// Whether the battery may still be in a mode that it was put into.
  public var mayBeOpen = false

  /// Nothing done yet.
  public init() {}
}

/// One order to one battery, without input or output: it is fed bytes and time, and answers with what
/// to do next, as a `Session` is.
///
/// A look tells what the battery says now. An order is sent, whatever mode it needs is left, and then
/// the battery is read until it shows the order carried out.
public struct ControlJob: Sendable {
  /// What is to be done next.
  public enum Step: Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// Nothing until bytes arrive or this moment comes.
    case wait(until: Tick)
    /// What the battery says, the end of a look.
    case looked(ControlSight)
    /// The end.
    case ended(ControlOutcome)
  }

  /// Milliseconds without any answer after which the battery is taken to be gone.
  public static let patience: Int64 = 12_000
  /// Milliseconds after the order until which it must be seen carried out.
  public static let proofTime: Int64 = 8000

  /// Milliseconds that the link may add to each answer; see `Session.linkDelay`.
  public var linkDelay: Int64 {
    get { session.linkDelay }
    set { session.linkDelay = newValue }
  }

  private enum Phase {
    case looking
    case entering(Int)
    case ordering(Int)
    case leaving(attempt: Int)
    case proving(until: Tick)
    case over(Step)
  }

  var session: Session
  let order: ControlOrder?
  private let requests: [Request]
  private let mode: SettingsMode?
  let proof: ControlProof
  private var phase = Phase.looking
  var outcome = ControlOutcome()
  private var isOpen = false
  /// Whether the battery told that it took the order.
  var isTold = false
  /// How often the order was given.
  var attempt = 1
  private var heard: Tick
  private var clock: Tick
  private var isSevered = false

  private init(
    _ dialect: Dialect, _ order: ControlOrder?, _ requests: [Request], _ mode: SettingsMode?,
    _ proof: ControlProof, at now: Tick
  ) {
    session = Session(dialect)
    // A battery whose numbers cannot be believed must still obey.
    session.gate = nil
    session.linkOpened(at: now)
    self.order = order
    self.requests = requests
    self.mode = mode
    self.proof = proof
    heard = now
    clock = now
  }

  /// A job that reads what the battery says now.
  public static func look(_ control: BatteryControl, at now: Tick) -> ControlJob {
    ControlJob(control.dialect, nil, [], nil, .reading, at: now)
  }

  /// A job that gives an order by requests of its own; `nil` for a way that has none.
  public static func carry(
    out order: ControlOrder, by way: ControlWay, _ control: BatteryControl, at now: Tick
  ) -> ControlJob? {
    guard case .requests(let requests, let mode, let proof) = way else { return nil }
    var job = ControlJob(control.dialect, order, requests, mode, proof, at: now)
    job.enter(0)
    return job
  }

  /// Takes bytes that the link delivered, in any portions.
  public mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    session.received(bytes, at: now)
  }

  /// Tells that the link is gone.
  ///
  /// The job ends with what is known; but where the battery may be in a mode that it was put into it
  /// waits for `linkReturned`, as long as its patience lasts.
  public mutating func linkLost() {
    if case .over = phase { return }
    outcome.failure = .linkLost
    guard isOpen else { return end() }
    if !isSevered { heard = clock }
    isSevered = true
  }

  /// Tells that the link is there again: the mode is left, and then it is looked what became of the
  /// order.
  public mutating func linkReturned(at now: Tick) {
    guard isSevered else { return }
    isSevered = false
    clock = now
    renew()
    leave(attempt: 1)
  }

  /// Begins the conversation anew.
  private mutating func renew() {
    let delay = session.linkDelay
    session = Session(session.dialect)
    session.gate = nil
    session.linkDelay = delay
    session.linkOpened(at: clock)
    heard = clock
  }

  /// What to do now; to be called again after each step until it says to wait or the job has ended.
  public mutating func next(at now: Tick) -> Step {
    clock = now
    while true {
      if case .over(let step) = phase { return step }
      if case .proving(let until) = phase, now >= until {
        end()
        continue
      }
      if isSevered {
        guard now >= heard + Self.patience else { return .wait(until: heard + Self.patience) }
        end()
        continue
      }
      switch session.next(at: now) {
      case .send(let bytes):
        if case .entering = phase, session.isSendingOrder { isOpen = true }
        if case .ordering = phase, session.isSendingOrder || session.job == nil {
          outcome.wasSent = true
        }
        // What nobody acknowledges is proved by what comes after it.
        if case .ordering(let number) = phase, session.job == nil {
          outcome.failure = .unacknowledged
          give(number + 1)
        }
        return .send(bytes)
      case .reading(let reading, let isLive):
        heard = now
        if isLive { took(reading) }
      case .answered(let request, let frame):
        heard = now
        answered(request, frame)
      case .fault(let fault): faulted(fault)
      case .wait(let until):
        var end = heard + Self.patience
        if case .proving(let proofEnd) = phase { end = min(end, proofEnd) }
        guard now >= end else { return .wait(until: min(until, end)) }
        if case .proving = phase { continue }
        outcome.failure = outcome.failure ?? .silent
        if case .leaving = phase {
          self.end()
        } else {
          renew()
          leave(attempt: 1)
        }
      }
    }
  }

  private mutating func enter(_ number: Int) {
    guard let mode, number < mode.enter.count else { return give(0) }
    phase = .entering(number)
    session.enqueue(mode.enter[number])
  }

  mutating func give(_ number: Int) {
    guard number < requests.count else {
      outcome.isAcknowledged = outcome.failure == nil
      return leave(attempt: 1)
    }
    phase = .ordering(number)
    session.enqueue(requests[number])
  }

  /// Leaves the mode, and then looks whether the order was carried out.
  private mutating func leave(attempt: Int) {
    guard let mode, isOpen else { return prove() }
    phase = .leaving(attempt: attempt)
    session.enqueue(mode.leave)
  }

  private mutating func prove() {
    // What was refused, or never sent, is not waited for.
    if case .refused = outcome.failure { return end() }
    guard outcome.wasSent else { return end() }
    phase = .proving(until: clock + Self.proofTime)
    ask()
  }

  mutating func end() {
    outcome.mayBeOpen = isOpen
    phase = .over(.ended(outcome))
  }

  /// A live reading came.
  private mutating func took(_ reading: Reading) {
    switch phase {
    case .looking: phase = .over(.looked(ControlSight(reading, session.facts)))
    case .proving:
      outcome.after = reading
      switch proof {
      case .reading: if isShown(reading) { confirm() }
      case .told: if isTold, isShown(reading) { confirm() }
      case .life: confirm()
      case .answer: break
      }
    default: break
    }
  }

  private mutating func answered(_ request: Request, _ frame: [UInt8]) {
    switch phase {
    case .entering(let number): enter(number + 1)
    case .ordering(let number): give(number + 1)
    case .leaving:
      isOpen = false
      prove()
    case .proving:
      proved(request, frame)
    case .looking, .over: break
    }
  }

  private mutating func faulted(_ fault: Fault) {
    guard session.queue.isEmpty, !session.isSendingOrder else { return }
    switch (phase, fault) {
    case (_, .asleep), (.looking, _), (.over, _): break
    case (.entering(let number), .refused(_, let code)):
      if let mode, code == mode.unknownCode, number + 1 < mode.enter.count {
        return enter(number + 1)
      }
      outcome.failure = .refused(code: code)
      leave(attempt: 1)
    case (.entering(let number), _):
      if let mode { session.enqueue(mode.enter[number]) }
    case (.ordering, .refused(_, let code)):
      outcome.failure = .refused(code: code)
      leave(attempt: 1)
    case (.ordering(let number), _):
      // It may have been taken all the same: the reading tells.
      outcome.failure = .unacknowledged
      give(number + 1)
    case (.leaving, .refused):  // It is not open any more.
      isOpen = false
      prove()
    case (.leaving(let attempt), _):
      guard attempt < SettingsJob.tries else { return prove() }
      leave(attempt: attempt + 1)
    case (.proving, _): ask()
    }
  }
}
