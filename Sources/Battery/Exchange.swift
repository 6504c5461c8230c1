// SPDX-License-Identifier: Apache-2.0

public import Wire

/// Everything that one exchange on a wire said, for programs and people who look at wires.
///
/// Live control uses `Reading` alone; this is the fuller account that `decode` prints.
public struct Exchange: Sendable {
  /// A named value of one dialect, which no other battery shares.
  public struct Entry: Sendable {
    /// Name in JSON, snake_case with its unit.
    public let name: StaticString
    /// The value.
    public let value: Value

    /// A named value.
    public init(_ name: StaticString, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// A value of an entry.
  public indirect enum Value: Sendable {
    /// A number of steps of `10^-decimals`.
    case number(Int64, decimals: Int = 0)
    case text(String)
    case flag(Bool)
    case list([Value])
    case object([Entry])
    /// Asked for, and not there.
    case none
  }

  /// One reading with what its dialect adds to it.
  public struct Part: Sendable {
    /// The values that batteries share.
    public var reading = Reading()
    /// The values that this dialect alone has.
    public var details: [Entry] = []

    /// A part that says nothing.
    public init() {}
  }

  /// The value of a register row.
  public struct RegisterValue: Sendable {
    /// The row.
    public let row: Register
    /// The raw number in it.
    public let raw: Int64

    /// A register's value.
    public init(_ row: Register, _ raw: Int64) {
      self.row = row
      self.raw = raw
    }
  }

  /// What the exchange said, all frames together, later ones over earlier.
  public var whole = Part()
  /// The several readings, when the exchange carried more than one; empty otherwise.
  public var series: [Part] = []
  /// Registers that were read or written.
  public var registers: [RegisterValue] = []
  /// Commands, acknowledgements, logins, events.
  public var exchange: [Entry] = []
  /// Why nothing, or not everything, could be read.
  public var error: WireError?

  /// An exchange that says nothing.
  public init() {}
}
