// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension BatteryControl {
  /// A Daly board with the classic language.
  static func dalyA5(_ options: DialectOptions) -> BatteryControl {
    let board = options.address ?? 1
    return BatteryControl(.dalyA5(options), [.charge, .discharge, .soc, .restart]) {
      order, _, moment in
      switch order {
      case .charge(let isOn):
        return .requests(
          [DalyA5.order(DalyA5.Command.chargeSwitch, board, [isOn ? 1 : 0])], nil, .reading)
      case .discharge(let isOn):
        return .requests(
          [DalyA5.order(DalyA5.Command.dischargeSwitch, board, [isOn ? 1 : 0])], nil, .reading)
      case .soc(let percent):
        return .requests([DalyA5.clock(moment, percent, board)], nil, .reading)
      case .restart:
        var request = DalyA5.order(DalyA5.Command.restart, board, [])
        // Many boards restart without a word.
        request.tries = 1
        request.isAnswered = false
        request.pauseAfter = 3000
        return .requests([request], nil, .life)
      case .balance: return .refused(.unknown)
      }
    }
  }

  /// A Daly board that answers at 0xD2.
  static func dalyD2(_ options: DialectOptions) -> BatteryControl {
    BatteryControl(.dalyD2(options), [.charge, .discharge, .balance, .soc, .restart]) {
      order, _, _ in
      switch order {
      case .charge(let isOn): DalyModbus.way(DalyD2.address, 0xA5, isOn ? 1 : 0)
      case .discharge(let isOn): DalyModbus.way(DalyD2.address, 0xA6, isOn ? 1 : 0)
      case .balance(let isOn): DalyModbus.kept(DalyD2.address, 0xCF, isOn ? 1 : 0)
      case .soc(let percent): DalyModbus.way(DalyD2.address, 0xA7, Daly.tenths(percent))
      case .restart: DalyModbus.restart(DalyD2.address, 0xF0)
      }
    }
  }

  /// A newer Daly board.
  static func daly81(_ options: DialectOptions) -> BatteryControl {
    let address = Daly81.address(of: options.address ?? 1)
    return BatteryControl(.daly81(options), [.charge, .discharge, .balance, .soc]) { order, _, _ in
      switch order {
      case .charge(let isOn): DalyModbus.way(address, 0x121, isOn ? 1 : 0)
      case .discharge(let isOn): DalyModbus.way(address, 0x122, isOn ? 1 : 0)
      case .balance(let isOn): DalyModbus.kept(address, 0xF6, isOn ? 1 : 0)
      case .soc(let percent): DalyModbus.way(address, 0x116, Daly.tenths(percent))
      case .restart: .refused(.unknown)
      }
    }
  }
}

extension Daly {
  /// A share in steps of 0.1 %.
  static func tenths(_ percent: Percent) -> UInt16 {
    UInt16(clamping: (Int64(percent.raw) + 50_000) / 100_000)
  }
}

extension DalyA5 {
  /// An order with its first bytes of data.
  static func order(_ command: UInt8, _ board: UInt8, _ first: [UInt8]) -> Request {
    var data: [8 of UInt8] = .init(repeating: 0)
    for (index, byte) in first.enumerated() { data[index] = byte }
    return Request(
      tag: UInt32(command) << 16, bytes: encode(command, board: board, data), timeout: 400,
      pauseAfter: 300)
  }

  /// The order that sets the clock and the state of charge, which go together.
  static func clock(_ moment: ControlMoment, _ percent: Percent, _ board: UInt8) -> Request {
    var data: [UInt8] = []
    for index in 0..<6 { data.append(moment.fields[index]) }
    let tenths = Daly.tenths(percent)
    return order(
      Command.setClockAndCharge, board, data + [UInt8(tenths >> 8), UInt8(tenths & 0xFF)])
  }
}

extension DalyModbus {
  /// A write that the live reading shows.
  static func way(_ address: UInt8, _ register: UInt16, _ word: UInt16) -> ControlWay {
    .requests([switching(address, register, word)], nil, .reading)
  }

  /// A write that the register itself shows.
  static func kept(_ address: UInt8, _ register: UInt16, _ word: UInt16) -> ControlWay {
    var answer: [UInt8] = [answering(address), 0x03, 2]
    answer.appendBig(word)
    return .requests(
      [switching(address, register, word)], nil,
      .answer(ask(address, register, 1), sealed(answer)))
  }

  static func restart(_ address: UInt8, _ register: UInt16) -> ControlWay {
    var request = switching(address, register, 1)
    request.tries = 1
    request.pauseAfter = 3000
    return .requests([request], nil, .life)
  }

  /// A write that may be sent again.
  private static func switching(_ address: UInt8, _ register: UInt16, _ word: UInt16) -> Request {
    var request = writing(address, register, word).order(register)
    request.tries = 3
    return request
  }
}
