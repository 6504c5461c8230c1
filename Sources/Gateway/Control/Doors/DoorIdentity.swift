// SPDX-License-Identifier: Apache-2.0

package import Battery

/// By what two doors are known to lead to the same battery.
package struct DoorIdentity: Hashable, Sendable {
  /// The serial number; `nil` where none was told.
  package var serial: Label?
  /// How many cells it has; `nil` where that was not told.
  package var cells: Int64?

  /// Nothing told.
  package init() {}

  /// What a battery has told of itself.
  package init(_ reading: Reading) {
    serial = reading.identity.serial
    let count = Int64(reading.cells.count)
    cells = reading[.cellCount] ?? (count > 0 ? count : nil)
  }

  /// Takes over what another account of the same battery tells.
  package mutating func merge(_ other: DoorIdentity) {
    serial = other.serial ?? serial
    cells = other.cells ?? cells
  }

  /// Why this cannot be the same battery as another, in a few words; `nil` where nothing speaks against.
  package func difference(from other: DoorIdentity) -> String? {
    if let serial, let known = other.serial, serial != known {
      return "its serial number is \(serial.string), not \(known.string)"
    }
    if let cells, let known = other.cells, cells != known {
      return "it has \(cells) cells, not \(known)"
    }
    return nil
  }
}
