// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// A simulated radio module of a JBD board that lets the board's own language pass only to those who
/// have proved who they are: `FF AA …`.
///
/// It is locked anew whenever a program connects. Source: docs/protocols/jbd.md, five captures of real
/// exchanges.
public struct JBDModuleFace: UnitFace {
  /// What kind of module it is.
  public struct Design: Sendable {
    /// The module's own address, six bytes as printed.
    public var address: [UInt8] = [0xA4, 0xC1, 0x37, 0x00, 0x00, 0x01]
    /// The key that a program shows first, in ASCII; empty where none is set.
    public var key: [UInt8] = Array("000000".utf8)
    /// The owner's password in ASCII; empty where none is set.
    public var password: [UInt8] = Array("123456".utf8)
    /// The password that opens settings.
    public var root: [UInt8] = Array("JBDbtpwd!@#2023".utf8)

    /// A module as it leaves the factory.
    public init() {}
  }

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks {
    get { board.quirks }
    set { board.quirks = newValue }
  }
  /// What was ordered over the air so far.
  public var orders: UnitOrders {
    get { board.orders }
    set { board.orders = newValue }
  }
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { min(queue.deadline, board.deadline) }
  /// Whether the board's own language passes.
  public var isOpen: Bool {
    (design.key.isEmpty || hasKey) && (design.password.isEmpty || hasPassword)
  }
  /// Whether the password that opens settings was shown.
  public private(set) var isRoot = false
  /// The board behind it.
  public private(set) var board: JBDFace

  private var design: Design
  private var hasKey = false
  private var hasPassword = false
  private var challenge: UInt8 = 0
  private var inbox: [UInt8] = []
  /// The module answers by itself, faster than the board; assumed.
  private var queue = ReplyQueue(baud: 115_200)
  private var random: SeededRandom

  /// A module on a board.
  public init(_ design: Design = Design(), board: JBDFace = JBDFace(), seed: UInt64 = 1) {
    self.design = design
    self.board = board
    random = SeededRandom(seed: seed ^ 0xFFAA)
  }

  /// A program has connected: it must prove who it is.
  public mutating func connected(at now: Tick) {
    hasKey = false
    hasPassword = false
    isRoot = false
    inbox = []
  }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while let first = inbox.first {
      guard first == 0xFF || first == 0xDD else {
        inbox.removeFirst()
        continue
      }
      guard inbox.count >= 4 else { return }
      let length = Int(inbox[3]) + (first == 0xFF ? 5 : 7)
      guard inbox.count >= length else { return }
      let frame = Array(inbox[0..<length])
      if first == 0xDD {
        if isOpen { board.received(frame.span, state, at: now) }
      } else if frame[1] == 0xAA, Self.sum(frame.dropLast()) == frame[length - 1] {
        take(frame[2], Array(frame[4..<length - 1]), at: now)
      } else {
        inbox.removeFirst()
        continue
      }
      inbox.removeFirst(length)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if let bytes = queue.next(at: now) { return .send(bytes) }
    if case .send(let bytes) = board.next(state, at: now) { return .send(bytes) }
    return .wait(until: deadline)
  }

  private static func sum(_ frame: some Sequence<UInt8>) -> UInt8 {
    var sum: UInt8 = 0
    for byte in frame.dropFirst(2) { sum &+= byte }
    return sum
  }

  private mutating func take(_ command: UInt8, _ data: [UInt8], at now: Tick) {
    switch command {
    case 0x15:
      if design.key.isEmpty { return say(command, 2, at: now) }
      hasKey = data == design.key
      say(command, hasKey ? 0 : 1, at: now)
    case 0x16:
      guard isOpen, data.count == 6 else { return say(command, 1, at: now) }
      design.password = data
      say(command, 0, at: now)
    case 0x17:
      challenge = UInt8(random.below(256))
      say(command, challenge, at: now)
    case 0x18:
      hasPassword = shown(data) == design.password
      say(command, hasPassword ? 0 : 1, at: now)
    case 0x1D:
      isRoot = shown(data) == design.root
      say(command, isRoot ? 0 : 1, at: now)
    default: break
    }
  }

  /// The password behind its cipher.
  private func shown(_ hidden: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for (index, byte) in hidden.enumerated() {
      text.append((byte &- challenge) ^ (index < design.address.count ? design.address[index] : 0))
    }
    return text
  }

  private mutating func say(_ command: UInt8, _ byte: UInt8, at now: Tick) {
    guard !quirks.contains(.silent) else { return }
    var frame: [UInt8] = [0xFF, 0xAA, command, 1, byte]
    frame.append(Self.sum(frame))
    queue.add(frame, after: 20 + Int64(random.below(30)), at: now)
  }
}
