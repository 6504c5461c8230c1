// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Quantities
import Simulation
import Text
import Wire

/// A simulated battery in use, as a source of frames, readings and records that differ as real ones do.
struct Specimen {
  private var rig: Rig
  private(set) var now = Tick(0)
  /// Everything that was read from it so far.
  private(set) var snapshot = Snapshot()
  private var facts = Facts()

  /// A house in the early morning; `asked` once for all that a session asks by itself.
  init() throws(CommandFailure) {
    var scenario = Scenario.house
    scenario.control = .own
    rig = Rig(scenario, seed: 1, at: now)
    for poll in Dialect.tinyBMS.polls { try read(poll) }
  }

  /// The poll of the live values.
  static var live: Poll {
    get throws(CommandFailure) {
      guard let poll = Dialect.tinyBMS.polls.first(where: { $0.pace == .live }) else {
        throw CommandFailure("the dialect has no poll of live values", .internalFault)
      }
      return poll
    }
  }

  /// Lets the battery live for some milliseconds and reads its live values.
  mutating func live(for milliseconds: Int64 = 1000) throws(CommandFailure) {
    now = now + milliseconds
    rig.advance(to: now)
    try read(Specimen.live)
  }

  /// What the battery answers; the first call of one that sleeps goes unanswered.
  mutating func ask(_ request: Request) throws(CommandFailure) -> [UInt8] {
    for _ in 0..<3 {
      rig.serialReceived(request.bytes.span, at: now)
      for _ in 0..<100 {
        if case .send(let bytes) = rig.serialNext(at: now) { return bytes }
        now = now + 1
      }
    }
    throw CommandFailure("the simulated battery does not answer", .internalFault)
  }

  private mutating func read(_ poll: Poll) throws(CommandFailure) {
    let frame = try ask(poll.request)
    facts.now = now
    var reading = Reading()
    do throws(WireError) {
      try Dialect.tinyBMS.read(frame.span, poll.request, &facts, &reading)
    } catch .notAReading {
      return
    } catch {
      throw CommandFailure("the simulated battery's answer is wrong: \(error)", .internalFault)
    }
    snapshot.take(reading, at: now, isLive: poll.isLive)
    for point in [Point.energyCharged, .energyDischarged] {
      snapshot.keep(point, 1_234_000 + now.milliseconds / 1000, at: now)
    }
  }
}
