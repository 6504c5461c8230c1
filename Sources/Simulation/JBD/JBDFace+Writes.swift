// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBDFace {
  /// Carries an order out.
  ///
  /// - Returns: its status.
  mutating func write(_ register: UInt8, _ data: [UInt8], _ state: UnitState) -> UInt8 {
    switch register {
    case 0x00: return openFactory(data)
    case 0x01: return closeFactory(data)
    case 0x06, 0x07, 0x09: return changePassword(register, data)
    case 0xE1:
      guard data.count == 2, data[1] <= 3 else { return Status.forbidden }
      orders.opensCharge = data[1] & 1 == 1
      orders.opensDischarge = data[1] & 2 == 2
      return Status.done
    case 0xE0, 0xE2, JBDMemory.words, JBDMemory.texts:
      guard isFactoryOpen else { return Status.forbidden }
      return store(register, data, state)
    // Calibration, restarts and resets: simulated boards know none of them.
    default: return Status.unknown
    }
  }

  private mutating func openFactory(_ data: [UInt8]) -> UInt8 {
    guard data == [0x56, 0x78] else { return Status.forbidden }
    guard password.isEmpty || isTrusted else { return Status.forbidden }
    isFactoryOpen = true
    saved = memory
    return Status.done
  }

  /// 28 28 saves and forgets the counters; 00 00 leaves everything as it was before.
  private mutating func closeFactory(_ data: [UInt8]) -> UInt8 {
    switch data {
    case [0x28, 0x28]:
      if isFactoryOpen { counters = .init(repeating: 0) }
      saved = memory
    case [0, 0]: memory = saved
    default: return Status.forbidden
    }
    isFactoryOpen = false
    isTrusted = false
    return Status.done
  }

  private mutating func changePassword(_ register: UInt8, _ data: [UInt8]) -> UInt8 {
    switch register {
    case 0x06:
      guard data.count == 7, data[0] == 6 else { return Status.forbidden }
      guard password.isEmpty || Array(data[1...]) == password else { return Status.wrongPassword }
      isTrusted = true
    case 0x07:
      guard data.count == 13, data[0] == 12 else { return Status.forbidden }
      guard password.isEmpty || Array(data[1...6]) == password else { return Status.wrongPassword }
      password = Array(data[7...])
    default:
      guard data == [6] + Array("J1B2D4".utf8) else { return Status.wrongPassword }
      password = []
    }
    return Status.done
  }

  private mutating func store(_ register: UInt8, _ data: [UInt8], _ state: UnitState) -> UInt8 {
    if JBDMemory.texts.contains(register) {
      guard let count = data.first, Int(count) == data.count - 1,
        memory.setText(Array(data.dropFirst()), register)
      else { return Status.forbidden }
      return Status.done
    }
    guard data.count == 2 else { return Status.forbidden }
    let word = data.span.bigUInt16(at: 0)
    switch register {
    case 0xE0:
      let scale: Int64 = design.isCoarse ? 100 : 10
      guard state.full.raw > 0, Int64(word) * scale <= state.full.raw else {
        return Status.forbidden
      }
      orders.soc = Percent(clamping: Int64(word) * scale * 100_000_000 / state.full.raw)
    case 0xE2:
      guard (1...3).contains(word) else { return Status.forbidden }
      orders.stopsBalancing = word == 3
    case 0x17: cycleOffset = Int64(word) - state.cycles
    default:
      guard JBDMemory.accepts(word, register) else { return Status.forbidden }
      memory[register] = word
      if register == 0x2D { followFunctions(word) }
    }
    return Status.done
  }

  /// The functions hold at once, whether or not they are saved: the maker's app leaves factory mode
  /// without saving after it has switched balancing.
  private mutating func followFunctions(_ word: UInt16) {
    saved[0x2D] = word
    orders.stopsBalancing = word & 4 == 0
  }
}
