// SPDX-License-Identifier: Apache-2.0

import Battery
public import Wire

/// A language of frames between a battery and an inverter, as it is read.
public struct InverterDialect: Sendable {
  /// The name on the command line and in recorded exchanges, such as `victron-can`.
  public let name: StaticString
  /// The name that people read.
  public let title: StaticString
  /// What `explain` calls frames that come from an inverter.
  let direction: StaticString
  /// Reads one frame of either direction into what other frames said before.
  ///
  /// Throws `WireError.truncated` when not even the first field is whole, `WireError.notAReading` for a
  /// frame of another language.
  public let decode: @Sendable (CANFrame, inout InverterReading) throws(WireError) -> Void

  /// Victron's CAN-bus BMS protocol.
  public static let victron = InverterDialect(
    name: "victron-can", title: "Victron CAN-bus BMS", direction: "gx_to_bms",
    decode: { frame, result throws(WireError) in try Victron.decode(frame, into: &result) })
  /// Pylontech's low-voltage protocol, 1.2 and 1.3, and what others added to it.
  public static let pylontech = InverterDialect(
    name: "pylontech-can", title: "Pylontech low voltage", direction: "inverter_to_bms",
    decode: { frame, result throws(WireError) in try Pylontech.decode(frame, into: &result) })
  /// SMA's protocol for batteries at a Sunny Island.
  public static let sma = InverterDialect(
    name: "sma-can", title: "SMA Sunny Island", direction: "inverter_to_bms",
    decode: { frame, result throws(WireError) in try SMA.decode(frame, into: &result) })
  /// The "serial CAN" of Discover AES batteries; read only.
  public static let discover = InverterDialect(
    name: "discover-can", title: "Discover AES", direction: "inverter_to_bms",
    decode: { frame, result throws(WireError) in try Discover.decode(frame, into: &result) })

  /// Every language of inverters that Cellbus reads.
  public static let all: [InverterDialect] = [.victron, .pylontech, .sma, .discover]

  /// The language with a name; `nil` where there is none.
  public static func named(_ name: String) -> InverterDialect? {
    all.first { $0.name.hasBytes(name.utf8) }
  }
}
