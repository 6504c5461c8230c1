// SPDX-License-Identifier: Apache-2.0

// What the WebAssembly build of the pure modules shows to the outside. `make embedded` calls it there, where
// `Int` has 32 bits, and in an ordinary build on the host: both must come to the same numbers.

import Battery
import Dialects
import Quantities
import Simulation
import Wire

/// All that a minute of conversation with a simulated battery said, folded into one number that is not
/// negative.
@c @_expose(wasm, "selfcheck")
public func selfcheck() -> Int64 {
  var minute = Minute()
  minute.run()
  return Int64(minute.digest >> 1)
}

/// How many readings that minute brought.
@c @_expose(wasm, "readings")
public func readings() -> Int64 {
  var minute = Minute()
  minute.run()
  return minute.readings
}

/// A minute of conversation.
private struct Minute {
  var pack = SimulatedPack(.init(.lfp, series: 8, capacity: 100, soc: 0.5), seed: 7)
  var unit = TinyBMSUnit(
    settings: TinyBMSSettings(.lfp, series: 8, capacity: 100), soc: Percent(raw: 50_000_000),
    seed: 7, at: Tick(0))
  var session = Session(.tinyBMS)
  var readings: Int64 = 0
  /// FNV-1a over whole numbers.
  var digest: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func run() {
    for millisecond in 0..<Int64(60_000) {
      let now = Tick(millisecond)
      if millisecond % SimulatedPack.stepMilliseconds == 0 {
        pack.advance(millisecond < 30_000 ? 12.5 : -40)
        unit.measure(pack.sense(), at: now)
      }
      ask(at: now)
      while case .send(let bytes) = unit.next(at: now) { session.received(bytes.span, at: now) }
    }
  }

  /// Does what the session wants until it waits.
  mutating func ask(at now: Tick) {
    while true {
      switch session.next(at: now) {
      case .send(let bytes): unit.received(bytes.span, at: now)
      case .reading(let reading, _): fold(reading)
      case .answered, .fault: fold(-1)
      case .wait: return
      }
    }
  }

  mutating func fold(_ reading: Reading) {
    readings += 1
    for point in Point.allCases { fold(reading[point] ?? .min) }
    for index in 0..<reading.cells.count { fold(Int64(reading.cells[index].raw)) }
    if let serial = reading.identity.serial { for byte in serial.string.utf8 { fold(Int64(byte)) } }
  }

  mutating func fold(_ number: Int64) {
    digest = (digest ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
  }
}
