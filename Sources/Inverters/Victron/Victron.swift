// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Wire

/// The CAN-bus BMS protocol of Victron GX devices: 11-bit identifiers at 500 kbit/s, low byte first.
///
/// What Cellbus sends and expects, and where public code disagrees, stands in
/// `docs/protocols/victron-can.md`.
public enum Victron {
  /// All frames that may be sent now, in the order of a cycle; none once the battery is lost.
  ///
  /// A frame whose first field is not known is left out. One that merely ends in unknown fields ends
  /// before them, unless the protocol has a mark for "not supported" there.
  public static func encode(_ picture: InverterPicture) -> [CANFrame] {
    InverterProfile.victron.encode(picture)
  }

  /// The frames that may be sent out of turn: limits (0x351) and alarms (0x35A).
  public static func urgent(_ picture: InverterPicture) -> [CANFrame] {
    InverterProfile.victron.urgent(picture)
  }

  /// Everything that frames say, for people and programs who look at wires.
  public static func explain(_ frames: [CANFrame]) -> Exchange {
    InverterDialect.victron.explain(frames)
  }
}

/// What frames of the Victron protocol said: the same as for every other protocol.
public typealias VictronReading = InverterReading
