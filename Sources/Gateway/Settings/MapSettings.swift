// SPDX-License-Identifier: Apache-2.0

package import Dialects

/// The register map of a battery that its owner wrote down: one entry of `dialects`.
package struct MapSettings: Sendable, Hashable {
  /// The name that people read; `nil` takes its key.
  var title: String?
  /// Who makes the battery.
  var maker: String?
  /// Number of the battery on its line.
  var unit: UInt8 = 1
  /// 3 for holding registers, 4 for input registers, where blocks and rows do not tell it.
  var function: UInt8 = 3
  /// Bits a second on a serial line.
  var baud: Int = 9600
  /// Whether addresses count bytes and not registers.
  var countsBytes = false
  /// Milliseconds that an answer may take.
  var timeout: Int64 = 500
  /// Milliseconds that the battery is left alone after an answer.
  var pause: Int64 = 20
  /// Registers that are asked for together.
  var blocks: [MapBlockSettings] = []
  /// What stands in them.
  var rows: [MapRowSettings] = []
  /// The whole of it, once it was read.
  package var map: ModbusMap?

  /// A map without blocks and rows.
  package init() {}
}

/// A block of a register map.
package struct MapBlockSettings: Sendable, Hashable {
  var address: UInt16 = 0
  var count: UInt16 = 1
  var function: UInt8?
  /// Seconds from one reading to the next; `nil` reads it with the live values, 0 once.
  var period: Int64?
  var isOptional = false
}

/// A row of a register map.
package struct MapRowSettings: Sendable, Hashable {
  var address: UInt16 = 0
  var function: UInt8?
  var form = ModbusMap.Form.uint16
  var order = ModbusMap.WordOrder.highFirst
  var scale: Int64 = 1_000_000
  var offset: Int64 = 0
  var absent: [Int64] = []
  var bit: UInt8?
  var point: String?
  var cells: Int?
  var temperatures: Int?
  var first = 1
  var tellsBalancing = false
  var alarms: [String: String]?
  var warnings: [String: String]?
  var cutoff: ModbusMap.Cutoff?
  var identity: ModbusMap.IdentityPart?
  var count: Int?
}
