// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities

extension TinyBMSUnit {
  /// Carries out a command and gives its answer.
  mutating func answer(_ command: TinyBMS.Command, at now: Tick) -> TinyBMS.Reply {
    switch command {
    case .reset(let what): return reset(what, at: now)
    case .readModbus(let address, let count):
      // Beyond the map a real unit was seen to answer words such as FFFB instead of refusing.
      return .readModbus((0..<Int(count)).map { word(at: Int(address) + $0) ?? 0xFFFB })
    case .readBlock(let address, let count):
      guard Int(address) + Int(count) - 1 <= Self.lastRegister else { return refusal(command) }
      return .readBlock((0..<Int(count)).map { word(at: Int(address) + $0) ?? 0 })
    case .readIndividual(let addresses):
      var words: [TinyBMS.Word] = []
      for address in addresses {
        guard let word = word(at: Int(address)) else { return refusal(command) }
        words.append(TinyBMS.Word(address, word))
      }
      return .readIndividual(words)
    case .writeIndividual(let words):
      let isTaken = write(words.map { ($0.address, $0.value) }, at: now)
      return isTaken ? .acknowledged(command: command.code) : refusal(command)
    case .writeBlock(let address, let values):
      let isTaken = write(addressed(values, from: address), at: now)
      return isTaken ? .acknowledged(command: command.code) : refusal(command)
    case .writeModbus(let address, let values):
      guard write(addressed(values, from: address), at: now) else { return refusal(command) }
      return .writtenModbus(address: address, count: UInt8(values.count))
    case .settings(let which, let count):
      return .settings(
        (0..<Int(count)).map { settings.word(at: 300 + $0, option: which.rawValue) ?? 0 })
    default: return value(command)
    }
  }

  /// The answers that carry one value each.
  private mutating func value(_ command: TinyBMS.Command) -> TinyBMS.Reply {
    switch command {
    case .newestEvents:
      // Assumed: those that no 11 has told yet. The document says only "newest".
      return .newestEvents(list(events.takeUnread()))
    case .allEvents: return .allEvents(list(events.events[...]))
    case .packVoltage: return .packVoltage(Binary32(bits: voltageBits))
    case .packCurrent: return .packCurrent(Binary32(bits: currentBits))
    case .highestCell: return .highestCell(register(41))
    case .lowestCell: return .lowestCell(register(40))
    case .status: return .status(status)
    case .lifetime: return .lifetime(lifetimeSeconds)
    case .soc: return .soc(UInt32(soc.raw))
    case .temperatures:
      return .temperatures(
        internal: Int16(bitPattern: register(48)), external1: Int16(bitPattern: register(42)),
        external2: Int16(bitPattern: register(43)))
    case .cells: return .cells((0..<cellCount).map { register(16 - cellCount + $0) })
    case .version: return .version(version)
    case .extendedVersion:
      return .extendedVersion(
        version, bootloader: design.bootloader.version, registerMap: design.bootloader.map)
    case .trip: return .trip(speed: Binary32(bits: 0), distance: 0, time: secondsLeft)
    default: return refusal(command)
    }
  }

  private var version: TinyBMS.Version {
    TinyBMS.Version(
      hardware: design.hardware.version, hardwareChanges: design.hardware.changes,
      firmware: design.firmware.open, internalFirmware: design.firmware.inside)
  }

  private func refusal(_ command: TinyBMS.Command) -> TinyBMS.Reply {
    .refused(command: command.code, code: TinyBMS.commandError)
  }

  private func register(_ address: Int) -> UInt16 { word(at: address) ?? 0 }

  private func list(_ slice: ArraySlice<EventMemory.Event>) -> TinyBMS.EventList {
    TinyBMS.EventList(
      now: lifetimeSeconds, events: slice.map { TinyBMS.Event(time: $0.seconds, id: $0.id) })
  }

  private func addressed(_ values: [UInt16], from address: UInt16) -> [(
    address: UInt16, word: UInt16
  )] {
    var words: [(address: UInt16, word: UInt16)] = []
    for (index, value) in values.enumerated() { words.append((address &+ UInt16(index), value)) }
    return words
  }

  /// Writes settings; the unit then stores them and hears nothing for half a second to a second.
  private mutating func write(_ words: [(address: UInt16, word: UInt16)], at now: Tick) -> Bool {
    let mode = settings[340]
    guard settings.write(words) else { return false }
    deafUntil = now + 500 + Int64(random.below(500))
    // A change of the port mode restarts the unit.
    if settings[340] != mode { restart() }
    return true
  }

  private mutating func reset(_ what: TinyBMS.Reset, at now: Tick) -> TinyBMS.Reply {
    switch what {
    case .clearEvents: events.clear()
    case .clearStatistics:
      statistics = TinyBMSStatistics()
      statistics.clearedAt = lifetimeSeconds
    case .restart:
      deafUntil = now + 1000
      restart()
    }
    return .acknowledged(command: 0x02)
  }

  private mutating func restart() {
    resetCause = 4
    start()
  }
}
