// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The frame that is told over and over: cells, pack, charge, switches, alarms.
enum JKCells {
  /// Whether a cell can have so many millivolts; one that is not connected has none.
  static func isPossible(_ millivolts: Int) -> Bool {
    millivolts == 0 || (300...5500).contains(millivolts)
  }

  /// Takes the values of a frame over.
  ///
  /// - Parameters:
  ///   - frame: The frame, its checksum already found right.
  ///   - layout: Its form.
  ///   - hasMoreSensors: Whether the board is known to have five sensors, as those of the PB series do:
  ///     on others the places of the last three read 0 where nothing is connected.
  ///   - reading: What receives them.
  /// - Throws: `implausible` where no battery can be like this.
  static func place(
    _ frame: JKFrame, _ layout: JKLayout, hasMoreSensors: Bool = false, _ reading: inout Reading
  ) throws(WireError) {
    guard layout != .jk04 else { return try JK04.place(frame, &reading) }
    guard let count = layout.cellCount(frame) else {
      throw .implausible("its number of cells cannot be")
    }
    for index in 0..<count {
      let raw = Int(frame.word(6 + 2 * index))
      guard isPossible(raw) else { throw .implausible("a cell has a voltage that none has") }
      reading.cells.place(.millivolts(raw), at: index)
    }
    reading[.cellCount] = Int64(count)
    let shift = layout.afterWires
    let soc = frame.byte(141 + shift)
    guard soc <= 100 else { throw .implausible("the state of charge is above 100 %") }
    let current = frame.signedDouble(126 + shift)
    guard current.magnitude <= 5_000_000 else {
      throw .implausible("the current is beyond 5000 A")
    }
    reading.set(.voltage, Voltage.millivolts(frame.double(118 + shift)))
    reading.set(.current, Current.milliamperes(current))
    reading.set(.soc, Percent.percent(soc))
    reading.set(.remaining, Charge(raw: Int64(frame.double(142 + shift))))
    let full = frame.double(146 + shift)
    reading.set(.full, full > 0 ? Charge(raw: Int64(full)) : nil)
    reading[.cycles] = Int64(frame.double(150 + shift))
    let health = frame.byte(158 + shift)
    guard health <= 100 else { throw .implausible("the state of health is above 100 %") }
    reading.set(.soh, Percent.percent(health))
    reading[.chargeEnabled] = frame.byte(166 + shift) == 0 ? 0 : 1
    reading[.dischargeEnabled] = frame.byte(167 + shift) == 0 ? 0 : 1
    reading[.balancing] = frame.byte(140 + shift) == 0 ? 0 : 1
    reading.set(
      .mosfetTemperature, temperature(frame.signedWord(layout == .jk32 ? 144 : 134)))
    reading.temperatures.append(temperature(frame.signedWord(130 + shift)))
    reading.temperatures.append(temperature(frame.signedWord(132 + shift)))
    if layout == .jk32 { placeMoreSensors(frame, hasMoreSensors, &reading) }
    JKAlarms.place(alarmBits(frame, layout), layout, &reading)
  }

  /// T3 and T4; what stands at 254 repeats the sensor of the switches.
  private static func placeMoreSensors(
    _ frame: JKFrame, _ isKnown: Bool, _ reading: inout Reading
  ) {
    for (index, offset) in [256, 258].enumerated() {
      let raw = frame.signedWord(offset)
      guard let told = temperature(raw), isKnown || raw != 0 else { continue }
      reading.temperatures.place(told, at: 2 + index)
    }
  }

  /// A temperature in steps of 0.1 °C; `nil` where no sensor is connected, or it tells what none can.
  static func temperature(_ raw: Int16) -> Temperature? {
    (-600...2000).contains(raw) ? .decidegrees(raw) : nil
  }

  /// The alarms as they stand in a frame.
  static func alarmBits(_ frame: JKFrame, _ layout: JKLayout) -> UInt32 {
    layout == .jk32 ? frame.double(166) : UInt32(frame.word(136))
  }

  /// What a frame tells beside the values that batteries share.
  static func details(_ frame: JKFrame, _ layout: JKLayout) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = [
      .init("layout", .text("\(layout.name)")),
      .init("frame_counter", .number(Int64(frame.counter))),
    ]
    guard layout != .jk04 else { return entries + JK04.details(frame) }
    let shift = layout.afterWires
    let bits = alarmBits(frame, layout)
    entries += [
      .init("alarm_bits", .number(Int64(bits))),
      .init("reminders", .list(JKAlarms.reminders(bits))),
      .init("balancer_mode", .number(Int64(frame.byte(140 + shift)))),
      .init("balance_current_a", .number(Int64(frame.signedWord(138 + shift)), decimals: 3)),
      .init("cycle_capacity_ah", .number(Int64(frame.double(154 + shift)), decimals: 3)),
      .init("runtime_s", .number(Int64(frame.double(162 + shift)))),
      .init("heating", .flag(frame.byte(183 + shift) != 0)),
    ]
    var wires: [Exchange.Value] = []
    for index in 0..<(layout.cellCount(frame) ?? 0) {
      wires.append(
        .number(Int64(frame.word(64 + layout.afterCells + 2 * index)), decimals: 3))
    }
    entries.append(.init("wire_resistances_ohm", .list(wires)))
    guard layout == .jk32 else { return entries }
    entries.append(.init("temp_sensor_mask", .number(Int64(frame.byte(214)))))
    let raw = [254, 256, 258].map { offset in
      Exchange.Value.number(Int64(frame.signedWord(offset)), decimals: 1)
    }
    entries.append(.init("raw_temp_254_256_258_c", .list(raw)))
    return entries
  }

  /// The same as rows of the reference.
  static let keys: [ReadingKey] = [
    ReadingKey("layout", .text, "The form of the board's frames: jk04, jk02_24s or jk02_32s."),
    ReadingKey("frame_counter", .number, "The board's own number of the frame."),
    ReadingKey("alarm_bits", .number, "The alarms as the bits of the frame."),
    ReadingKey(
      "reminders", .names, "What the board reports and is no fault, such as change_password."),
    ReadingKey(
      "balancer_mode", .number, "What the balancer does: 0 nothing, 1 charges, 2 discharges a cell."
    ),
    ReadingKey(
      "balance_current_a", .number, decimals: 3, unit: "A", "Current through the balancer."),
    ReadingKey(
      "cycle_capacity_ah", .number, decimals: 3, unit: "Ah", "Charge that went through so far."),
    ReadingKey("runtime_s", .number, unit: "s", "How long the board has been on so far."),
    ReadingKey("heating", .flag, "Whether the heater is on."),
    ReadingKey(
      "wire_resistances_ohm", .numbers, decimals: 3, unit: "Ω",
      "Resistance of the wire to each cell."),
    ReadingKey(
      "temp_sensor_mask", .number, "Which sensors the board says it has; not to be trusted."),
    ReadingKey(
      "raw_temp_254_256_258_c", .numbers, decimals: 1, unit: "°C",
      "Three further temperatures as they stand in the frame, -200 where none is."),
    ReadingKey(
      "uptime_s", .number, unit: "s", "How long the board has been on, as it says of itself."),
    ReadingKey("power_on_count", .number, "How often the board was switched on."),
    ReadingKey("name", .text, "The name that the owner gave it."),
    ReadingKey("production_date", .text, "When it was made."),
  ]
}
