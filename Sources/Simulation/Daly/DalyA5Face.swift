// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// A simulated Daly board with the classic language on its UART or RS485.
///
/// Quirks of real boards: it begins to answer after 50 to 80 ms, hears nothing while it answers, sends
/// more frames than were asked for to a host with the address 0x80, and leaves bytes of earlier answers
/// where an answer is shorter. Asleep it sends a request back within 5 ms.
public struct DalyA5Face: UnitFace {
  /// Milliseconds that it takes to wake; assumed.
  private static let waking: Int64 = 500
  /// Milliseconds without a byte after which half a request is forgotten; assumed.
  private static let gap: Int64 = 100

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far.
  public var orders: UnitOrders {
    get { board.orders }
    set { board.orders = newValue }
  }
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { queue.deadline }

  private var board: DalyBoard
  private var queue = ReplyQueue()
  private var inbox: [UInt8] = []
  private var random: SeededRandom
  private var lastByte = Tick(.min)
  /// When it last heard something or had current; `nil` before it was first looked at.
  private var lastActivity: Tick?
  /// When it will be awake; `nil` while it is, `.never` until current wakes it.
  private var wakesAt: Tick?
  private var emptyUntil = Tick(.min)
  private var earlier: [UInt8] = []

  /// A board.
  public init(
    _ design: DalyDesign = DalyDesign(), settings: DalySettings = DalySettings(), seed: UInt64 = 1
  ) {
    board = DalyBoard(design, settings)
    random = SeededRandom(seed: seed ^ 0xA5)
  }

  /// What it is set to.
  public var settings: DalySettings { board.settings }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    follow(state, at: now)
    if now - lastByte > Self.gap { inbox = [] }
    lastByte = now
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= 13 {
      guard isRequest else {
        inbox.removeFirst()
        continue
      }
      let request = Array(inbox[0..<13])
      inbox.removeFirst(13)
      take(request, state, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    follow(state, at: now)
    if quirks.contains(.silent) { queue.clear() }
    if !quirks.contains(.endless) { queue.calm() }
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: queue.deadline)
  }

  /// Whether a request to this board stands at the head of what was received.
  private var isRequest: Bool {
    guard inbox[0] == 0xA5, inbox[3] == 8, inbox[1] & 0x1F == board.design.board - 1 else {
      return false
    }
    guard [0x20, 0x40, 0x80].contains(inbox[1] & 0xE0) else { return false }
    return Self.sum(inbox[0..<12]) == inbox[12]
  }

  private static func sum(_ bytes: some Sequence<UInt8>) -> UInt8 {
    var sum: UInt8 = 0
    for byte in bytes { sum &+= byte }
    return sum
  }

  /// Falls asleep and wakes by current.
  private mutating func follow(_ state: UnitState, at now: Tick) {
    if state.current.magnitude >= .amperes(1), !quirks.contains(.asleep) {
      lastActivity = now
      wakesAt = nil
    }
    let design = board.design
    let limit = quirks.contains(.asleep) ? 1000 : design.sleepAfter * 1000
    let since = lastActivity ?? (quirks.contains(.asleep) ? Tick(.min) : now)
    if lastActivity == nil { lastActivity = now }
    if wakesAt == nil, limit > 0, now - since >= limit { wakesAt = .never }
    if let due = wakesAt, due <= now {
      wakesAt = nil
      if design.wakesEmpty { emptyUntil = now + 1000 }
    }
  }

  private mutating func take(_ request: [UInt8], _ state: UnitState, at now: Tick) {
    lastActivity = now
    guard !quirks.contains(.silent), !quirks.contains(.refusing) else { return }
    if let due = wakesAt {
      if due == .never, board.design.wakesByTraffic { wakesAt = now + Self.waking }
      queue.add(request, after: 1 + Int64(random.below(4)), at: now)
      return
    }
    // It hears nothing while it speaks.
    guard !queue.isBusy else { return }
    var state = state
    if now < emptyUntil { state.soc = .zero }
    let isLong = request[1] & 0xE0 == 0x80
    let answers = board.answer(request[2], Array(request[4..<12]), isLong: isLong, state, at: now)
    say(request[2], answers, at: now)
  }

  private mutating func say(_ command: UInt8, _ answers: [[UInt8]], at now: Tick) {
    let delay = 50 + Int64(random.below(31))
    for data in answers {
      var frame: [UInt8] = [0xA5, board.design.board, command, 8] + data
      frame.append(Self.sum(frame))
      if quirks.contains(.wrongChecksum) { frame[12] ^= 0x5A }
      if quirks.contains(.losingFrames), random.below(10) == 0 { continue }
      if quirks.contains(.endless) {
        queue.addEndless(frame, after: delay, at: now)
        return
      }
      if quirks.contains(.straying), random.below(4) == 0, !earlier.isEmpty {
        queue.add(Array(earlier.suffix(1 + Int(random.below(12)))), after: delay, at: now)
      }
      queue.add(frame, after: delay, at: now)
      earlier = frame
    }
  }
}
