// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities

/// One visit to a device's settings, without input or output: it is fed bytes and time, and answers
/// with what to do next, as a `Session` is.
///
/// A survey asks who the device is, its settings and their limits. Carrying out a plan asks again,
/// and stops before the first word when the device or its settings are not those of the plan; then
/// it writes one word, leaves the device alone, reads the word back, and only then goes on. When a
/// word cannot be written, those before it are put back in reverse order, so that the rules hold
/// all the way. The device is always woken by a harmless request, never by a write.
///
/// A device that has a mode for settings is taken out of it at the end, however that end comes: with
/// what was written kept, when all of it was read back, and with nothing kept otherwise. What was kept
/// is then read once more.
public struct SettingsJob: Sendable {
  /// What is to be done next.
  public enum Step: Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// Nothing until bytes arrive or this moment comes.
    case wait(until: Tick)
    /// Something to tell.
    case progress(SettingsProgress)
    /// The end of a survey.
    case surveyed(SettingsSurvey)
    /// The end of a plan of which something was sent.
    case ended(SettingsOutcome)
    /// The end, before anything was changed.
    case failed(SettingsFailure)
  }

  /// Milliseconds without any answer after which the device is taken to be gone.
  public static let patience: Int64 = 12_000
  /// How often a word is written that the device neither took nor refused.
  public static let tries = 3

  /// Milliseconds that the link may add to each answer; see `Session.linkDelay`.
  public var linkDelay: Int64 {
    get { session.linkDelay }
    set { session.linkDelay = newValue }
  }

  let map: SettingsMap
  var session: Session
  var survey: SettingsSurvey
  let plan: SettingsPlan?
  /// The settings for which the plan was made.
  let before: SettingsSurvey?
  var phase = Phase.asking(0, isInstead: false)
  var outcome = SettingsOutcome()
  var news: [SettingsProgress] = []
  /// When the device last answered what it was asked here.
  var heard: Tick
  /// Whether a word may have reached the device.
  var hasWritten = false

  /// How often the mode for settings is entered again after the device has left it by itself.
  static let returns = 3

  enum Phase {
    /// Request `n` that opens the mode for settings is under way, and what comes then.
    case entering(Int, Then)
    /// Question `n` is under way.
    case asking(Int, isInstead: Bool)
    /// Word `n` of the plan is being written.
    case writing(Int, attempt: Int)
    /// Word `n` of the plan is being read back; what is held against the writing.
    case checking(Int, attempt: Int, doubt: Doubt?)
    /// What was written is being kept, and the mode left.
    case keeping
    /// All settings are read once more; question `n` is under way.
    case looking(Int)
    /// The first of `undo` is being put back.
    case undoing(attempt: Int)
    /// The first of `undo` is being read back.
    case rechecking(attempt: Int, doubt: Doubt?)
    /// The mode is being left without keeping anything, before the end.
    case leaving(Step, attempt: Int)
    case over(Step)
  }

  /// What is done in the mode for settings.
  enum Then {
    /// Questions from number `n` on.
    case ask(Int)
    /// Keeping what was written.
    case keep
    /// The last look.
    case look
    /// Putting back, of which each is read first.
    case undo
  }

  /// What is held against the writing of a word that was not plainly acknowledged.
  enum Doubt: Equatable { case silence, refusal(UInt8), damage }

  /// What is to be put back, the first first.
  var undo: [SettingsPlan.Write] = []
  /// Whether the device may be in its mode for settings.
  public internal(set) var isOpen = false
  /// How often the mode was entered again.
  var returned = 0
  /// The question before which the mode was last entered again.
  var returnedFor = -1
  /// What the last look found.
  var seen = SettingsWords()
  /// Whether the link is gone and may come back, so that the mode can be left.
  var isSevered = false
  /// The time of the last step.
  var clock: Tick

  private init(
    _ map: SettingsMap, _ plan: SettingsPlan?, _ before: SettingsSurvey?, at now: Tick
  ) {
    self.map = map
    self.plan = plan
    self.before = before
    survey = before ?? SettingsSurvey()
    session = Session(map.language)
    session.linkOpened(at: now)
    heard = now
    clock = now
  }

  /// Begins with the questions, in the mode for settings where there is one.
  mutating func begin() {
    survey.current = SettingsWords()
    if map.mode == nil { ask(0) } else { enter(.ask(0)) }
  }

  /// A job that reads who the device is, its settings and their limits.
  public static func survey(_ map: SettingsMap, at now: Tick) -> SettingsJob {
    var job = SettingsJob(map, nil, nil, at: now)
    job.begin()
    return job
  }

  /// A job that carries out a plan, made for a device that told `unit`; the plan must be allowed.
  public static func apply(
    _ plan: SettingsPlan, to unit: SettingsSurvey, _ map: SettingsMap, at now: Tick
  ) -> SettingsJob {
    var job = SettingsJob(map, plan, unit, at: now)
    if plan.isAllowed, !plan.isEmpty {
      job.begin()
    } else {
      job.phase = .over(.ended(SettingsOutcome()))
    }
    return job
  }

  /// Takes bytes that the link delivered, in any portions.
  public mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    session.received(bytes, at: now)
  }

  /// Tells that the link is gone.
  ///
  /// The job ends with what is known; but where the device may be in its mode for settings it waits
  /// for `linkReturned`, as long as its patience lasts.
  public mutating func linkLost() {
    guard isOpen else { return giveUp(.linkLost) }
    if case .over = phase { return }
    if !isSevered { heard = clock }
    isSevered = true
  }

  /// Tells that the link is there again: what was under way is undone, and the mode left.
  public mutating func linkReturned(at now: Tick) {
    guard isSevered else { return }
    isSevered = false
    renew(at: now)
    recover(.linkLost)
  }

  /// Begins the conversation anew.
  mutating func renew(at now: Tick) {
    let delay = session.linkDelay
    session = Session(map.language)
    session.linkDelay = delay
    session.linkOpened(at: now)
    heard = now
  }

  /// Asks the job to end soon; tells whether it does.
  ///
  /// A survey stops asking, and a plan of which nothing was written yet is not begun; what was begun is
  /// carried through.
  public mutating func interrupt() -> Bool {
    switch phase {
    case .asking, .entering(_, .ask): break
    default: return false
    }
    renew(at: clock)
    end(.failed(.interrupted))
    return true
  }

  /// What to do now; to be called again after each step until it says to wait or the job has ended.
  public mutating func next(at now: Tick) -> Step {
    clock = now
    while true {
      if !news.isEmpty { return .progress(news.removeFirst()) }
      if case .over(let step) = phase { return step }
      if isSevered {
        guard now >= heard + Self.patience else { return .wait(until: heard + Self.patience) }
        giveUp(.linkLost)
        abandon()
        continue
      }
      switch session.next(at: now) {
      case .send(let bytes):
        sent()
        return .send(bytes)
      case .reading: break
      case .answered(_, let frame):
        heard = now
        answered(frame)
      case .fault(let fault): faulted(fault)
      case .wait(let until):
        let end = heard + Self.patience
        guard now >= end else { return .wait(until: min(until, end)) }
        if case .leaving = phase { abandon() } else { giveUp(.silent) }
      }
    }
  }

  /// Takes note of what has just gone out.
  private mutating func sent() {
    guard session.isSendingOrder || session.job == nil else { return }
    switch phase {
    case .entering: isOpen = true
    case .writing(let number, let attempt):
      hasWritten = true
      // What nobody acknowledges is read back at once.
      if session.job == nil { check(number, attempt, nil) }
    case .undoing(let attempt):
      if session.job == nil { recheck(attempt, nil) }
    default: break
    }
  }
}

extension Session {
  /// Whether the request under way is one that was enqueued, and not a call to wake.
  var isSendingOrder: Bool { job?.source == .queue }
}
