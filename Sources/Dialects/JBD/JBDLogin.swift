// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The language of the Bluetooth modules of JBD boards, in which one proves who one is before the board's
/// own language passes: `FF AA …`.
///
/// Source: syssi/esphome-jbd-bms docs/ffaa-auth-flow, five exchanges of which the cipher was checked.
public enum JBDLogin {
  static let head: [UInt8] = [0xFF, 0xAA]

  enum Command {
    static let appKey: UInt8 = 0x15
    static let changePassword: UInt8 = 0x16
    static let random: UInt8 = 0x17
    static let password: UInt8 = 0x18
    static let rootPassword: UInt8 = 0x1D
  }

  /// A request.
  static func encode(_ command: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    var bytes = head + [command, UInt8(truncatingIfNeeded: data.count)] + data
    bytes.append(sum(bytes.span, to: bytes.count))
    return bytes
  }

  /// The request that shows a password, enciphered with the module's address and a random byte that it
  /// told.
  ///
  /// - Parameters:
  ///   - password: the password in ASCII
  ///   - address: the module's address, six bytes as printed
  ///   - random: the byte that the module told last
  ///   - isRoot: whether it is the password that opens settings
  /// - Returns: the request's bytes
  public static func encode(
    password: [UInt8], address: [UInt8], random: UInt8, isRoot: Bool = false
  ) -> [UInt8] {
    var hidden: [UInt8] = []
    for (index, byte) in password.enumerated() {
      hidden.append((byte ^ (index < address.count ? address[index] : 0)) &+ random)
    }
    return encode(isRoot ? Command.rootPassword : Command.password, hidden)
  }

  private static func sum(_ bytes: borrowing Span<UInt8>, to end: Int) -> UInt8 {
    var sum: UInt8 = 0
    for index in 2..<end { sum &+= bytes[index] }
    return sum
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == head[0], let sent = request?.bytes, sent.count >= 5 else {
      return .skip(toNextStart(bytes))
    }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == head[1] else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= 3 else { return .incomplete }
    guard bytes[2] == sent[2] else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= 4 else { return .incomplete }
    // Every answer has one byte of data.
    return bytes[3] == 1 ? .frame(length: 6) : .skip(toNextStart(bytes))
  }

  private static func toNextStart(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != head[0] { index += 1 }
    return index
  }

  /// The byte that a checked answer carries.
  static func answer(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> UInt8 {
    guard frame.count >= 6 else { throw .truncated(got: frame.count, needed: 6) }
    guard frame[0] == head[0], frame[1] == head[1] else {
      throw .unexpected(byte: frame[0], at: 0)
    }
    guard let sent = request?.bytes, sent.count >= 5, frame[2] == sent[2] else {
      throw .unexpected(byte: frame[2], at: 2)
    }
    guard frame[3] == 1, frame.count == 6 else { throw .unexpected(byte: frame[3], at: 3) }
    let computed = sum(frame, to: 5)
    guard frame[5] == computed else {
      throw .badChecksum(found: UInt16(frame[5]), computed: UInt16(computed))
    }
    return frame[4]
  }

  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    var exchange = Exchange()
    guard let request, request.count >= 5 else {
      exchange.error = .truncated(got: request?.count ?? 0, needed: 5)
      return exchange
    }
    let bytes = chunks.flatMap { $0 }
    let asked = Request(tag: 0, bytes: request)
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      guard case .frame(let length) = scan(rest, asked), length <= rest.count else {
        place += 1
        continue
      }
      do throws(WireError) {
        let byte = try answer(rest.extracting(0..<length), asked)
        exchange.error = nil
        exchange.exchange.append(entry(request[2], byte))
        return exchange
      } catch {
        exchange.error = exchange.error ?? error
        place += 1
      }
    }
    exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: 6)
    return exchange
  }

  private static func entry(_ command: UInt8, _ byte: UInt8) -> Exchange.Entry {
    if command == Command.random { return .init("random_byte", .number(Int64(byte))) }
    let word: StaticString =
      switch byte {
      case 0: "accepted"
      case 2: "no password set"
      default: "rejected"
      }
    return .init("result", .text("\(word)"))
  }
}

extension Dialect {
  /// The login of the Bluetooth modules of JBD boards; it tells no values of a battery.
  public static func jbdLogin(_ options: DialectOptions) -> Dialect {
    Dialect(
      name: "jbd-ffaa", title: "JBD module login", maker: "JBD",
      summary: "The login that some Bluetooth modules of JBD boards ask for first.",
      provenance: .captured,
      doors: [.bluetooth(service: 0xFF00, notify: 0xFF01, write: 0xFF02)], polls: [],
      scan: JBDLogin.scan,
      read: { frame, request, _, _ throws(WireError) in
        _ = try JBDLogin.answer(frame, request)
        throw .notAReading
      }, explain: { request, chunks, _ in JBDLogin.explain(request, chunks) })
  }
}
