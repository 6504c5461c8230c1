// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text

/// Several simulated batteries and the lines on which programs reach them.
final class BankBench {
  /// A battery and its line.
  struct Member {
    let file: BankFile.Member
    let line: Int
    var battery: any SimulatedBattery
  }

  /// The longest that nothing may happen, in milliseconds.
  private static let step: Int64 = 100

  private(set) var members: [Member] = []
  private(set) var lines: [any BenchPort] = []
  private var bank: SimulatedBank?
  private let speed: Int64
  private let started: Tick
  private var shared: Tick

  /// The batteries of a file, at the beginning of its scenario.
  init(_ file: BankFile, at now: Tick) throws(CommandFailure) {
    speed = file.speed
    started = now
    shared = now
    var places: [BankFile.Place: Int] = [:]
    var capacity = 0.0
    for (index, member) in file.members.enumerated() {
      let line: Int
      if let known = places[member.place], member.place != .tcp(0) {
        line = known
      } else {
        line = lines.count
        lines.append(try Self.port(member))
        places[member.place] = line
      }
      let wish = Self.wish(file, index, at: now)
      capacity += wish.scenario.pack.cell.capacity
      members.append(Member(file: member, line: line, battery: member.face.make(wish)))
    }
    guard file.isParallel else { return }
    // One charger and one set of loads, as large as all packs together need them.
    let first = Self.wish(file, 0, at: now).scenario
    let whole = file.scenario.sized(
      series: first.pack.series, capacity: first.pack.cell.capacity,
      packs: capacity / first.pack.cell.capacity)
    bank = SimulatedBank(whole, seed: file.seed)
    shareCurrent()
  }

  private static func wish(_ file: BankFile, _ index: Int, at now: Tick) -> FaceWish {
    let member = file.members[index]
    var scenario = file.scenario.sized(
      series: member.cells ?? min(file.scenario.pack.series, member.face.cells),
      capacity: member.capacity)
    scenario.control = .own
    if let soc = member.soc { scenario.pack.soc = soc }
    scenario.socError = scenario.socError + member.socError
    scenario.pack.cell.seriesResistance *= member.resistance
    scenario.pack.cell.fast.resistance *= member.resistance
    scenario.pack.cell.slow.resistance *= member.resistance
    scenario.faults += member.faults
    var wish = FaceWish(scenario: scenario, now: now)
    wish.seed = file.seed &+ UInt64(index)
    wish.speed = file.speed
    wish.options = member.options
    return wish
  }

  private static func port(_ member: BankFile.Member) throws(CommandFailure) -> any BenchPort {
    switch member.place {
    case .pty(let path):
      let pty = try DoorOptions.pty(path)
      return member.face.isOnCAN ? AdapterPort(pty) : PtyPort(pty)
    case .tcp(let port): return try DoorOptions.network(port, isModbus: false)
    case .can(let name): return try DoorOptions.can(name)
    case .bytes(let path): return try DoorOptions.bytes(path, piece: member.piece)
    }
  }

  /// Opens the lines.
  func start(_ reactor: Reactor) throws(SystemError) {
    for (line, port) in lines.enumerated() {
      try port.start(
        reactor,
        BenchEars(
          received: { [unowned self] bytes in
            let now = MonotonicClock.now()
            for index in self.members.indices where self.members[index].line == line {
              self.members[index].battery.serialReceived(bytes, at: now)
            }
          },
          connected: { [unowned self] in
            for index in self.members.indices where self.members[index].line == line {
              self.members[index].battery.connected(at: MonotonicClock.now())
            }
          }))
    }
  }

  /// Does all that is due.
  ///
  /// - Returns: when to come back, unless something is received before.
  func run(at now: Tick) -> Tick {
    advance(to: now)
    var wake = now + Self.step
    for index in members.indices {
      while case .send(let bytes) = members[index].battery.serialNext(at: now) {
        lines[members[index].line].send(bytes)
      }
      wake = min(wake, members[index].battery.deadline)
    }
    for line in lines { wake = min(wake, line.run(at: now)) }
    return max(now + 1, wake)
  }

  /// Lets time pass in steps in which the currents are shared anew: 100 ms of the battery's time or
  /// less, in whole milliseconds of the world's.
  private func advance(to now: Tick) {
    let pace = max(1, Self.step / speed)
    while bank != nil, shared + pace <= now {
      shared = shared + pace
      for index in members.indices { members[index].battery.advance(to: shared) }
      shareCurrent()
    }
    for index in members.indices { members[index].battery.advance(to: now) }
  }

  private func shareCurrent() {
    guard var bank else { return }
    let currents = bank.share(
      members.map { $0.battery.terminals }, at: (shared - started) * speed)
    for (index, current) in currents.enumerated() {
      members[index].battery.impose(current, hasCharger: bank.hasCharger)
    }
    self.bank = bank
  }
}
