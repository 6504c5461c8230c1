// SPDX-License-Identifier: Apache-2.0

import Quantities

extension TinyBMS.Broadcast {
  /// The line as the unit sends it, with the keys of which something is known; a carriage return
  /// and a line feed end it, which no document says.
  public func encode() -> [UInt8] {
    var text: [UInt8] = []
    func begin(_ key: Key) {
      if !text.isEmpty { text.append(UInt8(ascii: "\t")) }
      for index in 0..<key.text.utf8CodeUnitCount { text.append(unsafe key.text.utf8Start[index]) }
      text.append(UInt8(ascii: ":"))
    }
    func put(_ key: Key, _ steps: Int64?, _ decimals: Int, _ places: Int) {
      guard let steps else { return }
      begin(key)
      Decimal.append(steps, decimals: decimals, places: places, to: &text)
    }
    func put(_ key: Key, _ sensor: Sensor?) {
      guard let sensor else { return }
      guard let temperature = sensor.temperature else {
        begin(key)
        text.append(contentsOf: [UInt8](repeating: UInt8(ascii: "-"), count: 4))
        return
      }
      put(key, Int64(temperature.raw), 2, 2)
    }
    func put(_ key: Key, _ digit: UInt8) {
      begin(key)
      text.append(UInt8(ascii: "0") + min(9, digit))
    }
    put(.voltage, voltage.map { Int64($0.raw) }, 3, 2)
    put(.cellMin, cellMin.map { Int64($0.raw) }, 4, 4)
    put(.cellMax, cellMax.map { Int64($0.raw) }, 4, 4)
    put(.current, current.map { Int64($0.raw) }, 3, 2)
    put(.soc, soc.map { Int64($0.raw) }, 6, 0)
    put(.inside, inside)
    put(.external1, external1)
    put(.external2, external2)
    put(.status, status.map(Int64.init), 0, 0)
    if let balancing {
      begin(.balancing)
      for bit in 0..<UInt16(16) {
        text.append(UInt8(ascii: balancing >> bit & 1 == 1 ? "1" : "0"))
      }
    }
    if let dual {
      put(.loadKind, dual.load.kind)
      put(.loadState, dual.load.isOn ? 1 : 0)
      put(.chargerKind, dual.charger.kind)
      put(.chargerState, dual.charger.isOn ? 1 : 0)
    } else if let single {
      put(.kind, single.kind)
      put(.state, single.isOn ? 1 : 0)
    }
    text += [0x0D, 0x0A]
    return text
  }
}
