// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// From registers to a reading.

extension ModbusMap {
  /// Takes over what registers say, beside what other answers of the same poll said.
  func place(_ words: ModbusWords, _ reading: inout Reading) throws(WireError) {
    for row in rows where row.function == words.function {
      guard words.place(row.address, words: row.words) != nil else { continue }
      try place(row, words, &reading)
    }
  }

  private func place(
    _ row: Row, _ words: ModbusWords, _ reading: inout Reading
  ) throws(WireError) {
    switch row.target {
    case .point(let point):
      guard let steps = try steps(row, words, point.kind) else { return }
      try ModbusBounds.check(steps, point)
      reading[point] = point.kind == .flag ? (steps == 0 ? 0 : 1) : steps
    case .flag(let point, let bit):
      guard let bits = bits(row, words) else { return }
      reading[point] = Int64(bits >> UInt64(bit) & 1)
    case .cells(let first): try placeCells(row, first - 1, words, &reading)
    case .temperatures(let first):
      for index in 0..<row.count {
        let steps = try steps(row, words, .temperature, index)
        if let steps { try ModbusBounds.checkTemperature(steps) }
        reading.temperatures.place(steps.map { Temperature(clamping: $0) }, at: first - 1 + index)
      }
    case .balancing:
      guard let bits = bits(row, words) else { return }
      reading.cells.balancing = bits
      reading.cells.reportsBalancing = true
      if reading[.balancing] == nil { reading[.balancing] = bits == 0 ? 0 : 1 }
    case .alarms(let known): placeAlarms(row, known, words, &reading)
    case .cutoff(let cutoff):
      guard let steps = try steps(row, words, cutoff.kind) else { return }
      try ModbusBounds.check(steps, cutoff)
      reading.cutoffs.set(cutoff, steps)
    case .identity(let part):
      guard let text = words.text(row.address, words: row.words, row.order) else { return }
      let label = Label(text)
      if !label.isEmpty { reading.identity.set(part, label) }
    }
  }

  /// The number of a row in steps of a kind; `nil` where it says that it is not there.
  private func steps(
    _ row: Row, _ words: ModbusWords, _ kind: Point.Kind, _ index: Int = 0
  ) throws(WireError) -> Int64? {
    guard let raw = words.raw(row.address, row.form, row.order, index: index),
      !row.absent.contains(raw)
    else { return nil }
    if row.form == .float32 {
      let (numerator, _) = row.factor(kind)
      guard let steps = Binary32(bits: UInt32(truncatingIfNeeded: raw)).scaled(by: numerator)
      else { throw .implausible("a floating-point register holds no usable number") }
      return Int64(steps)
    }
    guard let steps = row.steps(raw, kind) else {
      throw .implausible("a register times its scale is beyond any number")
    }
    return steps
  }

  /// The bits of a row; `nil` where it says that it is not there.
  private func bits(_ row: Row, _ words: ModbusWords) -> UInt64? {
    guard let raw = words.raw(row.address, row.form, row.order), !row.absent.contains(raw) else {
      return nil
    }
    return UInt64(truncatingIfNeeded: raw) & (row.form.words == 2 ? 0xFFFF_FFFF : 0xFFFF)
  }

  private func placeCells(
    _ row: Row, _ first: Int, _ words: ModbusWords, _ reading: inout Reading
  ) throws(WireError) {
    for index in 0..<row.count {
      guard let steps = try steps(row, words, .cellVoltage, index) else { continue }
      try ModbusBounds.checkCell(steps)
      // A place without a cell may only be followed by more of them.
      guard reading.cells.count == first + index else {
        throw .implausible("a cell that is there follows one that is not")
      }
      reading.cells.append(CellVoltage(clamping: steps))
    }
  }

  private func placeAlarms(
    _ row: Row, _ known: [AlarmBit], _ words: ModbusWords, _ reading: inout Reading
  ) {
    guard let bits = bits(row, words) else { return }
    reading.reportsAlarms = true
    for bit in known {
      let alarm = AlarmSet(bit.alarm)
      reading.reportable.formUnion(alarm)
      guard bits >> UInt64(bit.bit) & 1 == 1 else { continue }
      if bit.isWarning {
        reading.warnings.formUnion(alarm)
      } else {
        reading.alarms.formUnion(alarm)
      }
    }
  }
}

extension Cutoffs {
  /// Sets a cutoff from steps of its kind; currents count without their sign.
  fileprivate mutating func set(_ cutoff: ModbusMap.Cutoff, _ steps: Int64) {
    let cell = CellVoltage(clamping: steps)
    let current = Current(clamping: steps).magnitude
    let temperature = Temperature(clamping: steps)
    switch cutoff {
    case .cellOvervoltage: cellOvervoltage = cell
    case .cellUndervoltage: cellUndervoltage = cell
    case .cellFull: cellFull = cell
    case .cellEmpty: cellEmpty = cell
    case .chargeOvercurrent: chargeOvercurrent = current
    case .dischargeOvercurrent: dischargeOvercurrent = current
    case .overtemperature: overtemperature = temperature
    case .chargeUndertemperature: chargeUndertemperature = temperature
    }
  }
}

extension Identity {
  fileprivate mutating func set(_ part: ModbusMap.IdentityPart, _ label: Label) {
    switch part {
    case .serial: serial = label
    case .model: model = label
    case .manufacturer: manufacturer = label
    case .firmware: firmware = label
    case .hardware: hardware = label
    }
  }
}
