// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Quantities

@testable import History

/// Random numbers that are the same for the same seed everywhere (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A folder that is removed with its last owner.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file in it.
  func path(_ name: String = "history.db") -> String { url.appending(path: name).path }

  /// The names of the files in it.
  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? []
  }
}

/// Wall time of the first record in tests: the start of a minute, an hour and a day (UTC).
let epoch: Int64 = 1_795_219_200_000

/// The moment `milliseconds` after `epoch`, on a machine that was then up for 1000 s.
func moment(_ milliseconds: Int64) -> Moment {
  Moment(Tick(1_000_000 + milliseconds), wall: epoch + milliseconds)
}

/// A plain record with a voltage, `second` seconds after `epoch`.
func plain(
  _ second: Int64, battery: Int = 1, boot: Int64 = 1, voltage: Int64 = 52_000,
  sequence: Int64? = nil
) -> Record {
  var record = Record(
    battery: battery, boot: boot, sequence: sequence ?? second, at: moment(second * 1000))
  record.reading[.voltage] = voltage
  return record
}

/// A 16-cell LFP pack in a house at 1 Hz, with noise, loads that come and go, and jittering times.
func house(
  seconds: Int, seed: UInt64, battery: Int = 1, boot: Int64 = 1, interval: Int64 = 1000
) -> [Record] {
  var random = Seeded(seed)
  var load: Int64 = -4000
  var energy: Int64 = 1_234_567_890
  var soc: Int64 = 61_000_000
  return (0..<seconds).map { index in
    let jitter = Int64.random(in: 0...4, using: &random)
    if Int.random(in: 0..<20, using: &random) == 0 {
      load = Int64.random(in: -60_000...30_000, using: &random)
    }
    var reading = Reading()
    let current = load + Int64.random(in: -80...80, using: &random)
    for cell in 0..<16 {
      let rest = 33_100 + Int64(cell * 7) + current / 600 - Int64(index / 40)
      reading.cells.append(CellVoltage(raw: Int32(rest + Int64.random(in: -3...3, using: &random))))
    }
    reading.cells.reportsBalancing = true
    for sensor in 0..<2 {
      reading.temperatures.append(
        Temperature(raw: 2310 + Int32(sensor * 40) + Int32(index / 300) * 10))
    }
    reading.temperatures.append(nil)
    energy += max(0, -current) * 52 / 3600
    soc += current / 300
    reading[.voltage] = Int64(reading.cells.sum.raw)
    reading[.current] = current
    reading[.soc] = soc
    reading[.soh] = 98_000_000
    reading[.nominal] = 280_000
    reading[.cycles] = 212
    reading[.energyDischarged] = energy
    reading[.energyCharged] = 2_345_678_901
    reading[.mosfetTemperature] = 2500 + Int64(index / 100) * 10
    reading[.chargeEnabled] = 1
    reading[.dischargeEnabled] = 1
    reading[.balancing] = 0
    reading[.status] = 0x91
    reading.reportsAlarms = true
    var snapshot = Snapshot()
    let at = moment(Int64(index) * interval + jitter)
    snapshot.take(reading, at: at.monotonic, isLive: true)
    let limits = Limits(
      chargeVoltage: .init(.millivolts(56_000), .user),
      chargeCurrent: .init(.amperes(100), .user), dischargeCurrent: .init(.amperes(120), .battery),
      dischargeVoltage: .millivolts(48_000), mode: .bulk)
    var record = Record(
      battery: battery, sequence: Int64(index), snapshot: snapshot, limits: limits,
      freshness: .fresh, at: at)
    record.boot = boot
    return record
  }
}

/// A record with everything that chance puts in it, the extremes of each type among it.
func chance(_ random: inout Seeded, sequence: Int64, battery: Int, boot: Int64) -> Record {
  func number() -> Int64 {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: [.min, .max, 0, -1, 1].randomElement(using: &random) ?? 0
    case 1: Int64.random(in: .min ... .max, using: &random)
    default: Int64.random(in: -2000...2000, using: &random)
    }
  }
  var record = Record(
    battery: battery, boot: boot, sequence: sequence, at: Moment(Tick(number()), wall: number()),
    derived: UInt64.random(in: 0...7, using: &random),
    mode: Bool.random(using: &random) ? ChargeMode.allCases.randomElement(using: &random) : nil,
    freshness: Freshness.allCases.randomElement(using: &random) ?? .lost)
  for point in Point.allCases where Bool.random(using: &random) {
    record.reading[point] = number()
  }
  for _ in 0..<Int.random(in: 0...Cells.capacity, using: &random) {
    record.reading.cells.append(CellVoltage(raw: Int32.random(in: 0...65_535, using: &random)))
  }
  record.reading.cells.reportsBalancing = Bool.random(using: &random)
  record.reading.cells.balancing = random.next()
  for _ in 0..<Int.random(in: 0...Temperatures.capacity, using: &random) {
    let isThere = Bool.random(using: &random)
    let raw = Int32.random(in: -32_768...32_767, using: &random)
    record.reading.temperatures.append(isThere ? Temperature(raw: raw) : nil)
  }
  record.reading.reportsAlarms = Bool.random(using: &random)
  record.reading.alarms = AlarmSet(rawValue: random.next())
  record.reading.warnings = AlarmSet(rawValue: random.next())
  return record
}

extension HistoryStore {
  /// Every stored record of a battery.
  func all(battery: Int = 1) throws(HistoryError) -> [Record] { try reader.all(battery: battery) }
}

extension HistoryReader {
  /// Every stored record of a battery.
  func all(battery: Int = 1) throws(HistoryError) -> [Record] {
    var records: [Record] = []
    try self.records(battery: battery) { (record: Record) throws(HistoryError) in
      records.append(record)
      return true
    }
    return records
  }
}
