// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

/// A simulated JBD board on its serial port or behind a module that is a plain bridge: `DD … 77`.
///
/// Quirks of real boards: it answers after 50 to 300 ms, swallows the first request after it slept,
/// refuses parameters outside factory mode, and drops what was written when that mode is left without
/// saving. Facts: docs/protocols/jbd.md; it shares nothing with the reader in `Dialects`.
public struct JBDFace: UnitFace {
  /// Milliseconds without a byte after which half a request is forgotten; assumed.
  private static let gap: Int64 = 200

  /// What an answer says of a request.
  enum Status {
    static let done: UInt8 = 0
    static let unknown: UInt8 = 0x80
    static let forbidden: UInt8 = 0x81
    static let wrongPassword: UInt8 = 0x83
  }

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { min(queue.deadline, nextBlock) }
  /// Its parameters as they are now.
  public internal(set) var memory: JBDMemory
  /// Whether factory mode is open.
  public internal(set) var isFactoryOpen = false

  let design: JBDDesign
  /// Its parameters as they will be after factory mode is left without saving.
  var saved: JBDMemory
  var password: [UInt8]
  /// Whether the password was shown.
  var isTrusted = false
  var counters: [12 of UInt16] = .init(repeating: 0)
  /// By how much the cycles that it tells differ from those that the pack went through.
  var cycleOffset: Int64 = 0

  private var queue = ReplyQueue()
  private var inbox: [UInt8] = []
  private var random: SeededRandom
  private var lastByte: Tick?
  private var isSwallowing = false
  private var nextBlock = Tick.never
  private var earlier: [UInt8] = []
  private var protections: UInt16 = 0

  /// A board.
  public init(
    _ design: JBDDesign = JBDDesign(), memory: JBDMemory = JBDMemory(), seed: UInt64 = 1
  ) {
    self.design = design
    self.memory = memory
    saved = memory
    password = design.password
    random = SeededRandom(seed: seed ^ 0xDD77)
  }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    let silence = lastByte.map { now - $0 }
    if silence ?? .max > Self.gap { inbox = [] }
    // The first request after a second without any finds it asleep.
    if quirks.contains(.asleep), silence ?? .max >= 1000 { isSwallowing = true }
    lastByte = now
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while let length = requestLength {
      guard length > 0 else {
        inbox.removeFirst()
        continue
      }
      let request = Array(inbox[0..<length])
      inbox.removeFirst(length)
      if isSwallowing {
        isSwallowing = false
      } else if !quirks.contains(.silent) {
        take(request, state, at: now)
      }
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    count(state)
    if quirks.contains(.silent) { queue.clear() }
    if !quirks.contains(.endless) { queue.calm() }
    followBlocks(at: now)
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: deadline)
  }

  /// How long the request at the head is; 0 where none begins there, `nil` where it is unfinished.
  private var requestLength: Int? {
    guard let first = inbox.first else { return nil }
    guard first == 0xDD else { return 0 }
    guard inbox.count >= 4 else { return nil }
    guard inbox[1] == 0xA5 || inbox[1] == 0x5A, inbox[3] <= 64 else { return 0 }
    let length = Int(inbox[3]) + 7
    guard inbox.count >= length else { return nil }
    let sum = Self.sum(inbox[2..<length - 3])
    // To a wrong checksum it says nothing.
    guard inbox[length - 1] == 0x77, inbox.span.bigUInt16(at: length - 3) == sum else { return 0 }
    return length
  }

  static func sum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt16 = 0
    for byte in bytes { sum &-= UInt16(byte) }
    return sum
  }

  private mutating func take(_ request: [UInt8], _ state: UnitState, at now: Tick) {
    let register = request[2]
    let data = Array(request[4..<request.count - 3])
    if quirks.contains(.refusing) {
      say(register, Status.forbidden, [], at: now)
    } else if request[1] == 0xA5 {
      let (status, answer) = answer(register, state)
      say(register, status, answer, at: now)
    } else {
      say(register, write(register, data, state), [], at: now)
    }
  }

  private mutating func say(_ register: UInt8, _ status: UInt8, _ data: [UInt8], at now: Tick) {
    var frame: [UInt8] = [0xDD, register, status, UInt8(data.count)] + data
    frame.appendBig(Self.sum(frame[2...]))
    frame.append(0x77)
    if quirks.contains(.wrongChecksum) { frame[frame.count - 2] ^= 0x5A }
    let delay = 50 + Int64(random.below(251))
    if quirks.contains(.losingFrames), random.below(10) == 0 { return }
    if quirks.contains(.endless) {
      queue.addEndless(frame, after: delay, at: now)
      return
    }
    if quirks.contains(.straying), random.below(2) == 0, !earlier.isEmpty {
      // The end of an earlier answer, which began while nobody listened.
      queue.add(Array(earlier.suffix(1 + Int(random.below(6)))), after: delay, at: now)
    }
    queue.add(frame, after: delay, at: now)
    earlier = frame
  }

  /// Blocks of another language that boards of the UP series mix in, five times a second.
  private mutating func followBlocks(at now: Tick) {
    guard quirks.contains(.broadcasting), !quirks.contains(.silent) else {
      nextBlock = .never
      return
    }
    if nextBlock == .never { nextBlock = now + 200 }
    guard now >= nextBlock else { return }
    nextBlock = now + 200
    queue.add([0x02, 0x51, 0, 0, 0, 0, 0, 0, 0xA1], after: 0, at: now)
  }

  /// Counts each protection that begins to act.
  private mutating func count(_ state: UnitState) {
    let now = Self.protections(state, orders)
    let new = now & ~protections
    protections = now
    guard new != 0 else { return }
    for (place, bit) in Self.counted.enumerated() where new >> UInt16(bit) & 1 == 1 {
      counters[place] &+= 1
    }
  }

  /// Which bit of the protections each counter counts; the last counts restarts.
  private static let counted = [10, 8, 9, 0, 1, 4, 5, 6, 7, 2, 3]
}
