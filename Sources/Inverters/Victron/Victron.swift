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

  /// The frame of one row; `nil` when it has nothing to say.
  static func frame(_ row: FrameRow, _ picture: InverterPicture) -> CANFrame? {
    switch row.id {
    case 0x351: return limits(picture)
    case 0x35A: return alarms(picture)
    case 0x355: return charge(picture)
    case 0x356: return measured(picture)
    case 0x360: return chargeRequest(picture)
    case 0x372: return modules(picture)
    case 0x373: return extremes(picture)
    case 0x374: return cell(.cellMinNumber, picture, 0x374)
    case 0x375: return cell(.cellMaxNumber, picture, 0x375)
    case 0x376: return sensor(.temperatureMin, picture, 0x376)
    case 0x377: return sensor(.temperatureMax, picture, 0x377)
    case 0x378: return energy(picture)
    case 0x35E: return text(picture.identity.manufacturer, 0x35E)
    case 0x35F: return info(picture)
    case 0x370: return text(name(picture), 0x370)
    case 0x371: return name(picture).isEmpty ? nil : text(name(picture), from: 8, 0x371)
    case 0x379: return installed(picture)
    case 0x380: return text(serial(picture), 0x380)
    case 0x381: return serial(picture).isEmpty ? nil : text(serial(picture), from: 8, 0x381)
    case 0x382: return text(picture.identity.family, 0x382)
    default: return nil
    }
  }
}

/// What frames of the Victron protocol said: the same as for every other protocol.
public typealias VictronReading = InverterReading
