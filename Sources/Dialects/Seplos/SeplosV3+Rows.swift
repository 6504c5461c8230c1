// SPDX-License-Identifier: Apache-2.0

import Battery

// Rows of each unit that the settings have.

extension SeplosV3 {
  static func packVolts(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 2, unit: "V", meaning)
  }

  static func cellVolts(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 3, unit: "V", meaning)
  }

  static func amperes(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .int16, .settings, unit: "A", meaning)
  }

  static func seconds(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 1, unit: "s", meaning)
  }

  static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, offset: -2731, decimals: 1, unit: "°C", meaning)
  }

  static func percent(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 1, unit: "%", meaning)
  }

  static func charge(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 2, unit: "Ah", meaning)
  }

  static func count(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, .read, meaning)
  }
}
