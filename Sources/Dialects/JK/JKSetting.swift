// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One setting of a JK board: its place in the frame of settings, and the register by which each form of
/// board lets it be written.
///
/// The registers differ: 0x21 and 0x24 to 0x26 mean one thing on a board of 24 cells and another on one of
/// 32, and from 0x27 on the former has the resistances of its wires. So nothing is ever written before the
/// form of a board is known.
public struct JKSetting: Sendable {
  /// The row of the register map; its address is the offset in the frame of settings.
  public let row: Register
  /// The register of boards of 24 cells; `nil` where they do not have it.
  let code24: UInt8?
  /// The register of boards of 32 cells; `nil` where they do not have it.
  let code32: UInt8?
  /// Bytes of its value in a write.
  let length: Int

  init(_ row: Register, _ code24: UInt8?, _ code32: UInt8?, length: Int = 4) {
    self.row = row
    self.code24 = code24
    self.code32 = code32
    self.length = length
  }

  /// The register on a board of a form; `nil` where it cannot be written there.
  func code(_ layout: JKLayout) -> UInt8? {
    switch layout {
    case .jk04: nil
    case .jk24: code24
    case .jk32: code32
    }
  }

  /// The raw value in a frame of settings.
  public func raw(_ frame: JKFrame) -> Int64 {
    let offset = Int(row.address)
    switch row.form {
    case .int32: return Int64(frame.signedDouble(offset))
    case .int8Low: return Int64(Int8(bitPattern: frame.byte(offset)))
    case .uint8Low: return Int64(frame.byte(offset))
    case .uint16, .bits16: return Int64(frame.word(offset))
    default: return Int64(frame.double(offset))
    }
  }

  /// Whether boards of a form tell it: those of 24 cells have nothing behind the resistances of their
  /// wires.
  func isTold(_ layout: JKLayout?) -> Bool {
    row.address < 142 ? layout != .jk04 : layout == .jk32
  }
}

extension JK {
  /// The settings of boards of 24 and 32 cells.
  ///
  /// Source: captures of both; names and registers as syssi/esphome-jk-bms and its logs of the maker's
  /// program have them. Ranges are those of that program's peers; where none is given the board's rating
  /// decides.
  public static let settings: [JKSetting] = cellSettings + currentSettings + heatSettings + others

  private static let cellSettings: [JKSetting] = [
    volts(
      6, "smart_sleep_v", nil, nil,
      "Cells below it let the board sleep; old boards have 0.6 here, which is no such thing."),
    volts(10, "cell_uvp_v", 0x02, 0x02, "A cell below it stops discharging."),
    volts(14, "cell_uvpr_v", 0x03, 0x03, "Cells above it let discharging go on."),
    volts(18, "cell_ovp_v", 0x04, 0x04, "A cell above it stops charging."),
    volts(22, "cell_ovpr_v", 0x05, 0x05, "Cells below it let charging go on."),
    .init(
      .init(
        26, "balance_trigger_v", .uint32, .settings, .write, decimals: 3, unit: "V",
        range: 3...1000, "Cells closer together are not balanced."), 0x06, 0x06),
    volts(30, "soc_100_v", 0x07, 0x07, "A cell at it is full; 0 on old boards."),
    volts(34, "soc_0_v", 0x08, 0x08, "A cell at it is empty; 0 on old boards."),
    volts(
      38, "request_charge_v", 0x09, 0x09, "The voltage for each cell that chargers are asked for."),
    volts(42, "request_float_v", 0x0A, 0x0A, "The same for floating."),
    volts(46, "power_off_v", 0x0B, 0x0B, "A cell below it switches the board off."),
    .init(
      .init(
        138, "balance_start_v", .uint32, .settings, .write, decimals: 3, unit: "V",
        range: 1200...4350, "Cells below it are not balanced."), 0x26, 0x22),
  ]

  private static let currentSettings: [JKSetting] = [
    amperes(50, "max_charge_a", 0x0C, "A charge current above it stops charging."),
    seconds(54, "charge_ocp_delay_s", 0x0D, "For how long the charge current may be above it."),
    seconds(58, "charge_ocp_release_s", 0x0E, "How long charging then stays off."),
    amperes(62, "max_discharge_a", 0x0F, "A discharge current above it stops discharging."),
    seconds(
      66, "discharge_ocp_delay_s", 0x10, "For how long the discharge current may be above it."),
    seconds(70, "discharge_ocp_release_s", 0x11, "How long discharging then stays off."),
    seconds(74, "scp_release_s", 0x12, "How long the board stays off after a short circuit."),
    .init(
      .init(
        78, "max_balance_a", .uint32, .settings, .write, decimals: 3, unit: "A", range: 300...5000,
        "Current through the balancer at most."), 0x13, 0x13),
    .init(
      .init(
        134, "scp_delay_us", .uint32, .settings, .write, unit: "µs",
        "For how long a short circuit may last."), 0x25, 0x21),
  ]

  private static let heatSettings: [JKSetting] = [
    degrees(82, "charge_otp_c", 0x14, "Above it charging stops."),
    degrees(86, "charge_otp_release_c", 0x15, "Below it charging goes on."),
    degrees(90, "discharge_otp_c", 0x16, "Above it discharging stops."),
    degrees(94, "discharge_otp_release_c", 0x17, "Below it discharging goes on."),
    degrees(98, "charge_utp_c", 0x18, "Below it charging stops."),
    degrees(102, "charge_utp_release_c", 0x19, "Above it charging goes on."),
    degrees(106, "mos_otp_c", 0x1A, "Switches hotter than it are opened."),
    degrees(110, "mos_otp_release_c", 0x1B, "Switches cooler than it may close again."),
    wholeDegrees(284, "heating_start_c", 0x37, "Below it the heater is switched on."),
    wholeDegrees(285, "heating_stop_c", 0x38, "Above it the heater is switched off."),
    wholeDegrees(296, "discharge_utp_c", 0x3A, "Below it discharging stops."),
    wholeDegrees(297, "discharge_utp_release_c", 0x3B, "Above it discharging goes on."),
  ]

  private static let others: [JKSetting] = [
    .init(
      .init(114, "cell_count", .uint32, .settings, .write, range: 1...32, "Cells in series."), 0x1C,
      0x1C),
    flag(118, "charge_switch", 0x1D, "Whether the board may close its charge switch."),
    flag(122, "discharge_switch", 0x1E, "Whether the board may close its discharge switch."),
    flag(126, "balancer_switch", 0x1F, "Whether the board may balance."),
    .init(
      .init(
        130, "nominal_ah", .uint32, .settings, .write, decimals: 3, unit: "Ah",
        range: 5000...2_000_000, "Capacity as its owner set it."), 0x20, 0x20),
    .init(
      .init(270, "address", .uint32, .settings, .read, "Number of the board on a shared bus."), nil,
      nil),
    .init(
      .init(
        274, "precharge_time_s", .uint32, .settings, .write, unit: "s",
        "How long the load is charged softly."), nil, 0x25),
    .init(
      .init(
        282, "control_bits", .bits16, .settings, .read,
        "Functions, a bit each: heater, no sensors, GPS heartbeat, RS485 instead of CAN, display, others."
      ), nil, nil),
    .init(
      .init(
        286, "sleep_delay_h", .uint8Low, .settings, .write, unit: "h",
        "After how long it may sleep."), nil, 0x39, length: 1),
  ]

  private static func volts(
    _ offset: UInt16, _ name: StaticString, _ code24: UInt8?, _ code32: UInt8?,
    _ meaning: StaticString
  ) -> JKSetting {
    .init(
      .init(
        offset, name, .uint32, .settings, code24 == nil ? .read : .write, decimals: 3, unit: "V",
        range: 1200...4350, meaning), code24, code32)
  }

  private static func amperes(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ meaning: StaticString
  ) -> JKSetting {
    .init(
      .init(offset, name, .uint32, .settings, .write, decimals: 3, unit: "A", meaning), code, code)
  }

  private static func seconds(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ meaning: StaticString
  ) -> JKSetting {
    .init(.init(offset, name, .uint32, .settings, .write, unit: "s", meaning), code, code)
  }

  private static func degrees(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ meaning: StaticString
  ) -> JKSetting {
    .init(
      .init(offset, name, .int32, .settings, .write, decimals: 1, unit: "°C", meaning), code, code)
  }

  private static func wholeDegrees(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ meaning: StaticString
  ) -> JKSetting {
    .init(
      .init(offset, name, .int8Low, .settings, .write, unit: "°C", meaning), nil, code, length: 1)
  }

  private static func flag(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ meaning: StaticString
  ) -> JKSetting {
    .init(.init(offset, name, .uint32, .settings, .write, range: 0...1, meaning), code, code)
  }
}
