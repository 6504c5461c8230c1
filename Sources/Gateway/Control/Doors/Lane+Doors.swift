// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Machine
import Quantities

// Several doors to one battery: which is used, and what goes on at the others.

extension Lane {
  /// Lets the other doors do what they can, and goes over to one where that is better.
  ///
  /// - Returns: when to come back; `nil` where another door is in use from now on.
  func runDoors(at now: Tick) -> Tick? {
    guard lines.count > 1 else { return .never }
    let told = DoorIdentity(controller.snapshot.reading)
    if controller.liveReadings != heardReadings {
      heardReadings = controller.liveReadings
      note(current, told, at: now)
    }
    choice.learn(told)
    var wake = Tick.never
    for index in lines.indices where index != current { wake = min(wake, attend(index, at: now)) }
    guard let next = choice.better(at: now), enter(next, at: now) else { return wake }
    return nil
  }

  /// Goes on with the conversation by a door that is not in use.
  ///
  /// - Returns: when to come back.
  private func attend(_ index: Int, at now: Tick) -> Tick {
    let line = lines[index]
    guard choice.isWanted(index, at: now) else {
      if line.voice != nil {
        line.close(reactor)
        line.reopening = Reopening()
        line.voice = nil
      }
      return .never
    }
    if line.voice == nil {
      line.voice = Voice(
        line.door, password: battery.password,
        rates: index < current ? battery.probeRates : battery.rates)
    }
    reopen(line, at: now)
    while true {
      takeTurn(line, at: now)
      switch line.voice?.next(at: now) {
      case .send(let bytes): send(bytes, line, at: now)
      case .live:
        guard let voice = line.voice, voice.isWhole else { continue }
        note(index, DoorIdentity(voice.snapshot.reading), at: now)
      case .wait(let until): return min(until, line.reopening.due, endTurn(line, at: now))
      case nil: return .never
      }
    }
  }

  /// Goes over to another door; whether that could be done.
  private func enter(_ next: Int, at now: Tick) -> Bool {
    guard var voice = lines[next].voice else { return false }
    let (old, new) = (lines[current], lines[next])
    controller.change(to: &voice, at: now)
    controller.session.rates = battery.rates
    voice.session.rates = battery.probeRates
    // It is to tell everything anew before it is used again.
    voice.linkOpened(at: now)
    new.voice = nil
    old.voice = voice
    let reason: ControlEvent.DoorReason =
      choice.difference(current) != nil ? .stranger : next < current ? .better : .silent
    controller.events.append(.door(new.name, from: old.name, reason))
    let before = current
    choice.enter(next, at: now)
    choice.opened(before)
    heardReadings = controller.liveReadings
    return true
  }

  private func note(_ index: Int, _ told: DoorIdentity, at now: Tick) {
    guard let difference = choice.heard(index, told, at: now) else { return }
    controller.events.append(.stranger(door: lines[index].name, difference: difference))
  }
}
