// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKBLE {
  /// The fuller account of one exchange: frames of every kind, the short messages, and a write that nothing
  /// answers.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ facts: inout Facts, inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    let bytes = chunks.flatMap { $0 }
    if bytes.isEmpty, let request {
      explain(write: request, facts, &exchange)
      return exchange
    }
    var place = 0
    var found = false
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      if let message = JK.command(rest) {
        exchange.exchange.append(.init("command", .number(Int64(message.register))))
        place += JK.commandLength
        found = true
        continue
      }
      switch JK.scan(rest) {
      case .frame(let length), .broadcast(let length):
        found = take(rest, &facts, &exchange, inverts: inverts) || found
        place += length
      case .skip(let count): place += max(1, min(count, nextCommand(rest)))
      case .incomplete:
        exchange.error =
          exchange.error ?? .truncated(got: rest.count, needed: JKFrame.length)
        place = bytes.count
      }
    }
    if !found {
      exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: JKFrame.length)
      exchange.exchange.append(.init("valid_frame", .flag(false)))
      exchange.exchange.append(.init("received_length", .number(Int64(bytes.count))))
    }
    return exchange
  }

  /// How far it is to the next short message, after the first byte.
  private static func nextCommand(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count {
      if bytes[index] == JK.commandHead[0],
        JK.command(bytes.extracting(index..<bytes.count)) != nil
      {
        break
      }
      index += 1
    }
    return index
  }

  /// Takes a frame over; `false` where it cannot be believed.
  private static func take(
    _ bytes: borrowing Span<UInt8>, _ facts: inout Facts, _ exchange: inout Exchange, inverts: Bool
  ) -> Bool {
    do throws(WireError) {
      try read(
        bytes.extracting(0..<JKFrame.length), nil, &facts, &exchange.whole.reading,
        inverts: inverts)
    } catch {
      guard error == .notAReading else {
        exchange.error = error
        return false
      }
    }
    guard let frame = try? JKFrame(checked: bytes) else { return false }
    describe(frame, facts, &exchange)
    return true
  }

  /// What a checked frame tells beside its reading.
  static func describe(_ frame: JKFrame, _ facts: Facts, _ exchange: inout Exchange) {
    switch frame.kind {
    case JK.Kind.cells:
      if let layout = likelyLayout(facts) {
        exchange.whole.details += JKCells.details(frame, layout)
      }
    case JK.Kind.settings:
      let likely = likelyLayout(facts)
      let layout = JK04.fitsSettings(frame) ? .jk04 : likely == .jk04 ? nil : likely
      exchange.registers += JKSettings.registers(frame, layout)
    case JK.Kind.device: exchange.exchange += JKDevice.entries(frame)
    case JK.Kind.log: exchange.exchange += JKLog.entries(frame)
    default: exchange.exchange.append(.init("kind", .number(Int64(frame.kind))))
    }
  }

  /// A command that was not answered: its register and, where no more than one form of board gives it a
  /// sense, what it sets.
  private static func explain(
    write request: [UInt8], _ facts: Facts, _ exchange: inout Exchange
  ) {
    guard let (register, value) = JK.command(request.span) else {
      exchange.error = .truncated(got: request.count, needed: JK.commandLength)
      return
    }
    exchange.exchange = [
      .init("register", .number(Int64(register))), .init("length", .number(Int64(value.count))),
    ]
    var order = JKLayout.allCases
    if let likely = likelyLayout(facts) { order = [likely] + order.filter { $0 != likely } }
    for layout in order {
      guard let (name, told) = meaning(register, value, layout) else { continue }
      exchange.exchange += [
        .init("layout", .text("\(layout.name)")), .init("name", .text("\(name)")),
        .init("value", told),
      ]
      return
    }
  }

  /// What a write means to boards of a form; `nil` where nothing.
  private static func meaning(
    _ register: UInt8, _ value: [UInt8], _ layout: JKLayout
  ) -> (StaticString, Exchange.Value)? {
    if layout == .jk04 {
      for setting in JK04.settings where setting.code == register {
        guard let raw = setting.raw(value) else { return nil }
        return (setting.row.name, .number(raw, decimals: Int(setting.row.decimals)))
      }
      return nil
    }
    if let (name, raw) = order(register, value, layout) { return (name, .number(raw)) }
    for setting in JK.settings where setting.code(layout) == register {
      guard value.count == setting.length else { return nil }
      let frame = JKFrame(value, at: Int(setting.row.address))
      let raw = setting.raw(frame)
      guard setting.row.allows(raw) else { return nil }
      return (setting.row.name, .number(raw, decimals: Int(setting.row.decimals)))
    }
    return nil
  }

  /// What is written and is in no frame of settings.
  private static func order(
    _ register: UInt8, _ value: [UInt8], _ layout: JKLayout
  ) -> (StaticString, Int64)? {
    guard layout == .jk32, register == 0x27, value.count == 4, value[0] <= 1 else { return nil }
    return ("heating_switch", Int64(value[0]))
  }
}
