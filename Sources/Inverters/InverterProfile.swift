// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Wire

/// One way to tell an inverter of a battery: which frames, when, and what each says.
///
/// Data and a few small functions without state; `InverterSchedule` decides the moments.
public struct InverterProfile: Sendable {
  /// The name in settings and on the command line, such as `victron`.
  public let name: StaticString
  /// The name that people read.
  public let title: StaticString
  /// One sentence on what it is for.
  public let summary: StaticString
  /// The language in which its frames are read.
  public let dialect: InverterDialect
  /// The maker's name that is sent where the owner set none.
  public let manufacturer: StaticString
  /// Every frame: what Cellbus sends, in the order of a cycle, then what it only knows of.
  public internal(set) var frames: [FrameRow]
  /// Identifiers of the frames that may go out of turn: limits first, then what tells of protections.
  public let urgent: [UInt32]
  /// Shortest time between two frames of one identifier, in milliseconds; 0 where none is asked for.
  public let repeatGap: Int64

  /// Whether a frame that may go out of turn says something that must not wait, given what was said
  /// under the same identifier before.
  let isNews: @Sendable (CANFrame, CANFrame) -> Bool
  /// A frame out of turn with nothing in it wider than what was said before.
  let narrow: @Sendable (CANFrame, CANFrame) -> CANFrame

  /// The fields of all frames.
  public var fields: [FieldRow] {
    var all: [FieldRow] = []
    for frame in frames { all += frame.fields }
    return all
  }

  /// All frames that may be sent now, in the order of a cycle; none once the battery is lost.
  public func encode(_ picture: InverterPicture) -> [CANFrame] {
    var result: [CANFrame] = []
    result.reserveCapacity(frames.count)
    for row in frames {
      guard let frame = frame(row, picture) else { continue }
      result.append(frame)
    }
    return result
  }

  /// The frames that may be sent out of turn.
  public func urgent(_ picture: InverterPicture) -> [CANFrame] {
    var result: [CANFrame] = []
    for id in urgent {
      guard let row = frames.first(where: { $0.id == id }), let frame = frame(row, picture) else {
        continue
      }
      result.append(frame)
    }
    return result
  }

  /// The frame of one row; `nil` when it may not be sent in this stage or has nothing to say.
  public func frame(_ row: FrameRow, _ picture: InverterPicture) -> CANFrame? {
    row.isSent(in: picture.freshness) ? row.frame(picture, self) : nil
  }

  /// Reads one frame of either direction.
  public func decode(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    try dialect.decode(frame, &result)
  }

  /// Everything that frames say, for people and programs who look at wires.
  public func explain(_ frames: [CANFrame]) -> Exchange { dialect.explain(frames) }

  /// Every profile.
  public static let all: [InverterProfile] = [.victron, .pylontech12, .pylontech13, .sma]

  /// The profile with a name; `nil` where there is none.
  public static func named(_ name: String) -> InverterProfile? {
    all.first { $0.name.hasBytes(name.utf8) }
  }
}

extension InverterProfile {
  /// Victron GX devices.
  public static let victron = InverterProfile(
    name: "victron", title: "Victron GX",
    summary: "Cerbo GX, Ekrano GX and other Victron GX devices, and what understands the same.",
    dialect: .victron, manufacturer: "Cellbus", frames: Victron.frames,
    urgent: [0x351, 0x35A], repeatGap: 0, isNews: Victron.isNews,
    narrow: Victron.narrowed)

  /// Pylontech's protocol 1.2, which most hybrid inverters of 48 V accept.
  public static let pylontech12 = InverterProfile(
    name: "pylontech-1.2", title: "Pylontech 1.2",
    summary: "Deye, Growatt SPF, Goodwe, Sofar, Sol-Ark and others that accept a Pylontech.",
    dialect: .pylontech, manufacturer: "PYLON", frames: Pylontech.frames12,
    urgent: [0x351, 0x359, 0x35C], repeatGap: 0, isNews: Pylontech.isNews,
    narrow: Pylontech.narrowed)

  /// Pylontech's newer set of frames, with pairs of alarms instead of plain bits.
  public static let pylontech13 = InverterProfile(
    name: "pylontech-1.3", title: "Pylontech 1.3",
    summary: "Inverters that accept the newer frames of a Pylontech, with 35A and 35F.",
    dialect: .pylontech, manufacturer: "PYLON", frames: Pylontech.frames13,
    urgent: [0x351, 0x35A], repeatGap: 0,
    isNews: Pylontech.isNews, narrow: Pylontech.narrowed)

  /// SMA Sunny Island, on whose bus nobody may send anything else.
  public static let sma = InverterProfile(
    name: "sma", title: "SMA Sunny Island",
    summary: "Sunny Island with a lithium battery of 41 V to 63 V and an external BMS.",
    dialect: .sma, manufacturer: "Cellbus", frames: SMA.frames,
    urgent: [0x351, 0x35A], repeatGap: 200, isNews: Victron.isNews,
    narrow: Victron.narrowed)
}
