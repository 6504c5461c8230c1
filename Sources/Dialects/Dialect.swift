// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Wire

/// The language of one kind of battery management system, as a value: data and a few small
/// functions.
///
/// A dialect holds no state; what a conversation learns stands in `Facts`.
public struct Dialect: Sendable {
  /// The name in settings and on the command line, such as `tinybms`.
  public let name: String
  /// The name that people read.
  public let title: String
  /// Who makes it.
  public let maker: String
  /// One sentence on what it reads.
  public let summary: String
  /// On what its facts rest.
  public let provenance: Provenance
  /// The links by which it can be reached.
  public let doors: [Door]
  /// The frames of a CAN bus that it can be told by; empty where it does not tell, or needs none.
  public let canFilters: [CANFilter]
  /// What its owner may have to tell of a battery that speaks it.
  public let choices: DialectChoices
  /// Every register of the device's own map.
  public let registers: [Register]
  /// What its readings have beside the points and what all batteries share.
  public let keys: [ReadingKey]
  /// What a session asks by itself.
  public let polls: [Poll]
  /// The harmless request that wakes the device and finds the place in the conversation again.
  public private(set) var wake: Request?
  /// The call that takes the place of `wake` on a link that carries the functions of Modbus alone;
  /// `nil` where the battery cannot be read by those.
  ///
  /// Where there is one, all polls are of those functions, too.
  public let modbusWake: Request?
  /// Whether the battery tells its own cutoffs: then nothing is decided before it has told them.
  public let tellsCutoffs: Bool
  /// How its frames are checked, and which of its numbers are none.
  public let trust: Trust
  /// Codes of a refusal after which the same request may succeed, such as "bad checksum".
  public let transientCodes: [UInt8]
  /// What stands at the head of received bytes, given the request in flight.
  public let scan: @Sendable (borrowing Span<UInt8>, Request?) -> Scan
  /// Checks one whole frame against the request that it answers and takes its values over.
  ///
  /// The request is `nil` for a broadcast. Nothing is taken over when it throws.
  public let read:
    @Sendable (borrowing Span<UInt8>, Request?, inout Facts, inout Reading) throws(WireError) ->
      Void
  /// What a number of `Point.status` means, as a word; `nil` for one that nobody names.
  public let statusName: @Sendable (Int64) -> StaticString?
  /// The fuller account of one exchange: a request, what came back in pieces as they arrived, and what
  /// earlier exchanges of the same conversation have taught.
  public let explanation: @Sendable ([UInt8]?, [[UInt8]], inout Facts) -> Exchange

  /// A dialect from its parts.
  public init(
    name: some DialectText, title: some DialectText, maker: some DialectText,
    summary: some DialectText,
    provenance: Provenance, doors: [Door], registers: [Register] = [], keys: [ReadingKey] = [],
    polls: [Poll],
    wake: Request? = nil, modbusWake: Request? = nil, tellsCutoffs: Bool = false,
    trust: Trust = Trust(), transientCodes: [UInt8] = [], canFilters: [CANFilter] = [],
    choices: DialectChoices = DialectChoices(),
    scan: @escaping @Sendable (borrowing Span<UInt8>, Request?) -> Scan,
    read:
      @escaping @Sendable (borrowing Span<UInt8>, Request?, inout Facts, inout Reading)
      throws(WireError) -> Void,
    statusName: @escaping @Sendable (Int64) -> StaticString? = { _ in nil },
    explain: @escaping @Sendable ([UInt8]?, [[UInt8]], inout Facts) -> Exchange
  ) {
    self.name = name.string
    self.title = title.string
    self.maker = maker.string
    self.summary = summary.string
    self.provenance = provenance
    self.doors = doors
    self.canFilters = canFilters
    self.choices = choices
    self.registers = registers
    self.keys = keys
    self.polls = polls
    self.wake = wake
    self.modbusWake = modbusWake
    self.tellsCutoffs = tellsCutoffs
    self.trust = trust
    self.transientCodes = transientCodes
    self.scan = scan
    self.read = read
    self.statusName = statusName
    explanation = explain
  }

  /// The fuller account of one exchange, of whose conversation nothing else is known.
  public func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    var facts = Facts()
    return explanation(request, chunks, &facts)
  }

  /// Bits a second of its serial port or RS485 pair; `nil` where it is reached otherwise.
  public var serialBaud: Int? {
    for door in doors {
      switch door {
      case .uart(let baud), .rs485(let baud): return baud
      default: continue
      }
    }
    return nil
  }

  /// Bits a second of its CAN bus; `nil` where it is reached otherwise, or is no battery's own language.
  public var canBitrate: Int? {
    guard !polls.isEmpty else { return nil }
    for door in doors { if case .can(let bitrate) = door { return bitrate } }
    return nil
  }

  /// The same language for a link that carries the functions of Modbus alone; `nil` where it has no
  /// such form.
  public var overModbus: Dialect? {
    guard let modbusWake else { return nil }
    var other = self
    other.wake = modbusWake
    return other
  }
}

/// A name or a sentence of a dialect: a constant of the program, or a text of its owner's.
public protocol DialectText {
  /// The text.
  var string: String { get }
}

extension StaticString: DialectText {
  /// The text.
  public var string: String { "\(self)" }
}

extension String: DialectText {
  /// The text.
  public var string: String { self }
}

/// On what the facts of a dialect rest.
public enum Provenance: UInt8, Sendable {
  /// The maker's documents alone.
  case documented
  /// Documents, and frames or register values that somebody published from real hardware.
  case captured
  /// Documents, captures, and a unit on our own bench.
  case bench

  /// The name in JSON.
  public var name: StaticString {
    switch self {
    case .documented: "documented"
    case .captured: "captured"
    case .bench: "bench"
    }
  }
}

/// A link by which a battery can be reached.
public enum Door: Hashable, Sendable {
  /// A serial line with eight data bits, no parity and one stop bit.
  case uart(baud: Int)
  /// The same on an RS485 pair, which several batteries may share.
  case rs485(baud: Int)
  /// A gateway between Modbus TCP and the serial line, on which the battery has this number.
  case modbusTCP(unit: Int)
  /// A CAN bus, in bits a second; each frame stands in the byte stream as a `CANRecord`.
  case can(bitrate: Int)
  /// Bluetooth Low Energy: bytes are written to one characteristic of a service and come as
  /// notifications of another, in pieces that are no frames; numbers are 16-bit UUIDs.
  case bluetooth(service: UInt16, notify: UInt16, write: UInt16)
}
