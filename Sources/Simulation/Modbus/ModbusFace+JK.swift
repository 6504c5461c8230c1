// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects

extension ModbusFace {
  /// A JK of the PB series: it answers at most 40 registers, not at all when it was left alone, and wakes
  /// by the write of a trigger.
  public static func jkModbus(unit: UInt8 = 1) -> ModbusFace {
    let map = ModbusMap.jkPB(unit: unit)
    var manner = ModbusManner()
    manner.mostRegisters = 40
    manner.isSilentOnErrors = true
    manner.drowsyAfter = 10_000
    manner.identity.model = Label("JK_SIM_PB")
    manner.identity.firmware = Label("15.41")
    manner.identity.hardware = Label("15A")
    manner.word = jkWord
    manner.keeps = 0x1000..<0x1088
    manner.order = { address, word, orders in
      switch address {
      case 0x1072: orders.opensCharge = word == 0
      case 0x1076: orders.opensDischarge = word == 0
      case 0x107A: orders.stopsBalancing = word == 0
      default: break
      }
      return (0x1000..<0x1088).contains(address)
    }
    manner.trigger = { board, request, state in board.page(request, state) }
    return ModbusFace(map, manner)
  }

  /// Settings of a board as it comes, beside those that the map tells.
  private static let standard: [(place: UInt16, word: UInt16)] = [
    (0x1000, 3500), (0x1008, 2650), (0x1010, 3500), (0x1014, 10), (0x1020, 3450), (0x1024, 3350),
    (0x1028, 2400), (0x1030, 30), (0x1034, 60), (0x103C, 300), (0x1040, 60), (0x1044, 60),
    (0x1048, 2000), (0x1050, 550), (0x1058, 550), (0x1060, 50), (0x1064, 900), (0x1068, 700),
    (0x1080, 1500), (0x1084, 3000),
  ]

  /// Words that the rows of the map do not tell.
  private static func jkWord(_ address: UInt16, _ state: UnitState, _: UInt16) -> UInt16? {
    let mask: UInt32 = state.cells.count < 32 ? (1 << UInt32(state.cells.count)) - 1 : .max
    switch address {
    case 0x1240: return UInt16(truncatingIfNeeded: mask >> 16)
    case 0x1242: return UInt16(truncatingIfNeeded: mask)
    // Above 60 °C charging and discharging stop.
    case 0x104E, 0x1056: return 600
    case 0x106E: return UInt16(state.cells.count)
    case 0x1072, 0x1076, 0x107A: return 1
    case 0x1000..<0x1088:
      // The low words of what no row of the map tells.
      for (place, word) in standard where place + 2 == address { return word }
      return nil
    // A serial number of eleven characters, and what follows it.
    case 0x1450..<0x145C:
      let text = Array("40119491480X".utf8)
      let place = Int(address - 0x1450)
      return UInt16(text[place]) << 8 | UInt16(text[place + 1])
    default: return nil
    }
  }

  /// The frame of 300 bytes that a trigger asks for, and its acknowledgement; `nil` where the request is
  /// no trigger.
  private func page(_ request: [UInt8], _ state: UnitState) -> [UInt8]? {
    guard request.count == 11, request[1] == 0x10, request[2] == 0x16 else { return nil }
    let start: UInt16
    let kind: UInt8
    switch request[3] {
    case 0x1E: (start, kind) = (0x1000, 1)
    case 0x20: (start, kind) = (0x1200, 2)
    case 0x1C: (start, kind) = (0x1400, 3)
    default: return nil
    }
    var frame: [UInt8] = [0x55, 0xAA, 0xEB, 0x90, kind, 0]
    var place: UInt16 = 0
    while frame.count < 298 {
      frame += map.bytes(at: start + place, from: start) { word(3, $0, state) ?? 0 }
      place = UInt16(frame.count - 6)
    }
    var sum: UInt8 = 0
    frame = Array(frame[..<298]) + [0]
    for byte in frame { sum &+= byte }
    frame.append(sum)
    var tail = Array(request[..<6])
    ModbusRTU.seal(&tail)
    return frame + [0] + tail + [0]
  }
}

extension ModbusMap {
  /// The bytes of the value at an address in a frame, lowest first: of a double word four, of a single
  /// one two, and of half registers and characters as they stand.
  fileprivate func bytes(
    at address: UInt16, from start: UInt16, _ word: (UInt16) -> UInt16
  ) -> [UInt8] {
    let first = word(address)
    let high = UInt8(truncatingIfNeeded: first >> 8)
    let low = UInt8(truncatingIfNeeded: first)
    var isWide = start == 0x1000 || address == 0x1240
    var isText = start == 0x1400
    for row in rows where row.address == address {
      switch row.form {
      case .uint32, .int32, .float32: isWide = true
      case .uint8High, .uint8Low, .text: isText = true
      case .uint16, .int16: break
      }
    }
    if isText { return [high, low] }
    guard isWide else { return [low, high] }
    let second = word(address + 2)
    return [
      UInt8(truncatingIfNeeded: second), UInt8(truncatingIfNeeded: second >> 8), low, high,
    ]
  }
}
