// SPDX-License-Identifier: Apache-2.0

import Quantities
import Wire

// What only this unit's map can tell of a value that is none; what no battery can be is judged for all
// languages alike, by `Physics`.

extension TinyBMS {
  /// Numbers of register 50.
  private static let statuses: ClosedRange<UInt16> = 0x90...0x9F

  /// Whether live values can be those of a unit at all.
  static func checkLive(_ block: Block) throws(WireError) {
    if let bits = block.float(36), Voltage.volts(bits) == nil {
      throw .implausible("the pack voltage is no number")
    }
    if let bits = block.float(38), Current.amperes(bits) == nil {
      throw .implausible("the current is no number")
    }
    if let status = block[50], !statuses.contains(status) {
      throw .implausible("the status is none that a unit has")
    }
  }
}
