// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Machine
import Quantities
import Simulation
import Text
import Wire

/// Plays battery, CAN adapter and GX to a real gateway, and measures how fast it obeys the cells.
///
/// Each reply to the live poll has its highest cell a little higher than the one before: 0.1 mV from 3.375 V on,
/// where the charge curve of LFP falls by 0.3 % for each. So each reply lowers CCL by 0.4 A and must be followed
/// by a 0x351 out of the cycle. All but the last byte are sent 5 ms ahead, as a slow line would deliver them.
final class LatencyWalk {
  /// Microseconds from the last byte of each reply to its 0x351.
  private(set) var reactions: [Double] = []
  /// Microseconds of each echo.
  private(set) var echoes: [Double] = []
  /// Replies that were followed by the next reply before any lower limit came.
  private(set) var missed = 0

  /// Whether the played hardware ran before ordinary programs.
  private(set) var isUrgent = false

  private let steps: Int
  private let stand: Stand
  private let echo: Echo
  private let reactor: Reactor
  private let live: [UInt8]
  private var unit: TinyBMSUnit
  private var gx = SimulatedGX(at: MonotonicClock.now())
  private var adapter = SimulatedAdapter()
  private var step = 0
  /// The last byte of a reply that is under way, and when it goes.
  private var lastByte: (byte: UInt8, at: Tick)?
  /// When the last byte of a reply went that has not been followed by a lower limit yet.
  private var sentAt: Int64?
  private var echoAt = Tick.never
  private var limitsSeen = 0
  private var chargeLimit: UInt16?

  init(steps: Int) throws(CommandFailure) {
    self.steps = steps
    live = try Specimen.live.request.bytes
    stand = try Stand()
    do throws(SystemError) {
      reactor = try Reactor()
      echo = try Echo()
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
    var settings = TinyBMSSettings(.lfp, series: 16, capacity: 280)
    // The over-current cutoff, of which 90 % may be used: 135 A, so that a step of the walk shows.
    settings[318] = 150
    unit = TinyBMSUnit(
      settings: settings, soc: .percent(80), seed: 1, at: MonotonicClock.now())
  }

  /// Starts the gateway and walks until all steps are done.
  func run() throws(CommandFailure) {
    // Battery and adapter are hardware here, which never waits for a processor.
    isUrgent = Urgency.claim()
    defer { Urgency.release() }
    measure()
    try stand.startGateway()
    defer { stand.stop() }
    let end = MonotonicClock.now() + 15_000 + Int64(steps) * 300
    do throws(SystemError) {
      if let serial = stand.serial.descriptor {
        try reactor.watch(serial) { [unowned self] _ in self.hearSerial() }
      }
      if let bus = stand.bus.descriptor {
        try reactor.watch(bus) { [unowned self] _ in self.hearBus() }
      }
      try reactor.watch(echo.answers) { [unowned self] _ in
        if let microseconds = self.echo.receive() { self.echoes.append(microseconds) }
      }
      while step <= steps || lastByte != nil || sentAt != nil {
        let now = MonotonicClock.now()
        guard now < end, stand.isRunning else { break }
        try reactor.turn(until: work(at: now))
      }
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
    guard reactions.count >= steps / 2 else {
      throw CommandFailure(
        "only \(reactions.count) of \(steps) replies were followed by a lower limit; "
          + "\(stand.lastWords)", .failed)
    }
  }

  /// Does what is due and answers when to come back.
  private func work(at now: Tick) -> Tick {
    if let last = lastByte, now >= last.at {
      lastByte = nil
      if sentAt != nil { missed += 1 }
      sentAt = step > 0 ? MonotonicClock.nanoseconds() : nil
      _ = try? stand.serial.send([last.byte])
      // Half-way to the next poll the machine is as idle as before this one.
      if step > 0 { echoAt = now + 120 }
    }
    if now >= echoAt {
      echoAt = .never
      echo.send()
    }
    while case .send(let bytes) = unit.next(at: now) { answer(bytes, at: now) }
    while let frame = gx.next(at: now) {
      if adapter.isOpen { _ = try? stand.bus.send(SLCAN.encode(frame)) }
    }
    echo.step(at: now)
    let due = min(lastByte?.at ?? .never, min(echoAt, echo.due))
    return min(due, min(unit.deadline, min(gx.deadline, now + 100)))
  }

  private func answer(_ bytes: [UInt8], at now: Tick) {
    guard bytes.count == 113, bytes[1] == 3, let last = bytes.last else {
      _ = try? stand.serial.send(bytes)
      return
    }
    _ = try? stand.serial.send(Array(bytes.dropLast()))
    lastByte = (last, now + 5)
  }

  private func hearSerial() {
    var bytes: [UInt8] = []
    guard let count = try? stand.serial.receive(into: &bytes), count > 0 else { return }
    if bytes == live {
      // Not before the gateway drives the inverter: the limits of the first cycles are to be known.
      if limitsSeen >= 2 { step += 1 }
      measure()
    }
    unit.received(bytes.span, at: MonotonicClock.now())
  }

  private func hearBus() {
    var bytes: [UInt8] = []
    guard let count = try? stand.bus.receive(into: &bytes), count > 0 else { return }
    let received = MonotonicClock.nanoseconds()
    let (frames, answer) = adapter.received(bytes.span)
    _ = try? stand.bus.send(answer)
    for frame in frames {
      gx.received(frame, at: MonotonicClock.now())
      guard frame.id == 0x351, let limit = frame.littleUInt16(at: 2) else { continue }
      limitsSeen += 1
      if let sent = sentAt, let before = chargeLimit, limit < before {
        reactions.append(Double(received - sent) / 1000)
        sentAt = nil
      }
      chargeLimit = limit
    }
  }

  /// Lets the unit measure the cells of this step.
  private func measure() {
    var senses = Senses()
    // In whole mV only register 41 tells the highest cell, and it counts where it is higher: so the walk
    // stays where rounding does not lift it, the first half of each millivolt.
    let climb = Int32(step / 5 * 10 + step % 5)
    for cell in 0..<16 {
      senses.cells.append(CellVoltage(raw: cell == 6 ? 33_750 + climb : 33_700))
    }
    senses.current = .amperes(20)
    senses.outside = (.degrees(21), .degrees(22))
    senses.hasCharger = true
    unit.measure(senses, at: MonotonicClock.now())
  }
}
