// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// The rows of 0x372 to 0x378, which are alike in pairs.

extension Victron {
  /// A word of 0x372: how many modules, the packs of a bank or one battery, are in a state.
  static func module(
    _ offset: UInt8, _ name: StaticString, _ title: StaticString, _ words: StaticString,
    _ count: @escaping @Sendable (InverterModules) -> UInt16?
  ) -> FieldRow {
    FieldRow(offset, 2, name, title, .bytes, words, mark: FieldRow.none) { picture, _ in
      count(picture.modules).map(UInt64.init)
    }
  }

  /// A word of 0x373 in millivolts; 0 and 0xFFFF both say "not supported" there.
  static func cell(
    _ offset: UInt8, _ name: StaticString, _ title: StaticString, _ point: Point
  ) -> FieldRow {
    FieldRow(
      offset, name, title, .u16, .point(point), per: 10, .nearest, in: 1...65_534, else: .unknown,
      mark: FieldRow.none)
  }

  /// A word of 0x373 in whole kelvin: °C rounded, plus 273.
  static func sensor(
    _ offset: UInt8, _ name: StaticString, _ title: StaticString, _ point: Point
  ) -> FieldRow {
    FieldRow(
      offset, name, title, .u16, .point(point), per: 100, plus: 273, .nearest, in: 1...65_534,
      else: .unknown, mark: FieldRow.none)
  }

  /// 0x374, 0x375: a cell by its number, such as `C07`; in a bank with its pack, such as `P02C07`.
  static func name(_ name: StaticString, _ title: StaticString, cell point: Point) -> FieldRow {
    let words: StaticString =
      point == .cellMinNumber
      ? "C and cell_min_number, in a bank after P and the pack"
      : "C and cell_max_number, in a bank after P and the pack"
    return FieldRow(0, 8, name, title, .text, words) { picture, _ in
      guard let number = picture.recent(point), let number = UInt16(exactly: number), number > 0
      else { return nil }
      let module =
        point == .cellMinNumber ? picture.bank?.lowestCellModule : picture.bank?.highestCellModule
      if let module = module.flatMap({ UInt16(exactly: $0) }) {
        return UInt64(module: module, cell: number)
      }
      return UInt64(UInt8(ascii: "C"), number, digits: 2)
    }
  }

  /// 0x376, 0x377: the first sensor that reads an extreme, by its number, such as `T2`.
  static func name(_ name: StaticString, _ title: StaticString, sensor point: Point) -> FieldRow {
    FieldRow(0, 8, name, title, .text, "T and the number of the sensor") { picture, _ in
      guard let extreme = picture.recent(point) else { return nil }
      let sensors = picture.snapshot.reading.temperatures
      for index in 0..<sensors.count {
        guard let temperature = sensors[index], Int64(temperature.raw) == extreme else { continue }
        return UInt64(UInt8(ascii: "T"), UInt16(index + 1), digits: 1)
      }
      return nil
    }
  }

  /// A double word of 0x378 in steps of 100 Wh; beyond 32 bits the counter begins again at zero.
  static func counter(
    _ offset: UInt8, _ name: StaticString, _ title: StaticString, _ point: Point
  ) -> FieldRow {
    FieldRow(
      offset, name, title, .u32, .point(point), per: 100_000, .down, in: 0...4_294_967_295,
      else: .wraps)
  }
}
