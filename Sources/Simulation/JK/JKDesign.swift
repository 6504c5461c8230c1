// SPDX-License-Identifier: Apache-2.0

/// What kind of JK board is simulated.
public struct JKDesign: Sendable {
  /// The form of its frames.
  public enum Form: UInt8, CaseIterable, Sendable {
    /// A balancer of the first boards: IEEE numbers, no current and no charge.
    case first
    /// Up to 24 cells.
    case cells24
    /// Up to 32 cells.
    case cells32
  }

  /// The form of its frames.
  public var form = Form.cells32
  /// Whether it is of the PB series, which has two sensors more; only with 32 cells.
  public var hasMoreSensors = false
  /// Bytes of a notification of its Bluetooth module.
  public var piece = 20
  /// Milliseconds between two frames of its stream.
  public var period: Int64 = 500
  /// Its number on a bus.
  public var address: UInt8 = 0
  /// Whether it tells its current with the other sign.
  public var invertsCurrent = false
  /// Whether its serial port tells the sign of the current in a bit, as newer firmware does.
  public var hasSignBit = true
  /// Whether it sends the second version of the maker's CAN protocol, with every cell.
  public var sendsCells = true

  /// A board with its usual properties.
  public init(_ form: Form = .cells32) { self.form = form }

  /// Model, hardware and software, as boards of the form tell them.
  var names: (model: String, hardware: String, software: String) {
    switch form {
    case .first: ("JK-B2A16S", "3.0", "3.3.0")
    case .cells24: ("JK-B2A24S20P", "10.XG", "10.07")
    case .cells32:
      hasMoreSensors ? ("JK_PB2A16S20P", "15A", "15.38") : ("JK_B2A20S20P", "11.XW", "11.288H")
    }
  }
}
