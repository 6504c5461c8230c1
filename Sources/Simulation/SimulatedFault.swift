// SPDX-License-Identifier: Apache-2.0

import Battery

/// Something that goes wrong in a simulation, on demand.
public enum SimulatedFault: Hashable, Sendable {
  /// A cell, counted from 0, holds so many percent of what it should and resists three times as
  /// much.
  case weakCell(Int, percent: Int)
  /// An external sensor, 0 or 1, lies beside something of so many °C.
  case hotSensor(Int, celsius: Int)
  /// An external sensor, 0 or 1, is not connected.
  case missingSensor(Int)
  /// The surroundings have so many °C.
  case surroundings(celsius: Int)
  /// Something draws so many amperes more.
  case dischargeOvercurrent(amperes: Int)
  /// The charger pushes so many amperes more, whatever it was ordered.
  case chargeOvercurrent(amperes: Int)
  /// A load pushes so many amperes back while no charger is there.
  case regeneration(amperes: Int)
  /// The external current sensor does not answer.
  case currentSensorLost
  /// The charger is unplugged.
  case noCharger
  /// The unit never answers.
  case silent
  /// The unit sleeps, and falls asleep again after each second without traffic.
  case asleep
  /// So many of a thousand bytes have a bit turned, both ways.
  case garbled(permille: Int)
  /// So many of a thousand bytes are lost, both ways.
  case droppedBytes(permille: Int)
  /// The adapter sends back what it was given.
  case echo
  /// The unit sends its broadcast text five times a second.
  case broadcast
  /// The unit begins an answer and never ends it.
  case endless
  /// The checksums of the unit's answers are wrong.
  case wrongChecksum
  /// The unit refuses every command.
  case refusing
  /// The unit loses one frame of ten of its answers; units of other makers only.
  case lostFrames
  /// Bytes of earlier answers precede the unit's answers; units of other makers only.
  case strayBytes

  /// Every fault with its usual strength, for those who choose by name.
  public static let all: [SimulatedFault] = [
    .weakCell(6, percent: 75), .hotSensor(0, celsius: 68), .missingSensor(1),
    .surroundings(celsius: -10),
    .dischargeOvercurrent(amperes: 160), .chargeOvercurrent(amperes: 110),
    .regeneration(amperes: 130),
    .currentSensorLost, .noCharger, .silent, .asleep, .garbled(permille: 20),
    .droppedBytes(permille: 300),
    .echo, .broadcast, .endless, .wrongChecksum, .refusing,
    .lostFrames, .strayBytes,
  ]

  /// The name on the command line.
  public var name: StaticString {
    switch self {
    case .weakCell: "weak-cell"
    case .hotSensor: "hot-sensor"
    case .missingSensor: "missing-sensor"
    case .surroundings: "surroundings"
    case .dischargeOvercurrent: "over-current"
    case .chargeOvercurrent: "charge-over-current"
    case .regeneration: "regeneration"
    case .currentSensorLost: "current-sensor-lost"
    case .noCharger: "no-charger"
    case .silent: "silent"
    case .asleep: "asleep"
    case .garbled: "garbled"
    case .droppedBytes: "dropped-bytes"
    case .echo: "echo"
    case .broadcast: "broadcast"
    case .endless: "endless"
    case .wrongChecksum: "wrong-checksum"
    case .refusing: "refusing"
    case .lostFrames: "lost-frames"
    case .strayBytes: "stray-bytes"
    }
  }

  /// The fault with a name, at its usual strength; `nil` where there is none.
  public static func named(_ name: String) -> SimulatedFault? {
    for fault in all where fault.name.hasBytes(name.utf8) { return fault }
    return nil
  }

  /// Whether it lies on the serial line, whose faults come and go in real time; the others follow
  /// the battery's time.
  public var isOnLine: Bool {
    switch self {
    case .silent, .asleep, .garbled, .droppedBytes, .echo, .broadcast, .endless, .wrongChecksum,
      .refusing, .lostFrames, .strayBytes:
      true
    default: false
    }
  }
}

/// A fault and when it holds.
public struct FaultWindow: Hashable, Sendable {
  /// What goes wrong.
  public var fault: SimulatedFault
  /// From when on, ms since the start: of real time for faults on the line, else of the battery's
  /// time.
  public var start: Int64
  /// Until when, in the same time.
  public var end: Int64

  /// A fault that begins after `start` and ends after `end` ms; unless told otherwise it is always
  /// there.
  public init(_ fault: SimulatedFault, from start: Int64 = 0, to end: Int64 = .max) {
    self.fault = fault
    self.start = start
    self.end = end
  }

  /// Whether it holds.
  func holds(at milliseconds: Int64) -> Bool { milliseconds >= start && milliseconds < end }
}
