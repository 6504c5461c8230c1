// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What the frames of one exchange in the classic language said, collected for people.
struct DalyAccount {
  /// Bytes that belonged to no frame.
  var stray = 0
  private var frames = 0
  /// The numbers of the frames of the last run of cells.
  private var run: [UInt8] = []
  private var cells = Cells()
  private var slots = 0

  /// Takes the data of one frame over.
  mutating func take(
    _ command: UInt8, _ data: borrowing Span<UInt8>, _ asked: UInt8?, _ facts: inout Facts,
    _ exchange: inout Exchange, inverts: Bool
  ) {
    frames += 1
    switch command {
    case DalyA5.Command.cells: return takeCells(data, facts)
    case DalyA5.Command.temperatures: return takeTemperatures(data, facts, &exchange)
    case DalyA5.Command.chargeSwitch, DalyA5.Command.dischargeSwitch:
      exchange.exchange.append(.init("echoed_state", .number(Int64(data[0]))))
      return
    case DalyA5.Command.finish:
      var isZero = true
      for index in 0..<8 where data[index] != 0 { isZero = false }
      exchange.exchange.append(.init("payload_all_zero", .flag(isZero)))
      return
    case DalyA5.Command.setClockAndCharge:
      exchange.exchange.append(.init("accepted", .flag(data[0] == 1)))
      return
    default: break
    }
    var lesson = facts
    lesson.isFirst = exchange.whole.reading.identity == Identity()
    do throws(WireError) {
      try DalyPayload.place(command, data, &lesson, &exchange.whole.reading, inverts: inverts)
      facts = lesson
    } catch {
      if error != .notAReading { exchange.error = exchange.error ?? error }
    }
    exchange.registers += DalyA5.values(command, data)
    exchange.whole.details += details(command, data)
  }

  /// Cells of the last run, as many as the board has, or without knowing that, up to the last that is
  /// not zero.
  private mutating func takeCells(_ data: borrowing Span<UInt8>, _ facts: Facts) {
    guard (1...16).contains(data[0]) else { return }
    if run.contains(data[0]) || run.last.map({ $0 > data[0] }) ?? false {
      run = []
      cells = Cells()
    }
    run.append(data[0])
    let most = Int(facts[DalyPayload.Slot.cells] ?? 48)
    for place in 0..<3 {
      let index = 3 * (Int(data[0]) - 1) + place
      let raw = data.bigUInt16(at: 1 + 2 * place)
      guard index < most, raw > 0 || facts[DalyPayload.Slot.cells] != nil else { continue }
      cells.place(.millivolts(raw), at: index)
    }
  }

  private func takeTemperatures(
    _ data: borrowing Span<UInt8>, _ facts: Facts, _ exchange: inout Exchange
  ) {
    guard (1...3).contains(data[0]) else { return }
    let most = Int(facts[DalyPayload.Slot.sensors] ?? 16)
    for place in 0..<7 {
      let index = 7 * (Int(data[0]) - 1) + place
      guard index < most, data[1 + place] > 0 || facts[DalyPayload.Slot.sensors] != nil else {
        continue
      }
      exchange.whole.reading.temperatures.place(Daly.temperature(data[1 + place]), at: index)
    }
  }

  private func details(_ command: UInt8, _ data: borrowing Span<UInt8>) -> [Exchange.Entry] {
    switch command {
    case DalyA5.Command.temperatureExtremes:
      return [
        .init("temp_max_sensor_number", .number(Int64(data[1]))),
        .init("temp_min_sensor_number", .number(Int64(data[3]))),
      ]
    case DalyA5.Command.switches:
      let state = Daly.state(Int64(data[0]))
      return [
        .init("state", state.map { .text("\($0)") } ?? .none),
        .init("life_counter", .number(Int64(data[3]))),
      ]
    case DalyA5.Command.counts:
      return [
        .init("temperature_sensor_count", .number(Int64(data[1]))),
        .init("charger_connected", .flag(data[2] == 1)),
        .init("load_connected", .flag(data[3] == 1)), .init("dio_bits", .number(Int64(data[4]))),
      ]
    case DalyA5.Command.faults: return [.init("fault_code", .number(Int64(data[7])))]
    case DalyA5.Command.kind:
      let date = DateText.date(data[2], data[3], data[4])
      return [.init("production_date", date.map { .text($0) } ?? .none)]
    case DalyA5.Command.clock:
      return [.init("rtc", DateText.clock(data, at: 0).map { .text($0) } ?? .none)]
    default: return []
    }
  }

  /// Writes what only the whole exchange shows.
  func finish(_ exchange: inout Exchange) {
    if cells.count > 0 { exchange.whole.reading.cells = cells }
    guard frames > 1 || stray > 0 || frames == 0 else { return }
    exchange.exchange.append(.init("frames_total", .number(Int64(frames))))
    if stray > 0 { exchange.exchange.append(.init("stray_leading_bytes", .number(Int64(stray)))) }
    if !run.isEmpty {
      exchange.exchange.append(
        .init("last_set_frame_numbers", .list(run.map { .number(Int64($0)) })))
    }
    if frames == 0, exchange.error == nil {
      exchange.error = .truncated(got: stray, needed: DalyA5.length)
    }
  }
}
