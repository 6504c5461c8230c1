// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension TinyBMSUnit {
  /// How long the text waits after a command, ms; assumed, the manual says only that it pauses.
  static let broadcastPause: Int64 = 60

  /// The text that is due now, if any; paced by setting 342 in the form of setting 343.
  mutating func broadcast(at now: Tick) -> [UInt8]? {
    guard let period = broadcastPeriod, !isAsleep else {
      nextBroadcast = .never
      return nil
    }
    if nextBroadcast == .never { nextBroadcast = now + period }
    guard now >= nextBroadcast else { return nil }
    if now - lastCommand < Self.broadcastPause || !outbox.isEmpty || now < deafUntil {
      nextBroadcast = max(deafUntil, max(lastCommand, outbox.last?.at ?? now) + Self.broadcastPause)
      return nil
    }
    nextBroadcast = now + period
    return isText ? text : cycleAnalyst
  }

  /// Time from one text to the next, ms; `nil` for none.
  ///
  /// Form 2 is the maker's bar of lights, whose bytes are not documented: nothing is sent.
  private var broadcastPeriod: Int64? {
    if quirks.contains(.silent) { return nil }
    if quirks.contains(.broadcasting) { return 200 }
    guard settings[343] & 0xFF < 2 else { return nil }
    switch settings[342] & 0xFF {
    case 1: return 100
    case 2: return 200
    case 3: return 500
    case 4: return 1000
    case 5: return 2000
    case 6: return 5000
    case 7: return 10_000
    default: return nil
    }
  }

  private var isText: Bool { settings[343] & 0xFF == 1 || quirks.contains(.broadcasting) }

  /// The line of form 1.
  ///
  /// Its end is documented nowhere; CR LF here.
  private var text: [UInt8] {
    var line: [UInt8] = []
    field("BPV:", Int64(senses.cells.sum.raw).dividedRounding(by: 10), 2, &line)
    field("MINCV:", Int64(extremes?.lowest.raw ?? 0).dividedRounding(by: 10), 3, &line)
    field("MAXCV:", Int64(extremes?.highest.raw ?? 0).dividedRounding(by: 10), 3, &line)
    field("BPC:", Int64(senses.current.raw).dividedRounding(by: 10), 2, &line)
    field("SOC:", Int64(soc.raw).dividedRounding(by: 1_000_000), 0, &line)
    sensor("BMST:", senses.inside, &line)
    sensor("EXT1:", senses.outside.0, &line)
    sensor("EXT2:", senses.outside.1, &line)
    field("OS:", Int64(status), 0, &line)
    name("CB:", &line)
    let bits = topAligned(balancing)
    for bit in 0..<16 { line.append(bits >> UInt16(bit) & 1 == 1 ? 0x31 : 0x30) }
    line.append(0x09)
    if isSinglePort {
      field("ST:", settings[341] & 0xFF == 0 ? 0 : 1, 0, &line)
      field("SS:", isLoadOn && isChargerOn ? 1 : 0, 0, &line)
    } else {
      field("LST:", settings[331] & 0xFF == 0 ? 0 : 1, 0, &line)
      field("LSS:", isLoadOn ? 1 : 0, 0, &line)
      field("CST:", settings[333] & 0xFF == 1 ? 0 : 1, 0, &line)
      field("CSS:", isChargerOn ? 1 : 0, 0, &line)
    }
    line.removeLast()
    return line + [0x0D, 0x0A]
  }

  /// The line of form 0, as the Cycle Analyst display takes it: ampere-hours left, volts, amperes,
  /// km/h, km in all, highest temperature, and seven zeros.
  private var cycleAnalyst: [UInt8] {
    var line: [UInt8] = []
    field("", charge / 360_000, 2, &line)
    field("", Int64(senses.cells.sum.raw).dividedRounding(by: 10), 2, &line)
    field("", Int64(senses.current.raw).dividedRounding(by: 10), 2, &line)
    field("", 0, 1, &line)
    field("", 0, 2, &line)
    field(
      "", Int64(max(senses.extremes.hottest, senses.inside).raw).dividedRounding(by: 10), 1, &line)
    for _ in 0..<7 { field("", 0, 0, &line) }
    line.removeLast()
    return line + [0x0D, 0x0A]
  }

  private func name(_ key: StaticString, _ line: inout [UInt8]) {
    for place in 0..<key.utf8CodeUnitCount { unsafe line.append(key.utf8Start[place]) }
  }

  private func field(_ key: StaticString, _ raw: Int64, _ places: Int, _ line: inout [UInt8]) {
    name(key, &line)
    Decimal.append(raw, decimals: places, places: places, to: &line)
    line.append(0x09)
  }

  private func sensor(_ key: StaticString, _ temperature: Temperature?, _ line: inout [UInt8]) {
    if let temperature { return field(key, Int64(temperature.raw), 2, &line) }
    name(key, &line)
    line += [0x2D, 0x2D, 0x2D, 0x2D, 0x09]
  }
}
