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

  enum Phase {
    /// Question `n` is under way.
    case asking(Int, isInstead: Bool)
    /// Word `n` of the plan is being written.
    case writing(Int, attempt: Int)
    /// Word `n` of the plan is being read back; what is held against the writing.
    case checking(Int, attempt: Int, doubt: Doubt?)
    /// All settings are read once more.
    case looking
    /// The first of `undo` is being put back.
    case undoing(attempt: Int)
    /// The first of `undo` is being read back.
    case rechecking(attempt: Int, doubt: Doubt?)
    case over(Step)
  }

  /// What is held against the writing of a word that was not plainly acknowledged.
  enum Doubt: Equatable { case silence, refusal(UInt8), damage }

  /// Words to be put back, the first first.
  var undo: [SettingsPlan.Write] = []

  private init(
    _ map: SettingsMap, _ plan: SettingsPlan?, _ before: SettingsSurvey?, at now: Tick
  ) {
    self.map = map
    self.plan = plan
    self.before = before
    survey = before ?? SettingsSurvey(SettingsWords(base: 0, []))
    session = Session(map.language)
    session.linkOpened(at: now)
    heard = now
  }

  /// A job that reads who the device is, its settings and their limits.
  public static func survey(_ map: SettingsMap, at now: Tick) -> SettingsJob {
    var job = SettingsJob(map, nil, nil, at: now)
    job.ask(0)
    return job
  }

  /// A job that carries out a plan, made for a device that told `unit`; the plan must be allowed.
  public static func apply(
    _ plan: SettingsPlan, to unit: SettingsSurvey, _ map: SettingsMap, at now: Tick
  ) -> SettingsJob {
    var job = SettingsJob(map, plan, unit, at: now)
    if plan.isAllowed, !plan.isEmpty {
      job.ask(0)
    } else {
      job.phase = .over(.ended(SettingsOutcome()))
    }
    return job
  }

  /// Takes bytes that the link delivered, in any portions.
  public mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    session.received(bytes, at: now)
  }

  /// Tells that the link is gone: the job ends with what is known.
  public mutating func linkLost() { giveUp(.linkLost) }

  /// What to do now; to be called again after each step until it says to wait or the job has ended.
  public mutating func next(at now: Tick) -> Step {
    while true {
      if !news.isEmpty { return .progress(news.removeFirst()) }
      if case .over(let step) = phase { return step }
      switch session.next(at: now) {
      case .send(let bytes):
        if case .writing = phase, session.isSendingOrder { hasWritten = true }
        return .send(bytes)
      case .reading: break
      case .answered(_, let frame):
        heard = now
        answered(frame)
      case .fault(let fault): faulted(fault)
      case .wait(let until):
        let end = heard + Self.patience
        guard now >= end else { return .wait(until: min(until, end)) }
        giveUp(.silent)
      }
    }
  }
}

extension Session {
  /// Whether the request under way is one that was enqueued, and not a call to wake.
  var isSendingOrder: Bool { job?.source == .queue }
}
