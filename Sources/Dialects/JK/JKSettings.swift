// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension JK {
  /// The setting of boards of 24 and 32 cells with a name; `nil` where there is none.
  static func setting(_ name: String) -> JKSetting? {
    for setting in settings where setting.row.name.hasBytes(name.utf8) { return setting }
    return nil
  }
}

/// The frame of settings.
enum JKSettings {
  /// Whether the values of a frame are settings of a board of 24 or 32 cells.
  static func fits(_ frame: JKFrame) -> Bool {
    (1...32).contains(frame.double(114)) && (500...6000).contains(frame.double(18))
      && frame.double(118) <= 1 && frame.double(122) <= 1
  }

  /// Takes over where the board switches off by itself, and its capacity when new.
  static func place(_ frame: JKFrame, _ reading: inout Reading) {
    reading.cutoffs.cellOvervoltage = cell(frame, 18)
    reading.cutoffs.cellUndervoltage = cell(frame, 10)
    reading.cutoffs.cellFull = cell(frame, 30)
    reading.cutoffs.cellEmpty = cell(frame, 34)
    reading.cutoffs.chargeOvercurrent = current(frame.double(50))
    reading.cutoffs.dischargeOvercurrent = current(frame.double(62))
    reading.cutoffs.overtemperature = .decidegrees(
      min(frame.signedDouble(82), frame.signedDouble(90)))
    reading.cutoffs.chargeUndertemperature = .decidegrees(frame.signedDouble(98))
    reading.set(.nominal, Charge(raw: Int64(frame.double(130))))
  }

  /// The same of the first boards, which know no other limit than where they switch off.
  static func place04(_ frame: JKFrame, _ reading: inout Reading) {
    reading.cutoffs.cellUndervoltage = frame.float(38).scaled(by: 10_000).map {
      .decimillivolts($0)
    }
  }

  /// A cell's voltage; `nil` where the board has none there.
  private static func cell(_ frame: JKFrame, _ offset: Int) -> CellVoltage? {
    let raw = frame.double(offset)
    return (500...6000).contains(raw) ? .millivolts(raw) : nil
  }

  private static func current(_ raw: UInt32) -> Current? {
    raw > 0 ? .milliamperes(raw) : nil
  }

  /// The values of a frame by their rows.
  static func registers(_ frame: JKFrame, _ layout: JKLayout?) -> [Exchange.RegisterValue] {
    if layout == .jk04 { return registers04(frame) }
    var values: [Exchange.RegisterValue] = []
    for setting in JK.settings where setting.isTold(layout) {
      values.append(.init(setting.row, setting.raw(frame)))
    }
    return values
  }

  private static func registers04(_ frame: JKFrame) -> [Exchange.RegisterValue] {
    var values: [Exchange.RegisterValue] = []
    for setting in JK04.settings {
      guard let raw = setting.raw(frame) else { continue }
      values.append(.init(setting.row, raw))
    }
    return values
  }
}
