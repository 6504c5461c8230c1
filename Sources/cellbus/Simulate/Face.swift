// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Simulation

/// A language that the simulator speaks.
struct Face: Sendable {
  /// The dialect's name.
  let name: StaticString
  /// The most cells that it can tell of.
  var cells = 48
  /// Makes a battery that speaks it.
  let make: @Sendable (FaceWish) -> any SimulatedBattery

  init(
    _ name: StaticString, cells: Int = 48,
    _ make: @escaping @Sendable (FaceWish) -> any SimulatedBattery
  ) {
    self.name = name
    self.cells = cells
    self.make = make
  }

  /// The language as a reader knows it.
  var dialect: Dialect? { Dialect.named("\(name)") }

  /// The links by which such a battery is reached.
  var doors: [Door] { dialect?.doors ?? [] }

  /// Whether it is reached on a CAN bus.
  var isOnCAN: Bool {
    doors.contains { door in
      if case .can = door { true } else { false }
    }
  }

  /// Whether it is reached by radio, too.
  var hasRadio: Bool {
    doors.contains { door in
      if case .bluetooth = door { true } else { false }
    }
  }

  /// Whether a gateway from Modbus TCP may stand before it.
  var hasModbusTCP: Bool {
    dialect?.overModbus != nil
      || doors.contains { door in
        if case .modbusTCP = door { true } else { false }
      }
  }

  /// The language with a name; `nil` where the simulator does not speak it.
  static func named(_ name: String) -> Face? {
    all.first { $0.name.hasBytes(name.utf8) }
  }
}

/// What a simulated battery is to be.
struct FaceWish {
  /// Pack, charger, loads and what goes wrong.
  var scenario: Scenario
  /// Its number on a bus, its sign of the current, its password.
  var options = DialectOptions()
  /// The same seed makes the same battery.
  var seed: UInt64 = 1
  /// Seconds of the battery's time in a real second.
  var speed: Int64 = 1
  /// Real time.
  var now: Tick

  /// The bench behind a face.
  var rig: Rig { Rig(scenario, seed: seed, speed: speed, at: now) }
}
