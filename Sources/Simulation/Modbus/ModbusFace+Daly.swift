// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities

// Rows written from docs/protocols/daly.md, apart from the code that reads them.

extension ModbusFace {
  /// A Daly of the series H, K, M and S: it answers at 0xD2 and is silent on what it does not know.
  public static func dalyD2() -> ModbusFace {
    var map = ModbusMap(name: "daly-d2", title: "Daly H, K, M, S")
    map.unit = 0xD2
    map.blocks = [.init(0, 80), .init(0x80, 82)]
    map.rows = [
      daly(0x00, .cells(first: 1), 1000, count: 32), daly(0x20, .temperatures(first: 1), count: 8),
      daly(0x28, .point(.voltage), 100_000), dalyCurrent(0x29),
      daly(0x2A, .point(.soc), 100_000), daly(0x2B, .point(.cellMax), 1000),
      daly(0x2C, .point(.cellMin), 1000), daly(0x2D, .point(.temperatureMax)),
      daly(0x2E, .point(.temperatureMin)), daly(0x2F, .point(.status)),
      daly(0x30, .point(.remaining), 100_000), daly(0x31, .point(.cellCount)),
      daly(0x33, .point(.cycles)), daly(0x34, .point(.balancing)),
      daly(0x35, .point(.chargeEnabled)), daly(0x36, .point(.dischargeEnabled)),
      daly(0x37, .point(.cellAverage), 1000), daly(0x38, .point(.cellDelta), 1000),
      daly(0x3A, .alarms(faults(0))), daly(0x3B, .alarms(faults(1))),
      daly(0x3C, .alarms(faults(2))), daly(0x3D, .alarms(faults(3))),
      daly(0x3E, .balancing), daly(0x42, .point(.mosfetTemperature)),
      daly(0x80, .point(.nominal), 100_000), daly(0x8C, .cutoff(.cellOvervoltage), 1000),
      daly(0x8E, .cutoff(.cellUndervoltage), 1000),
    ]
    return ModbusFace(
      map,
      dalyManner { address, state, _ in
        switch address {
        case 0x32: return UInt16(state.temperatures.count)
        case 0x3F: return UInt16(truncatingIfNeeded: state.cells.balancing >> 16)
        case 0x40, 0x94, 0x96: return 30_000
        case 0x43: return 0xFFFF
        // The version from its last character to its first.
        case 0xA9..<0xB1: return word("11_240123_K00T", Int(address - 0xA9), isReversed: true)
        case 0xB1..<0xB9: return word("H2.0_103R_309F9F", Int(address - 0xB1))
        default: return nil
        }
      } order: { address, word, orders in
        switch address {
        case 0xA5: orders.opensCharge = word == 0
        case 0xA6: orders.opensDischarge = word == 0
        case 0xA7: orders.soc = .micropercent(Int64(word) * 100_000)
        case 0xCF: orders.stopsBalancing = word == 0
        default: return false
        }
        return true
      })
  }

  /// A newer Daly with a board number: asked at 0x80 and it, it answers from 0x50 and it.
  public static func daly81(board: UInt8 = 1) -> ModbusFace {
    var map = ModbusMap(name: "daly-81", title: "Daly, newer")
    map.unit = 0x80 + board
    map.blocks = [.init(0, 0x80), .init(0x100, 81), .init(0x151, 39), .init(0x178, 74)]
    map.rows = [
      daly(0x00, .cells(first: 1), 1000, count: 48), sensors81(0x30),
      daly(0x38, .point(.voltage), 100_000), dalyCurrent(0x39),
      daly(0x3A, .point(.soc), 100_000), daly(0x3C, .point(.cellCount)),
      daly(0x3E, .point(.cellMax), 1000), daly(0x3F, .point(.cellMaxNumber)),
      daly(0x40, .point(.cellMin), 1000), daly(0x41, .point(.cellMinNumber)),
      daly(0x42, .point(.cellDelta), 1000), daly(0x43, .point(.temperatureMax)),
      daly(0x45, .point(.temperatureMin)), daly(0x48, .point(.status)),
      daly(0x4B, .point(.remaining), 100_000), daly(0x4C, .point(.cycles)),
      daly(0x4D, .point(.balancing)), daly(0x4F, .balancing),
      daly(0x52, .point(.chargeEnabled)), daly(0x53, .point(.dischargeEnabled)),
      daly(0x57, .point(.cellAverage), 1000), daly(0x5A, .point(.mosfetTemperature)),
      wide(0x109, .point(.nominal)), wide(0x10B, .point(.full)),
      daly(0x131, .cutoff(.cellOvervoltage), 1000), daly(0x135, .cutoff(.cellUndervoltage), 1000),
      daly(0x14B, .cutoff(.overtemperature)), daly(0x14F, .cutoff(.chargeUndertemperature)),
      daly(0x153, .cutoff(.overtemperature)),
    ]
    var manner = dalyManner { address, state, count in
      switch address {
      case 0x3B: return count
      case 0x3D: return UInt16(state.temperatures.count)
      case 0x4E: return 0
      case 0x50, 0x51:
        return UInt16(truncatingIfNeeded: state.cells.balancing >> (16 * UInt64(address - 0x4F)))
      case 0x6D..<0x74: return faults81(address, state.alarms)
      case 0x100: return UInt16(board)
      case 0x101: return UInt16(state.cells.count)
      case 0x121: return state.isChargeOn ? 1 : 0
      case 0x122: return state.isDischargeOn ? 1 : 0
      case 0x141: return 28_500
      case 0x146: return 31_200
      case 0x178..<0x17F: return word("12_260120_K00T", Int(address - 0x178))
      case 0x17F..<0x186: return word("H2.1_103E_30XF", Int(address - 0x17F))
      case 0x18D..<0x194: return word("210LC210900005", Int(address - 0x18D))
      default: return nil
      }
    } order: { address, word, orders in
      switch address {
      case 0x121: orders.opensCharge = word == 0
      case 0x122: orders.opensDischarge = word == 0
      case 0x116: orders.soc = .micropercent(Int64(word) * 100_000)
      case 0xF6: orders.stopsBalancing = word == 0
      default: return false
      }
      return true
    }
    manner.answersFrom = 0x50 + board
    return ModbusFace(map, manner)
  }

  private static func dalyManner(
    _ word: @escaping @Sendable (UInt16, UnitState, UInt16) -> UInt16?,
    order: @escaping @Sendable (UInt16, UInt16, inout UnitOrders) -> Bool
  ) -> ModbusManner {
    var manner = ModbusManner()
    manner.latency = 50
    manner.isSilentOnErrors = true
    manner.writesWithoutCount = true
    manner.word = word
    manner.order = order
    return manner
  }

  /// A word of a text, two characters in it.
  private static func word(_ text: String, _ index: Int, isReversed: Bool = false) -> UInt16 {
    var bytes = Array(text.utf8)
    if isReversed { bytes.reverse() }
    func byte(_ place: Int) -> UInt16 { place < bytes.count ? UInt16(bytes[place]) : 0 }
    return byte(2 * index) << 8 | byte(2 * index + 1)
  }

  /// A register of a Daly: temperatures count from -40 °C.
  private static func daly(
    _ address: UInt16, _ target: ModbusMap.Target, _ scale: Int64 = 1_000_000, count: Int = 1
  ) -> ModbusMap.Row {
    var row = ModbusMap.Row(address, .uint16, target)
    row.scale = scale
    row.count = count
    if case .temperature? = target.kind { row.offset = -40 }
    return row
  }

  private static func dalyCurrent(_ address: UInt16) -> ModbusMap.Row {
    var row = daly(address, .point(.current), 100_000)
    row.offset = -30_000
    return row
  }

  /// Sensors of the newer boards: 255 where nothing is connected.
  private static func sensors81(_ address: UInt16) -> ModbusMap.Row {
    var row = daly(address, .temperatures(first: 1), count: 8)
    row.absent = [0xFF]
    return row
  }

  private static func wide(_ address: UInt16, _ target: ModbusMap.Target) -> ModbusMap.Row {
    var row = ModbusMap.Row(address, .uint32, target)
    row.scale = 1000
    return row
  }

  /// Protections of one of the four words 0x3A to 0x3D: the high bit of each pair, then single bits.
  private static func faults(_ index: Int) -> [ModbusMap.AlarmBit] {
    switch index {
    case 0:
      [
        .init(1, .cellOvervoltage), .init(3, .cellUndervoltage), .init(5, .packOvervoltage),
        .init(7, .packUndervoltage), .init(9, .chargeOvertemperature),
        .init(11, .chargeUndertemperature), .init(13, .dischargeOvertemperature),
        .init(15, .dischargeUndertemperature),
      ]
    case 1:
      [
        .init(1, .chargeOvercurrent), .init(3, .dischargeOvercurrent), .init(5, .socHigh),
        .init(7, .socLow), .init(9, .cellImbalance), .init(11, .temperatureDifference),
      ]
    case 2:
      [
        .init(0, .mosfetOvertemperature), .init(2, .temperatureSensorFault),
        .init(4, .chargeMosfetFault), .init(5, .dischargeMosfetFault), .init(8, .afeFault),
        .init(9, .cellSenseFault), .init(11, .eepromFault), .init(12, .rtcFault),
        .init(13, .prechargeFault), .init(14, .communicationFault),
      ]
    default:
      [
        .init(0, .currentSensorFault), .init(1, .internalFault), .init(2, .shortCircuit),
        .init(3, .chargeInhibited),
      ]
    }
  }

  /// Levels of three bits, of which 2 is a protection, and single bits.
  private static func faults81(_ address: UInt16, _ alarms: AlarmSet) -> UInt16 {
    let levels: [(UInt16, UInt16, Alarm)] = [
      (0x6D, 0, .cellOvervoltage), (0x6D, 3, .cellUndervoltage), (0x6D, 8, .cellImbalance),
      (0x6D, 11, .chargeOvertemperature), (0x6E, 0, .chargeUndertemperature),
      (0x6E, 3, .dischargeOvertemperature), (0x6E, 8, .dischargeUndertemperature),
      (0x6F, 0, .packOvervoltage), (0x6F, 3, .packUndervoltage), (0x6F, 8, .chargeOvercurrent),
      (0x6F, 11, .dischargeOvercurrent), (0x70, 0, .socLow), (0x70, 11, .overtemperature),
    ]
    var word: UInt16 = 0
    for (register, shift, alarm) in levels where register == address && alarms.has(alarm) {
      word |= 2 << shift
    }
    if address == 0x6F, alarms.has(.shortCircuit) { word |= 1 << 6 }
    if address == 0x72, alarms.has(.currentSensorFault) { word |= 1 << 14 }
    return word
  }
}
