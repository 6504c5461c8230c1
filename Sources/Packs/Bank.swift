// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// Many packs as one battery: what is known of all of them together, and what an inverter may do with them.
///
/// A value without any clock or I/O: fed with what each member says and the time, it answers. It only
/// narrows what the members' own charge controls allow. `docs/banks.md` holds the rules.
public struct Bank: Sendable {
  /// The longest time between two decisions that counts as observed; a longer gap counts as this.
  static let longestStep: Int64 = 10_000
  /// How long a start waits for the other members once one is heard, in milliseconds.
  public static let patience: Int64 = 1000

  /// One place in the tree of packs and groups; the parts of a group stand before it.
  struct Node: Sendable {
    enum Kind: Sendable { case pack(Int), parallel([Int]), series([Int]) }

    let kind: Kind
    /// CVL as it was last decided for it.
    var ceiling: Limit<VoltageScale>?
    /// Whether it is joined to the others of its parallel group, as far as its voltage tells.
    var isJoined = false
    /// For how long its voltage has spoken against that.
    var doubted: Int64 = 0
    var chargeShares = Shares()
    var dischargeShares = Shares()
  }

  /// How the packs are joined.
  public let wiring: Wiring
  /// What the owner lays down.
  public var terms: BankTerms
  /// Everything known about the whole; what is computed from its packs is marked so.
  public private(set) var snapshot = Snapshot()
  /// The stage of its age.
  public private(set) var freshness = Freshness.lost
  /// Ages at which its stages end.
  public private(set) var bounds = Freshness.Bounds(period: 1000)
  /// What an inverter may do now; `nil` while nothing may be sent, and `silence` then tells why.
  public private(set) var limits: Limits?
  /// Why there are no limits.
  public private(set) var silence: BankSilence? = .starting
  /// How each member stands, in the order of the members.
  public internal(set) var states: [PackState]
  /// Which member holds the lowest cell, counted from 0; and so on.
  public private(set) var lowestCellPack: Int?
  /// Which member holds the highest cell.
  public private(set) var highestCellPack: Int?
  /// Which member holds the coldest sensor.
  public private(set) var coldestPack: Int?
  /// Which member holds the hottest sensor.
  public private(set) var hottestPack: Int?

  /// Where the whole is held when full; `nil` while that is not known.
  public private(set) var float: Voltage?

  var nodes: [Node] = []
  var voltageSlope = Slope()
  var chargeSlope = Slope()
  var dischargeSlope = Slope()
  private var startedAt: Tick?
  private var lastTick: Tick?
  /// Whether any limits were ever decided.
  private(set) var hasBegun = false

  /// A bank that knows nothing yet.
  public init(_ wiring: Wiring, _ terms: BankTerms = BankTerms()) {
    self.wiring = wiring
    self.terms = terms
    states = Array(repeating: .lost, count: wiring.count)
    _ = grow(wiring)
  }

  private mutating func grow(_ wiring: Wiring) -> Int {
    switch wiring {
    case .pack(let number): nodes.append(Node(kind: .pack(number)))
    case .parallel(let parts):
      let children = parts.map { grow($0) }
      nodes.append(Node(kind: .parallel(children)))
    case .series(let parts):
      let children = parts.map { grow($0) }
      nodes.append(Node(kind: .series(children)))
    }
    return nodes.count - 1
  }

  /// Decides anew, by what the members say now; `members` are as many as the wiring has packs.
  ///
  /// To be called at least once a second, and whenever a member has anything new.
  public mutating func decide(_ members: [Member], at now: Tick) {
    guard members.count == states.count else { return }
    let step = lastTick.map { min(max(0, now - $0), Self.longestStep) } ?? 0
    lastTick = max(lastTick ?? now, now)
    for number in members.indices { states[number] = members[number].state }
    noteStart(at: now)
    var joints: [Joint] = []
    for index in nodes.indices {
      switch nodes[index].kind {
      case .pack(let number): joints.append(joint(index, members[number], number))
      case .parallel(let children):
        judge(children, joints, step)
        joints.append(parallel(index, children, joints, at: now))
      case .series(let children): joints.append(series(index, children, joints, at: now))
      }
    }
    guard let whole = joints.last else { return }
    bounds = whole.bounds
    freshness = whole.freshness
    float = whole.float ?? float
    if whole.isHeard { show(whole, at: now) }
    silence = hush(whole, at: now)
    guard silence == nil, let joined = whole.limits else {
      limits = nil
      forgetSlopes()
      return
    }
    hasBegun = true
    limits = settle(joined, whole, members, step)
  }

  /// After all were lost it begins as at the start: members come back one after the other.
  private mutating func noteStart(at now: Tick) {
    if states.contains(where: { $0 != .lost }) {
      startedAt = startedAt ?? now
    } else {
      startedAt = nil
      hasBegun = false
    }
  }

  /// What is known of the whole; kept as it is while nothing of it is heard.
  private mutating func show(_ whole: Joint, at now: Tick) {
    snapshot = whole.snapshot
    lowestCellPack = whole.places.lowestCell
    highestCellPack = whole.places.highestCell
    coldestPack = whole.places.coldest
    hottestPack = whole.places.hottest
    noteAbsence(at: now)
  }

  /// A pack that is not heard is a warning of the bank.
  private mutating func noteAbsence(at now: Tick) {
    var news = Reading()
    news.reportsAlarms = true
    news.alarms = snapshot.reading.reportsAlarms ? snapshot.reading.alarms : []
    news.warnings = snapshot.reading.reportsAlarms ? snapshot.reading.warnings : []
    news.reportable = snapshot.reading.reportable.union(AlarmSet(.communicationFault))
    if states.contains(where: { !$0.isHeard }) {
      news.warnings.formUnion(AlarmSet(.communicationFault))
    }
    snapshot.take(news, at: snapshot.liveAt ?? now, isLive: false)
  }

  /// Why nothing may be sent; `nil` where something may.
  private mutating func hush(_ whole: Joint, at now: Tick) -> BankSilence? {
    let heard = states.count { $0 != .lost }
    if !hasBegun, let startedAt, now - startedAt < Self.patience,
      states.contains(where: { $0 == .lost || $0 == .undecided })
    {
      // Nobody is told of a part of the bank as if it were the whole.
      freshness = .lost
      return .starting
    }
    if heard < max(1, min(terms.fewest, states.count)) {
      freshness = .lost
      return heard == 0 ? .lost : .tooFew(heard: heard, needed: terms.fewest)
    }
    guard whole.limits == nil else { return nil }
    let number = states.firstIndex { $0 == .lost } ?? states.firstIndex { $0 == .undecided }
    guard let number else { return .starting }
    return .pack(number, states[number])
  }

  private mutating func forgetSlopes() {
    voltageSlope.forget()
    chargeSlope.forget()
    dischargeSlope.forget()
  }

  /// Shows other values in place of those that the packs tell together, such as those of a shunt.
  ///
  /// Each keeps the time of its own frame. Power follows from voltage and current where one of them is
  /// replaced and it is not.
  public mutating func take(_ point: Point, _ value: Int64, at time: Tick) {
    snapshot.keep(point, value, at: time)
    guard point == .current || point == .voltage, let voltage = snapshot[.voltage],
      let current = snapshot[.current]
    else { return }
    let power = Voltage(clamping: voltage.value) * Current(clamping: current.value)
    snapshot.keep(.power, power.raw, at: min(voltage.at, current.at))
  }
}

/// Why a bank has no limits to send.
public enum BankSilence: Hashable, Sendable {
  /// The start waits for the members.
  case starting
  /// No member is heard.
  case lost
  /// Fewer members are heard than the owner lays down.
  case tooFew(heard: Int, needed: Int)
  /// One member, counted from 0, without which nothing can be decided.
  case pack(Int, PackState)
}
