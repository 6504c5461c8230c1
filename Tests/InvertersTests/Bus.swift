// SPDX-License-Identifier: Apache-2.0

import Inverters
import Quantities
import Testing
import Wire

/// A bus on which a schedule speaks: driven by its own deadlines, without waiting.
struct Bus {
  struct Sent: Equatable {
    let at: Int64
    let frame: CANFrame
  }

  var schedule: InverterSchedule
  var sent: [Sent] = []

  /// Lets time pass up to, but not including, a moment.
  mutating func run(to end: Int64) {
    while schedule.deadline.milliseconds < end {
      let deadline = schedule.deadline
      take(at: max(deadline.milliseconds, sent.last?.at ?? deadline.milliseconds))
      #expect(schedule.deadline > deadline)
      guard schedule.deadline > deadline else { return }
    }
  }

  /// A new picture at a moment; everything due then is sent.
  mutating func update(_ picture: InverterPicture, at now: Int64) {
    schedule.update(picture, at: Tick(now))
    take(at: now)
  }

  /// The frames that were sent at a moment.
  func frames(at now: Int64) -> [CANFrame] { sent.filter { $0.at == now }.map(\.frame) }

  private mutating func take(at now: Int64) {
    while let frame = schedule.next(at: Tick(now)) { sent.append(Sent(at: now, frame: frame)) }
  }
}
